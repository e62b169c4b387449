/** `gatehouse start` with TLS of its own, as a process: how it follows its files, and how it ends behind a balancer. */
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run, startGateway } from '../support/process.js'
import { issueServerCertificate, type ServerCertificate } from '../support/server-certificate.js'

let cwd: string
let pair: ServerCertificate
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'gatehouse-tls-'))
  pair = await issueServerCertificate(Date.now())
})
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true })
})

const env = {
  GATEHOUSE_PUBLIC_URL: 'https://localhost',
  GATEHOUSE_LISTEN: '127.0.0.1:0',
  GATEHOUSE_LOG_LEVEL: 'info',
  GATEHOUSE_TLS_CERT_FILE: 'live/tls.crt',
  GATEHOUSE_TLS_KEY_FILE: 'live/tls.key',
}

/** As Kubernetes does: a folder of its own for each pair, and a symbolic link that is exchanged. */
async function put(name: string, { cert, key }: ServerCertificate): Promise<void> {
  const folder = await mkdtemp(join(cwd, `${name}-`))
  await writeFile(join(folder, 'tls.crt'), cert)
  await writeFile(join(folder, 'tls.key'), key, { mode: 0o600 })
  await symlink(folder, join(cwd, 'next'))
  await rename(join(cwd, 'next'), join(cwd, 'live'))
}

async function get(url: string, path: string): Promise<{ status: number; body: string; connection: string }> {
  return await new Promise((resolve, reject) => {
    const { port } = new URL(url)
    const sent = request(
      { host: '127.0.0.1', port, path, servername: 'localhost', rejectUnauthorized: false, agent: false },
      (response) => {
        const { statusCode: status = 0, headers } = response
        text(response).then((body) => resolve({ status, body, connection: headers.connection ?? '' }), reject)
      },
    )
    sent.once('error', reject).end()
  })
}

async function shownBy(url: string): Promise<string | undefined> {
  return await new Promise((resolve, reject) => {
    const { port } = new URL(url)
    const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.toString().trim())
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

test('it follows its files on SIGHUP, keeps the good pair beside a bad one, and ends in two steps', async () => {
  await put('first', pair)
  await using gateway = await startGateway({ cwd, env: { ...env, GATEHOUSE_SHUTDOWN_GRACE: '5m' } })
  expect(gateway.url).toMatch(/^https:/)
  expect(await shownBy(gateway.url)).toBe(pair.cert.trim())
  await expect.poll(async () => (await get(gateway.url, '/readyz')).status).toBe(200)

  const expired = await issueServerCertificate(Date.now(), { to: Date.now() - 1000 })
  await put('bad', expired)
  gateway.child.kill('SIGHUP')
  await expect.poll(() => gateway.text.out).toContain('the new certificate is bad; the one before goes on')
  expect(gateway.text.out).toContain('has expired on')
  expect(await shownBy(gateway.url)).toBe(pair.cert.trim())

  const renewed = await issueServerCertificate(Date.now())
  await put('renewed', renewed)
  gateway.child.kill('SIGHUP')
  await expect.poll(() => gateway.text.out).toContain('serves a new certificate')
  expect(await shownBy(gateway.url)).toBe(renewed.cert.trim())

  // Not ready from the signal on, while people are still served.
  gateway.child.kill('SIGTERM')
  await expect.poll(async () => (await get(gateway.url, '/readyz')).status).toBe(503)
  expect((await get(gateway.url, '/readyz')).body).toBe('{"status":"stopping"}')
  expect(await get(gateway.url, '/healthz')).toMatchObject({ status: 200, connection: 'close' })
  // The second signal waits for nothing: this process had five minutes of grace.
  expect(await gateway.stop()).toBe(null)
  expect(gateway.child.signalCode).toBe('SIGTERM')
  expect(gateway.text.out).not.toContain('PRIVATE KEY')
}, 60_000)

test('after the grace it ends by itself; plain HTTP leads to the public URL', async () => {
  await put('first', pair)
  const redirects = await freePort()
  await using gateway = await startGateway({
    cwd,
    env: {
      ...env,
      GATEHOUSE_SHUTDOWN_GRACE: '50ms',
      GATEHOUSE_HTTP_REDIRECT_LISTEN: `127.0.0.1:${redirects}`,
    },
  })
  const led = await new Promise<string | undefined>((resolve, reject) => {
    const sent = requestHttp({ host: '127.0.0.1', port: redirects, path: '/apps' }, (response) => {
      resolve(response.resume().headers.location)
    })
    sent.once('error', reject).end()
  })
  expect(led).toBe('https://localhost/apps')
  expect(await gateway.stop()).toBe(0)
  expect(gateway.text.out).toContain('not ready any more')
  expect(gateway.text.out).toContain('finishing what is open')
}, 60_000)

test('what is wrong is told all at once, and nothing is made', async () => {
  await put('first', await issueServerCertificate(Date.now(), { names: ['other.example'], addresses: [] }))
  await writeFile(join(cwd, 'open.key'), pair.key, { mode: 0o644 })
  const { code, out, err } = await run(['start'], {
    cwd,
    env: { ...env, GATEHOUSE_TLS_KEY_FILE: 'open.key' },
  })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^gatehouse: the configuration has 3 problems:\n/)
  expect(err).toContain('is for DNS:other.example, not for localhost')
  expect(err).toContain('is open to others (mode 0644)')
  expect(err).toContain('is not the key of the certificate')
})

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
