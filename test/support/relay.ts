/** @module A way to a server on this machine that can be cut, held as by a broken network, and mended again. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Relay {
  /** The URL it was made for, by way of the relay. */
  readonly url: string
  /** Every connection is ended and the port closed. */
  cut(): Promise<void>
  /** Takes connections and passes nothing on, either way; nobody is told. */
  hold(): Promise<void>
  /** As at the beginning. What was held is lost with its connections, as it is when a network was gone for long. */
  mend(): Promise<void>
}

/** Closed when the test is over. */
export async function openRelay(url: string): Promise<Relay> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let isHeld = false
  let port = 0
  let server: Server | undefined

  const take = (near: Socket): void => {
    track(near)
    if (isHeld) {
      near.pause()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    track(far)
    for (const socket of [near, far]) {
      socket.on('close', () => [near, far].forEach((one) => one.destroy()))
    }
    near.pipe(far).pipe(near)
  }
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const listen = async (): Promise<void> => {
    if (server !== undefined) return
    server = createServer(take).listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the relay has no port')
    port = address.port
  }
  const cut = async (): Promise<void> => {
    if (server === undefined) return
    const closed = once(server, 'close')
    server.close()
    server = undefined
    drop()
    await closed
  }
  await listen()
  onTestFinished(cut)
  const relayed = new URL(url)
  relayed.host = `127.0.0.1:${port}`
  return {
    url: relayed.href,
    cut,
    hold: () => {
      isHeld = true
      for (const socket of sockets) socket.unpipe().pause()
      return Promise.resolve()
    },
    mend: async () => {
      if (isHeld) drop()
      isHeld = false
      await listen()
    },
  }
}
