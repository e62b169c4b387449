/** What a connection may cost, over raw sockets: the real listener with small limits, and a handler of the test's own. */
import type { RequestListener } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { siteOf, type ConnectionLimits } from '../../src/start/connection-limits.js'
import { listen, type Listener, type ListenerOptions } from '../../src/start/listener.js'
import { listenForRedirects } from '../../src/start/redirect-listener.js'

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]()
})

const roomy: ConnectionLimits = { most: 100, mostPerAddress: 100, isProxy: () => false }
const address = { host: '127.0.0.1', port: 0 }
const quick = { headersMs: 100, requestMs: 150, checkMs: 20, drainMs: 100 }

async function open(
  handler: RequestListener,
  options: Partial<Pick<ListenerOptions, 'connections' | 'limits'>> = {},
): Promise<Listener> {
  const listener = await listen({ listen: address, connections: roomy, ...options })
  opened.push(listener)
  listener.serve(handler)
  return listener
}
const hello: RequestListener = (request, response) => {
  request.resume().once('end', () => response.end(`hello ${request.url ?? ''}`))
}
function dial({ url }: { url: string }): Socket {
  // What the other side does to the connection is what each test asks about.
  return connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
}
/** Everything that comes back until the other side ends the connection. */
const all = async (socket: Socket): Promise<string> => await text(socket).catch(() => 'reset')
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
async function ask(listener: { url: string }, request: string): Promise<string> {
  const socket = dial(listener)
  socket.write(request)
  return await all(socket)
}

describe('slow clients are cut off', () => {
  test('a head that never ends', async () => {
    const listener = await open(hello, { limits: quick })
    expect(await ask(listener, 'GET / HTTP/1.1\r\nHost: x\r\nA: ')).toMatch(/^HTTP\/1.1 408 /)
  })

  test('a body that never ends', async () => {
    const listener = await open(hello, { limits: quick })
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\na'
    expect(await ask(listener, head)).toMatch(/^HTTP\/1.1 408 /)
  })

  test('an answer that is never read', async () => {
    const ended = new Promise<void>((resolve) => {
      void open(
        (_, response) => {
          response.once('close', () => resolve())
          response.write(Buffer.alloc(64 * 1024 * 1024))
        },
        { limits: { idleMs: 100 } },
      ).then((listener) => dial(listener).pause().write(get('/')))
    })
    await ended
  })
})

