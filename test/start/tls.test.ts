/** TLS of the listener with real handshakes: what it offers, whose certificates it asks for, and how it changes its own. */
import { request, type RequestOptions } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TlsMaterial, TlsProblem } from '../../src/config/tls.js'
import { createLogger } from '../../src/lib/logger.js'
import { watchCertificate } from '../../src/start/certificate-watch.js'
import { listen, type Listener } from '../../src/start/listener.js'
import { TestAuthority } from '../support/device.js'
import { issueServerCertificate, type ServerCertificate } from '../support/server-certificate.js'

const now = Date.now()
let pair: ServerCertificate
let other: ServerCertificate
let company: TestAuthority
beforeAll(async () => {
  pair = await issueServerCertificate(now)
  other = await issueServerCertificate(now)
  company = await TestAuthority.create('Company Devices', now)
})

let listener: Listener
async function open(deviceAuthorities?: string, mostPerAddress = 50): Promise<void> {
  listener = await listen({
    listen: { host: '127.0.0.1', port: 0 },
    connections: { most: 50, mostPerAddress, isProxy: () => false },
    tls: pair,
    deviceAuthorities,
  })
  listener.serve((_, response) => response.end('served'))
}
beforeEach(async () => await open())
afterEach(async () => await listener[Symbol.asyncDispose]())

const port = (): number => Number(new URL(listener.url).port)

async function handshake(options: ConnectionOptions = {}): Promise<TLSSocket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: port(), servername: 'localhost', ca: [pair.cert, other.cert], ...options },
      () => resolve(socket),
    )
    socket.once('error', reject)
  })
}
async function facts(options: ConnectionOptions = {}) {
  const socket = await handshake(options)
  const protocol = socket.getProtocol()
  const { name: cipher } = socket.getCipher()
  const shown = socket.getPeerX509Certificate()?.toString().trim()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.destroy()
  await closed
  return { protocol, cipher, alpn: socket.alpnProtocol, shown }
}

async function get(options: RequestOptions = {}): Promise<string> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: port(), servername: 'localhost', ca: pair.cert, agent: false, ...options },
      (response) => void text(response).then(resolve),
    )
    sent.once('error', reject)
    sent.end()
  })
}

describe('the handshake', () => {
  test('is TLS 1.3, or 1.2 with forward secrecy, and speaks HTTP/1.1 alone', async () => {
    expect(listener.url).toMatch(/^https:/)
    expect(await get()).toBe('served')
    expect(await facts({ ALPNProtocols: ['h2', 'http/1.1'] })).toMatchObject({
      protocol: 'TLSv1.3',
      alpn: 'http/1.1',
    })
    expect(await facts({ maxVersion: 'TLSv1.2' })).toMatchObject({
      protocol: 'TLSv1.2',
      cipher: expect.stringMatching(/^ECDHE-.*(GCM|POLY1305)/) as string,
    })
  })

  test.each([
    ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }],
    [
      'a cipher without authenticated encryption',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
    ],
  ] as const)('is refused with %s', async (_, options) => {
    await expect(handshake(options)).rejects.toThrow(/alert|disconnected|ECONNRESET/)
  })

  test('does not happen in plain HTTP', async () => {
    const socket = connectTcp(port(), '127.0.0.1').on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await text(socket).catch(() => 'reset')).not.toContain('served')
  })

  test('counts for the address while the connection is open, and no longer', async () => {
    await listener[Symbol.asyncDispose]()
    await open(undefined, 2)
    const [first, second] = [await handshake(), await handshake()]
    await expect(handshake()).rejects.toThrow(/disconnected|ECONNRESET/)
    first.destroy()
    await expect.poll(async () => await get().catch(() => 'refused')).toBe('served')
    second.destroy()
  })
})

describe('certificates of clients', () => {
  async function clientCertificateRequest(): Promise<boolean> {
    // Only a server that asks makes a client of TLS 1.2 tell its own.
    const { certificate, key } = await company.issueWithKey('CN=TAG', { now })
    const seen = new Promise<boolean>((resolve) => {
      listener.serve((incoming, response) => {
        const { socket } = incoming as unknown as { socket: TLSSocket }
        resolve(socket.getPeerX509Certificate() !== undefined)
        response.end()
      })
    })
    await get({ cert: certificate.toString('pem'), key })
    return await seen
  }

  test('are not asked for where nobody would look at them', async () => {
    expect(await clientCertificateRequest()).toBe(false)
  })

  test('are asked for and not required; no session is resumed, so each connection shows its own', async () => {
    await listener[Symbol.asyncDispose]()
    await open(company.pem)
    expect(await clientCertificateRequest()).toBe(true)
    listener.serve((_, response) => response.end('served'))
    expect(await get()).toBe('served')
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const first = await handshake({ maxVersion })
      const session = new Promise<Buffer | undefined>((resolve) => {
        first.once('session', resolve)
        first.once('end', () => resolve(first.getSession()))
      })
      first.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      first.resume()
      const again = await handshake({ maxVersion, session: await session })
      expect(again.isSessionReused()).toBe(false)
      again.destroy()
    }
  })
})

describe('a new certificate', () => {
  const bad: readonly TlsProblem[] = [{ setting: 'tls.key_file', message: '/k is not the key' }]
  const material = ({ cert, key }: ServerCertificate, validTo = now): TlsMaterial => ({ cert, key, validTo })

  test('is served to new connections as soon as it is good; a bad one is told once and changes nothing', async () => {
    const lines: string[] = []
    let files: TlsMaterial | readonly TlsProblem[] = material(pair)
    const watch = watchCertificate({
      first: material(pair),
      read: () => files,
      apply: (next) => listener.setCertificate(next),
      logger: createLogger('info', { write: (line: string) => void lines.push(line) }),
    })
    const open = await handshake()
    expect(watch.reload()).toBe('same')

    files = bad
    expect([watch.reload(), watch.reload()]).toEqual(['kept', 'kept'])
    files = material({ cert: other.cert, key: pair.key })
    expect(watch.reload()).toBe('kept')
    expect((await facts()).shown).toBe(pair.cert.trim())
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('/k is not the key')

    files = material(other, now + 1000)
    expect(watch.reload()).toBe('replaced')
    expect(watch.validTo).toBe(now + 1000)
    expect((await facts()).shown).toBe(other.cert.trim())
    // Who was connected goes on.
    const answered = new Promise((resolve) => open.once('data', resolve))
    open.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(String(await answered)).toContain('served')
    open.destroy()
    expect(lines.join('')).not.toContain('PRIVATE KEY')
  })

  test('whose files are exchanged one after the other is read again, not complained about', () => {
    const lines: string[] = []
    const reads: (TlsMaterial | readonly TlsProblem[])[] = [bad, material(other)]
    const watch = watchCertificate({
      first: material(pair),
      read: () => reads.shift() ?? bad,
      apply: (next) => listener.setCertificate(next),
      logger: createLogger('error', { write: (line: string) => void lines.push(line) }),
    })
    expect(watch.reload()).toBe('replaced')
    expect(lines).toEqual([])
  })
})
