/** @module Fetching what somebody named: public https alone, bounded, without following anybody (T16). */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEgress, isPublicAddress } from '../../src/lib/egress.js'

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // A server that listens on TCP has an address.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const name = 'https://id.example.com'
const through = (base: string, more: { maxBytes?: number; timeoutMs?: number } = {}) =>
  createEgress({ instead: new Map([[name, base]]), ...more })

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    'fec0::1',
    '::ffff:0:a9fe:a9fe',
    '3fff::1',
    '5f00::1',
    '168.63.129.16',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
  test.each(['8.8.8.8', '52.95.110.1', '2600:1f18::1', '172.32.0.1'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

describe('a fetch', () => {
  test('answers status and body of what is configured to be reached elsewhere, with path and query', async () => {
    const base = await serve((req, res) => res.end(req.url))
    expect(await through(base).get(`${name}/a/b?c=d`)).toEqual({ status: 200, body: '/a/b?c=d' })
  })

  test('does not follow a redirect', async () => {
    let asked = 0
    const base = await serve((_req, res) => {
      asked += 1
      res.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect((await through(base).get(`${name}/`)).status).toBe(302)
    expect(asked).toBe(1)
  })

  test('ends at its bound of size', async () => {
    const base = await serve((_req, res) => res.end('x'.repeat(2000)))
    await expect(through(base, { maxBytes: 1000 }).get(`${name}/`)).rejects.toThrow('more than 1000 bytes')
    expect((await through(base, { maxBytes: 2000 }).get(`${name}/`)).body).toHaveLength(2000)
  })

  test('ends at its bound of time', async () => {
    const base = await serve(() => undefined)
    await expect(through(base, { timeoutMs: 50 }).get(`${name}/`)).rejects.toThrow('did not answer in time')
  })

  test.each([
    ['http://id.example.com/', 'is not https'],
    ['https://127.0.0.1/', 'not an address on the public internet'],
    ['https://[::1]/', 'not an address on the public internet'],
    ['https://2130706433/', 'not an address on the public internet'],
    ['https://localhost/', 'not an address on the public internet'],
    ['https://user:secret@id.example.com/', 'is no URL to fetch'],
    ['file:///etc/passwd', 'is not https'],
    ['nonsense', 'is no URL to fetch'],
  ])('of %s is refused', async (url, message) => {
    await expect(createEgress().get(url)).rejects.toThrow(message)
  })

  test('of another name than the configured one is not sent there', async () => {
    let asked = 0
    const base = await serve((_req, res) => {
      asked += 1
      res.end()
    })
    await expect(through(base).get('https://127.0.0.1/')).rejects.toThrow('public internet')
    expect(asked).toBe(0)
  })
})
