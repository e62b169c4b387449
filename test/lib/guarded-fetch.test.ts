/** `fetch` for an address that somebody named: where a connection may go, and what comes back (T16). */
import type { lookup } from 'node:dns'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EgressError, guardedLookup, isPublicAddress } from '../../src/lib/egress.js'
import { createGuardedFetch } from '../../src/lib/guarded-fetch.js'

async function serve(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // A server that listens on TCP has an address.
  return (server.address() as AddressInfo).port
}

const asked = () => ({ method: 'GET', headers: {}, signal: AbortSignal.timeout(5000) })
const strict = createGuardedFetch({ allowLoopback: false })
const onTrial = createGuardedFetch({ allowLoopback: true })

describe('without the setting for trials', () => {
  test.each([
    'https://169.254.169.254/',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::ffff:127.0.0.1]/',
  ])('%s is not connected to', async (url) => {
    await expect(strict(url, asked())).rejects.toThrow(EgressError)
  })

  test('this machine is not asked, by its address or by its name', async () => {
    let requests = 0
    const port = await serve((_req, res) => res.end(String(++requests)))
    for (const host of ['127.0.0.1', 'localhost']) {
      await expect(strict(`http://${host}:${port}/`, asked())).rejects.toThrow('not an address on the public')
    }
    expect(requests).toBe(0)
  })
})

describe('with the setting for trials', () => {
  test('this machine is asked with method, headers and body, and answers status, headers and body', async () => {
    const port = await serve((req, res) => {
      res.writeHead(201, { 'x-method': String(req.method), 'x-token': String(req.headers.authorization) })
      req.pipe(res)
    })
    const request = { ...asked(), method: 'POST', headers: { authorization: 'Bearer t' }, body: 'ä' }
    const answer = await onTrial(`http://127.0.0.1:${port}/a`, request)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-method')).toBe('POST')
    expect(answer.headers.get('x-token')).toBe('Bearer t')
    expect(await answer.text()).toBe('ä')
  })

  test('an answer without a body is one', async () => {
    const port = await serve((_req, res) => res.writeHead(204).end())
    const answer = await onTrial(`http://127.0.0.1:${port}/`, asked())
    expect([answer.status, answer.body]).toEqual([204, null])
  })

  test('a redirect is an answer and is not followed', async () => {
    let requests = 0
    const port = await serve((_req, res) => {
      requests += 1
      res.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect((await onTrial(`http://127.0.0.1:${port}/`, asked())).status).toBe(302)
    expect(requests).toBe(1)
  })

  test('it ends when its signal does', async () => {
    const port = await serve(() => undefined)
    const stop = new AbortController()
    const answer = onTrial(`http://127.0.0.1:${port}/`, { ...asked(), signal: stop.signal })
    stop.abort()
    await expect(answer).rejects.toThrow()
  })

  test.each(['https://169.254.169.254/', 'https://192.168.1.1/', 'https://[fe80::1]/'])(
    'the network around this machine stays closed: %s',
    async (url) => {
      await expect(onTrial(url, asked())).rejects.toThrow(EgressError)
    },
  )
})

describe('a name', () => {
  const resolvesTo = (...addresses: readonly string[]) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    // As of node:dns with `all`, the one way in which it is asked.
    const answer = (_name: string, _options: object, done: (error: null, all: typeof found) => void) =>
      done(null, found)
    return answer as typeof lookup
  }
  const connectTo = (...addresses: readonly string[]) =>
    new Promise<unknown>((resolve) => {
      const look = guardedLookup(isPublicAddress, resolvesTo(...addresses))
      look('scim.example.com', {}, (error, address) => resolve(error ?? address))
    })

  test('is connected to at the address that was judged', async () => {
    expect(await connectTo('8.8.8.8')).toBe('8.8.8.8')
  })

  test('of which one address is not public is not connected to', async () => {
    expect(await connectTo('8.8.8.8', '169.254.169.254')).toBeInstanceOf(EgressError)
    expect(await connectTo('::ffff:10.0.0.1')).toBeInstanceOf(EgressError)
  })
})
