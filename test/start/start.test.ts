/** `gatehouse start` as a process: what it refuses, what it prints, how it ends and what it keeps. */
import { mkdtemp, readFile, rename, rm, stat, writeFile, readdir } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { codeAt } from '../support/people.js'
import { run, startGateway } from '../support/process.js'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'gatehouse-start-'))
})
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true })
})

const env = {
  GATEHOUSE_PUBLIC_URL: 'http://localhost:3080',
  GATEHOUSE_LISTEN: '127.0.0.1:0',
  GATEHOUSE_LOG_LEVEL: 'error',
}
const json = { 'content-type': 'application/json' }
const password = 'a long enough password'
const linkIn = (out: string): string | undefined =>
  /http:\/\/localhost:3080\/invite#([\w-]{43})/.exec(out)?.[1]

async function post(url: string, path: string, body: object): Promise<Response> {
  return await fetch(url + path, { method: 'POST', headers: json, body: JSON.stringify(body) })
}

describe('configuration', () => {
  test('unknown keys and contradictions are told all at once, each once, on stderr, with exit 1', async () => {
    await writeFile(join(cwd, 'gatehouse.yaml'), 'listn: 127.0.0.1:0\nsaml:\n  entity: x\nlog_level: loud\n')
    const { code, out, err } = await run(['start', '--config', 'gatehouse.yaml'], {
      cwd,
      env: {
        GATEHOUSE_DATBASE_URL: 'sqlite:x',
        GATEHOUSE_LISTEN: '0.0.0.0:1',
        GATEHOUSE_PUBLIC_URL: 'http://localhost:3080',
      },
    })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^gatehouse: the configuration has 5 problems:\n/)
    const each = [
      'listn: ',
      'saml.entity: ',
      'must be one of trace',
      'GATEHOUSE_DATBASE_URL: is not a known variable (did you mean GATEHOUSE_DATABASE_URL?)',
      'is open to other machines while public_url is plain http',
    ]
    for (const problem of each) expect(err.split(problem)).toHaveLength(2)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('a bootstrap file with a fault is told with its line, and nothing is kept of it', async () => {
    const file = join(cwd, 'bootstrap.yaml')
    await writeFile(file, 'kind: role\nversion: v8\nmetadata:\n  name: r\nspec:\n  allwo: {}\n')
    const { code, err } = await run(['start'], { cwd, env: { ...env, GATEHOUSE_BOOTSTRAP_FILE: file } })
    expect(code).toBe(1)
    expect(err).toContain('bootstrap.yaml:6')
    expect(err).toContain('allwo')
  })

  test('what a file of metadata gets wrong is told with file and line, before anything is made', async () => {
    const file = join(cwd, 'bootstrap.yaml')
    const provider = (name: string, spec: string): string =>
      `kind: saml_idp_service_provider\nversion: v1\nmetadata: {name: ${name}}\nspec: ${spec}\n`
    await writeFile(
      file,
      [
        provider('one', '{entity_descriptor: <oops>}'),
        provider('two', '{entity_id: urn:two, acs_url: "http://localhost:4599/acs"}'),
        provider(
          'three',
          '{entity_id: urn:three, acs_url: https://sp.example, attribute_mapping: [{name: a, value: "("}]}',
        ),
      ].join('---\n'),
    )
    const { code, err } = await run(['start'], { cwd, env: { ...env, GATEHOUSE_BOOTSTRAP_FILE: file } })
    expect(code).toBe(1)
    expect(err).toContain(`${file}:4: spec.entity_descriptor: `)
    expect(err).toContain(`${file}:9: spec.acs_url: uses http; only https is accepted, unless`)
    expect(err).toContain('saml.allow_http_loopback is true')
    expect(err).toContain(`${file}:14: spec.attribute_mapping.0.value: at character 2: `)
    expect(await readdir(join(cwd, 'data'))).toEqual([])
  })

  test('a data folder below a file is told in words', async () => {
    await writeFile(join(cwd, 'file'), '')
    const { code, err } = await run(['start'], { cwd, env: { ...env, GATEHOUSE_DATA_DIR: 'file/data' } })
    expect(code).toBe(1)
    expect(err).toMatch(/^gatehouse: data_dir: cannot make the folder .*file\/data \(ENOTDIR/)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('a first_admin_name of the file without the role editor is refused before it is stored', async () => {
    const file = join(cwd, 'bootstrap.yaml')
    const user = (roles: string): string =>
      `kind: user\nversion: v2\nmetadata: {name: ada}\nspec: {roles: [${roles}]}\n`
    const at = { cwd, env: { ...env, GATEHOUSE_BOOTSTRAP_FILE: file, GATEHOUSE_FIRST_ADMIN_NAME: 'ada' } }
    await writeFile(file, user('access'))
    const { code, err } = await run(['start'], at)
    expect(code).toBe(1)
    expect(err).toContain('the setting first_admin_name (GATEHOUSE_FIRST_ADMIN_NAME) is "ada"')
    expect(err).toContain(
      'give that user the role editor in the bootstrap file, or choose another first_admin_name',
    )
    await writeFile(file, user('access, editor'))
    await using mended = await startGateway(at)
    await expect.poll(() => mended.text.out).toContain('a restart prints a new one')
    expect(mended.text.out).toContain('with the name ada:')
    expect(linkIn(mended.text.out)).toBeDefined()
  })

  test('edits that have no effect and roles that do not exist are warned of', async () => {
    const file = join(cwd, 'bootstrap.yaml')
    const role = (label: string): string =>
      `kind: role\nversion: v8\nmetadata: {name: aws}\nspec: {allow: {app_labels: {a: ${label}}}}\n`
    const user = 'kind: user\nversion: v2\nmetadata: {name: ada}\nspec: {roles: [editor, aws, acess]}\n'
    const at = { cwd, env: { ...env, GATEHOUSE_LOG_LEVEL: 'warn', GATEHOUSE_BOOTSTRAP_FILE: file } }
    await writeFile(file, `${role('one')}---\n${user}`)
    {
      await using first = await startGateway(at)
      await expect.poll(() => first.text.out).toContain('a restart prints a new one')
      expect(first.text.out).toContain(
        'user \\"ada\\" names roles that do not exist: acess; they give nothing',
      )
      expect(first.text.out).not.toContain('left alone')
    }
    await writeFile(file, `${role('two')}---\n${user}`)
    await using second = await startGateway(at)
    await expect.poll(() => second.text.out).toContain('a restart prints a new one')
    expect(second.text.out).toContain(`role \\"aws\\" in ${file} differs from what is stored; left alone`)
    expect(second.text.out.split('left alone')).toHaveLength(2)
  })

  test('a port in use is told in words, and nothing is made or changed before', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    try {
      const { code, err } = await run(['start'], {
        cwd,
        env: { ...env, GATEHOUSE_LISTEN: `127.0.0.1:${port}` },
      })
      expect(code).toBe(1)
      expect(err).toMatch(new RegExp(`^gatehouse: cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`))
      expect(err).not.toMatch(/\n\s+at /)
      expect(await readdir(join(cwd, 'data')).catch(() => [])).toEqual([])
    } finally {
      other.close()
    }
  })
})

test('a life: first link, restart, drain, and a master key that is never replaced (T34)', async () => {
  const data = join(cwd, 'data')
  const at = { cwd, env: { ...env, GATEHOUSE_LOG_LEVEL: 'info' } }
  let cookie: string
  let firstLink: string
  {
    await using first = await startGateway(at)
    await expect.poll(() => first.text.out).toContain('a restart prints a new one')
    firstLink = linkIn(first.text.out) ?? ''
    expect(first.text.out).toContain('Nobody administers this gateway yet.')
    expect((await stat(join(data, 'operator.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(data, 'master.key'))).mode & 0o777).toBe(0o600)
    expect(await first.stop()).toBe(0)
  }
  {
    // Unused, so a new one is printed and the old one is dead.
    await using second = await startGateway(at)
    await expect.poll(() => second.text.out).toContain('a restart prints a new one')
    const link = linkIn(second.text.out) ?? ''
    expect(link).not.toBe(firstLink)
    expect((await post(second.url, '/v1/links/redeem', { token: firstLink, password })).status).toBe(410)
    expect((await post(second.url, '/v1/links/redeem', { token: link, password })).status).toBe(403)
    const inspected = await post(second.url, '/v1/links/inspect', { token: link })
    const { totp } = (await inspected.json()) as { totp: { ticket: string; secret: string } }
    const redeemed = await post(second.url, '/v1/links/redeem', {
      token: link,
      password,
      totp: { ticket: totp.ticket, code: codeAt(totp.secret, Date.now() - 30_000) },
    })
    expect(redeemed.status).toBe(200)
    const half = await post(second.url, '/v1/sign-in', { user: 'admin', password })
    cookie = (half.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect(second.text.out).not.toContain(totp.secret)

    // A request that is open when the signal comes is finished; its connection is not kept.
    const open = request(`${second.url}/v1/sign-in`, {
      method: 'POST',
      headers: { ...json, 'content-length': 2 },
    })
    open.write('{')
    await new Promise((resolve) => open.once('socket', (socket) => socket.once('connect', resolve)))
    // Another request on another connection: by its answer the first one has arrived.
    expect((await fetch(`${second.url}/healthz`)).status).toBe(200)
    const answered = new Promise<number | undefined>((resolve, reject) => {
      open.once('response', (response) => resolve(response.resume().statusCode))
      open.once('error', reject)
    })
    const stopped = second.stop()
    await expect.poll(() => second.text.out).toContain('finishing what is open')
    open.end('}')
    expect(await answered).toBe(400)
    expect(await stopped).toBe(0)
  }
  {
    await using third = await startGateway(at)
    const session = await fetch(`${third.url}/v1/session`, { headers: { cookie } })
    expect(await session.json()).toMatchObject({ stage: 'password', user: { name: 'admin' } })
    const operator = JSON.parse(await readFile(join(data, 'operator.json'), 'utf8')) as {
      url: string
      token: string
    }
    const events = await fetch(`${operator.url}/v1/audit/events?order=asc&limit=1000`, {
      headers: { authorization: `Bearer ${operator.token}` },
    })
    const { items } = (await events.json()) as { items: { sequence: number; json: string }[] }
    expect(items.map(({ sequence }) => sequence)).toEqual(items.map((_, index) => index + 1))
    expect(items.some(({ json: text }) => text.includes('user.password_change'))).toBe(true)
    expect(third.text.out).not.toContain('/invite')
  }
  const key = join(data, 'master.key')
  await rename(key, `${key}.away`)
  const missing = await run(['start'], at)
  expect(missing.code).toBe(1)
  expect(missing.err).toContain('there is no master key in')
  expect(missing.err).toContain('the database holds secrets that were sealed with one')
  await expect(stat(key)).rejects.toThrow('ENOENT')

  await writeFile(key, `${Buffer.alloc(32, 7).toString('base64url')}\n`, { mode: 0o600 })
  const wrong = await run(['start'], at)
  expect(wrong.code).toBe(1)
  expect(wrong.err).toMatch(/^gatehouse: .*master key/)
  expect(wrong.err).not.toMatch(/\n\s+at /)

  // The right one back: it starts again, so the two refusals harmed nothing.
  await rename(`${key}.away`, key)
  await using last = await startGateway(at)
  expect((await fetch(`${last.url}/readyz`)).status).toBe(200)
}, 60_000)
