import dns from 'node:dns'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import net from 'node:net'
import { describe, expect, test } from 'vitest'
import { isLoopback } from './network-guard.js'

const refusal = /tests may only talk to this machine, but something wanted to reach/

describe('the network guard', () => {
  test.each(['localhost', 'sp.localhost', '127.0.0.1', '127.8.9.1', '::1', '[::1]'])(
    'lets %s through',
    (host) => {
      expect(isLoopback(host)).toBe(true)
    },
  )

  test.each(['example.com', 'localhost.example.com', '10.0.0.1', '1127.0.0.1', '2001:db8::1', ''])(
    'stops %j',
    (host) => {
      expect(isLoopback(host)).toBe(false)
    },
  )

  test('stops sockets, fetch and look-ups, however they are asked for', async () => {
    expect(() => net.connect(443, '192.0.2.1')).toThrow(refusal)
    expect(() => net.connect({ port: 443, host: 'gateway.invalid' })).toThrow(refusal)
    expect(() => new net.Socket().connect(443, '192.0.2.1')).toThrow(refusal)
    expect(() => dns.lookup('gateway.invalid', () => undefined)).toThrow(refusal)
    expect(() => lookup('gateway.invalid')).toThrow(refusal)
    await expect(fetch('http://gateway.invalid/')).rejects.toMatchObject({
      cause: { message: expect.stringMatching(refusal) },
    })
  })

  test('leaves this machine reachable', async () => {
    const server = net.createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as net.AddressInfo
    const socket = net.connect(port, 'localhost')
    const [data] = (await once(socket, 'data')) as [Buffer]
    expect(data.toString()).toBe('hello')
    socket.destroy()
    server.close()
  })
})
