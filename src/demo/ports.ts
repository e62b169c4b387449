/** @module Ports of this machine: which are taken, and one that is free. */
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  return await listenBriefly(0, '127.0.0.1')
}

/**
 * The first address of these ports where something listens already. Both loopback addresses count: browsers try
 * `[::1]` for `localhost` as well, and would reach the other program there.
 */
export async function takenAddress(ports: readonly number[]): Promise<string | undefined> {
  for (const port of ports) {
    for (const host of ['127.0.0.1', '::1']) {
      try {
        await listenBriefly(port, host)
      } catch (error) {
        // Any other failure, such as a machine without IPv6, says nothing about who listens.
        if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
          return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
        }
      }
    }
  }
  return undefined
}

async function listenBriefly(port: number, host: string): Promise<number> {
  const server = createServer()
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('no port'))
      })
    })
  })
}