describe('what no client of ours sends is refused', () => {
  test.each([
    ['a long URL', get(`/${'a'.repeat(17_000)}`), '414'],
    ['many headers', get('/', 'A: b\r\n'.repeat(120)), '431'],
    ['long headers', get('/', `A: ${'b'.repeat(40_000)}\r\n`), '431'],
    ['no HTTP', 'hello there\r\n\r\n', '400'],
    ['two lengths', get('/', 'Content-Length: 1\r\nContent-Length: 2\r\n'), '400'],
    ['a length beside chunks', get('/', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'), '400'],
  ])('%s', async (_, request, status) => {
    const listener = await open(hello)
    const said = await ask(listener, request)
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(said).toMatch(/Connection: close/i)
    expect(said).not.toContain('hello /')
  })

  test.each(['websocket', 'h2c'])('a change to %s is not made', async (protocol) => {
    const listener = await open(hello)
    const upgrade = `Connection: Upgrade, close\r\nUpgrade: ${protocol}\r\nSec-WebSocket-Key: a\r\n`
    expect(await ask(listener, get('/', upgrade))).toMatch(/^HTTP\/1.1 200 /)
  })

  test('a tunnel', async () => {
    const listener = await open(hello)
    expect(await ask(listener, 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n')).toBe('')
  })
})

describe('requests in one go', () => {
  test('are answered in order', async () => {
    const listener = await open(hello)
    const said = await ask(listener, get('/1') + get('/2') + get('/3', 'Connection: close\r\n'))
    expect([...said.matchAll(/hello (\S)?(\d)/g)].map(([, , number]) => number)).toEqual(['1', '2', '3'])
  })

  test('end the connection where they pile up', async () => {
    const seen: string[] = []
    const listener = await open((request) => void seen.push(request.url ?? ''))
    expect(await ask(listener, Array.from({ length: 40 }, (_, at) => get(`/${at}`)).join(''))).not.toContain(
      '200',
    )
    expect(seen).toHaveLength(16)
  })
})

describe('connections', () => {
  const few = { most: 3, mostPerAddress: 2, isProxy: () => false }

  test('of one address are limited, and count no more once they are closed', async () => {
    const listener = await open(hello, { connections: few })
    const [first, second] = [dial(listener), dial(listener)]
    const answered = new Promise((resolve) => second.once('data', resolve))
    second.write(get('/'))
    await answered
    expect(await ask(listener, get('/'))).toMatch(/^(reset)?$/)
    const closed = new Promise((resolve) => first.once('close', resolve))
    first.destroy()
    await closed
    await expect.poll(async () => await ask(listener, get('/', 'Connection: close\r\n'))).toContain('200 OK')
    second.destroy()
  })

  test('of a trusted proxy are limited by the whole alone', async () => {
    const listener = await open(hello, { connections: { ...few, isProxy: () => true } })
    const held = [dial(listener), dial(listener), dial(listener)]
    for (const socket of held) {
      const answered = new Promise((resolve) => socket.once('data', resolve))
      socket.write(get('/'))
      await answered
    }
    expect(await ask(listener, get('/'))).toMatch(/^(reset)?$/)
    for (const socket of held) socket.destroy()
  })

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s counts as %s', (from, site) => {
    expect(siteOf(from)).toBe(site)
  })
})

describe('the end', () => {
  test('lets what is open finish, takes nothing new, and keeps no connection', async () => {
    let finish = (): void => undefined
    const arrived = new Promise<void>((resolve) => {
      void open((_, response) => {
        finish = () => response.end('done')
        resolve()
      })
    })
    await expect.poll(() => opened.length).toBe(1)
    const [listener] = opened as Listener[]
    if (listener === undefined) throw new Error('nothing listens')
    const said = ask(listener, get('/'))
    await arrived
    const ended = listener[Symbol.asyncDispose]()
    expect(await ask(listener, get('/'))).toBe('reset')
    finish()
    await ended
    expect(await said).toMatch(/^HTTP\/1.1 200 OK[^]*done/)
  })

  test('begins by asking clients to come back elsewhere, while it serves on', async () => {
    const listener = await open(hello)
    listener.endKeepAlive()
    const said = await ask(listener, get('/'))
    expect(said).toMatch(/^HTTP\/1.1 200 OK[^]*hello/)
    expect(said).toContain('Connection: close')
  })

  test('does not wait for ever', async () => {
    let begun = (): void => undefined
    const arrived = new Promise<void>((resolve) => (begun = resolve))
    const listener = await open(() => begun(), { limits: quick })
    const said = ask(listener, get('/'))
    await arrived
    await listener[Symbol.asyncDispose]()
    expect(await said).toMatch(/^(reset)?$/)
  })
})

describe('plain HTTP beside TLS', () => {
  test.each([
    ['GET', '/apps?a=b', 308, 'https://g.example.com/apps?a=b'],
    ['HEAD', '//evil.example/', 308, 'https://g.example.com//evil.example/'],
    ['POST', '/v1/sign-in', 405, undefined],
    ['OPTIONS', '*', 405, undefined],
    ['GET', 'http://evil.example/', 400, undefined],
  ])('%s %s is answered with %i', async (method, path, status, location) => {
    const redirects = await listenForRedirects(address, 'https://g.example.com', roomy)
    opened.push(redirects)
    const said = await ask(
      redirects,
      `${method} ${path} HTTP/1.1\r\nHost: g.example.com\r\nContent-Length: 0\r\n\r\n`,
    )
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(/^Location: (\S+)/m.exec(said)?.[1]).toBe(location)
  })
})
