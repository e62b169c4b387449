/** The settings of TLS: what the files must hold, what contradicts what, and what a production gateway refuses. */
import { beforeAll, describe, expect, test } from 'vitest'
import { loadConfig, type ConfigSources } from '../../src/config/config.js'
import { GatewayError } from '../../src/core/error.js'
import { clientAuth } from '../support/device.js'
import {
  issueServerCertificate,
  type ServerCertificate,
  type ServerCertificateOptions,
} from '../support/server-certificate.js'

const now = Date.parse('2026-03-01T09:00:00Z')
const day = 86_400_000
const https = 'https://gatehouse.example.com'
const pair = { GATEHOUSE_TLS_CERT_FILE: 'tls.crt', GATEHOUSE_TLS_KEY_FILE: 'tls.key' }
const env = { GATEHOUSE_PUBLIC_URL: https, ...pair }
const of = (options: ServerCertificateOptions = {}) =>
  issueServerCertificate(now, { names: ['gatehouse.example.com'], addresses: [], ...options })

interface Files {
  readonly texts?: Readonly<Record<string, string>>
  readonly modes?: Readonly<Record<string, number>>
  readonly fileSystems?: Readonly<Record<string, number>>
}

function load(given: Record<string, string>, { texts = {}, modes = {}, fileSystems = {} }: Files = {}) {
  const sources: ConfigSources = {
    env: given,
    cwd: '/srv',
    now,
    readFile: (file) => {
      const text = texts[file]
      if (text === undefined) throw new Error(`no such file: ${file}`)
      return text
    },
    inspect: (file) => {
      const mode = modes[file]
      return mode === undefined ? undefined : { mode, fileSystem: fileSystems[file] }
    },
  }
  return loadConfig(sources).config
}

const filesOf = ({ cert, key }: ServerCertificate) => ({ '/srv/tls.crt': cert, '/srv/tls.key': key })
function problemsOf(given: Record<string, string>, files?: Files): string {
  try {
    load(given, files)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'INVALID_CONFIG') return error.message
    throw error
  }
  return ''
}

let good: ServerCertificate
beforeAll(async () => {
  good = await of()
})

test('with its own TLS a gateway needs no proxy, and client certificates come of the handshake', () => {
  const config = load(
    { ...env, GATEHOUSE_DEVICE_CA_FILE: 'devices.pem', GATEHOUSE_HTTP_REDIRECT_LISTEN: '127.0.0.1:80' },
    { texts: { ...filesOf(good), '/srv/devices.pem': 'x' }, modes: { '/srv/tls.key': 0o100_440 } },
  )
  expect(config).toMatchObject({
    tls: { certFile: '/srv/tls.crt', keyFile: '/srv/tls.key' },
    trustedProxies: [],
    redirectListen: { host: '127.0.0.1', port: 80 },
    deviceCertificates: { caFile: '/srv/devices.pem', header: undefined },
  })
})

describe('is refused:', () => {
  const cases: readonly (readonly [string, () => Promise<ServerCertificate>, string])[] = [
    [
      'another host',
      () => of({ names: ['a.example.com'] }),
      'TLS_CERT_FILE: /srv/tls.crt is for DNS:a.example.com, not for gatehouse.example.com',
    ],
    ['expired', () => of({ to: now - 1000 }), 'TLS_CERT_FILE: /srv/tls.crt has expired on'],
    ['not yet valid', () => of({ from: now + day }), 'is not valid before'],
    ['for clients', () => of({ usages: [clientAuth] }), 'is not for servers (serverAuth)'],
    ['that of an authority', () => of({ ca: true }), 'begins with an authority'],
    [
      'with the key of another',
      async () => ({ cert: good.cert, key: (await of()).key }),
      'TLS_KEY_FILE: /srv/tls.key is not the key of the certificate in /srv/tls.crt',
    ],
    [
      'no PEM',
      () => Promise.resolve({ cert: good.cert, key: 'hidden' }),
      '/srv/tls.key holds no private key',
    ],
    [
      'no PEM',
      () => Promise.resolve({ cert: 'x', key: good.key }),
      '/srv/tls.crt holds no certificates in PEM',
    ],
  ]
  test.each(cases)('a certificate: %s', async (_, issue, says) => {
    const said = problemsOf(env, { texts: filesOf(await issue()) })
    expect(said).toContain(says)
    expect(said).not.toContain('hidden')
    expect(said).toMatch(/has a problem:/)
  })

  test('a wildcard is accepted for one level', async () => {
    expect(problemsOf(env, { texts: filesOf(await of({ names: ['*.example.com'] })) })).toBe('')
    expect(problemsOf(env, { texts: filesOf(await of({ names: ['*.com'] })) })).toContain('not for')
  })

  test.each([0o100_444, 0o100_644, 0o100_602])('a key file of mode %o', (mode) => {
    const said = problemsOf(env, { texts: filesOf(good), modes: { '/srv/tls.key': mode } })
    expect(said).toContain('TLS_KEY_FILE: /srv/tls.key is open to others')
    expect(said).toContain('chmod o= tls.key')
  })

  test.each([
    [{ GATEHOUSE_TLS_CERT_FILE: 'tls.crt' }, 'tls.key_file: is missing'],
    [{ GATEHOUSE_TLS_KEY_FILE: 'tls.key' }, 'tls.cert_file: is missing'],
    [{ GATEHOUSE_PUBLIC_URL: 'http://localhost:3080' }, 'is plain http while Gatehouse speaks TLS'],
    [{ GATEHOUSE_DEVICE_CERT_HEADER: 'client-cert' }, 'contradicts tls.cert_file'],
    [{ GATEHOUSE_TLS_KEY_FILE: '/gone.key' }, 'GATEHOUSE_TLS_KEY_FILE: cannot read /gone.key'],
  ])('%j', (change, says) => {
    const isAlone = Object.keys(change).length === 1 && says.includes('missing')
    const given = isAlone ? { GATEHOUSE_PUBLIC_URL: https, ...change } : { ...env, ...change }
    expect(problemsOf(given, { texts: filesOf(good) })).toContain(says)
  })

  test('TLS without a public URL, and a redirect without TLS', () => {
    expect(problemsOf(pair)).toContain('public_url: is missing: with TLS')
    expect(problemsOf({ GATEHOUSE_HTTP_REDIRECT_LISTEN: '0.0.0.0:80' })).toContain(
      'http_redirect_listen'.toUpperCase(),
    )
  })
})

describe('a gateway that people reach over https refuses', () => {
  const behind = { GATEHOUSE_PUBLIC_URL: https, GATEHOUSE_TRUSTED_PROXIES: '127.0.0.1' }
  const sample = Buffer.alloc(32, 7).toString('base64url')
  const real = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7)).toString('base64url')
  const postgres = (url: string) => ({ GATEHOUSE_DATABASE_URL: url, GATEHOUSE_MASTER_KEY: real })
  const unsafe: readonly (readonly [string, Record<string, string>, Files, string])[] = [
    [
      'an open data folder',
      {},
      { modes: { '/srv/data': 0o40_755 } },
      'data_dir: /srv/data is open to others',
    ],
    ['one that others may change', {}, { modes: { '/srv/data': 0o40_702 } }, '(mode 0702)'],
    ['a sample key', { GATEHOUSE_MASTER_KEY: sample }, {}, 'GATEHOUSE_MASTER_KEY: is not random'],
    ['a known password', postgres('postgres://p:postgres@db/g'), {}, 'has a password that everybody tries'],
    [
      'its own name as password',
      postgres('postgres://gh:gh@db/g'),
      {},
      'GATEHOUSE_DATABASE_URL: has a password',
    ],
    [
      'SQLite on NFS',
      {},
      { modes: { '/srv/data': 0o40_700 }, fileSystems: { '/srv/data': 0x6969 } },
      'database_url: SQLite loses data on a network file system (NFS)',
    ],
    [
      'test services over http',
      { GATEHOUSE_SAML_ALLOW_HTTP_LOOPBACK: 'true' },
      {},
      'is for trials on one machine',
    ],
    ['everybody as proxy', { GATEHOUSE_TRUSTED_PROXIES: '0.0.0.0/0' }, {}, 'would trust every address'],
  ]
  test.each(unsafe)('%s', (_, change, files, says) => {
    const said = problemsOf({ ...behind, ...change }, files)
    expect(said).toContain(says)
    expect(said).not.toContain(sample)
    expect(said).not.toContain('@db')
  })

  test('all of it at once', () => {
    const given = { ...behind, GATEHOUSE_MASTER_KEY: sample, GATEHOUSE_SAML_ALLOW_HTTP_LOOPBACK: 'true' }
    const said = problemsOf(given, {
      modes: { '/srv/data': 0o40_777 },
      fileSystems: { '/srv/data': 0xff534d42 },
    })
    expect(said).toMatch(/^the configuration has 4 problems:/)
  })

  test.each(unsafe.slice(0, 6))('%s not on a trial machine', (_, change, files) => {
    expect(problemsOf(change, files)).toBe('')
  })

  test('nothing of a sound one', () => {
    const files = { modes: { '/srv/data': 0o40_750 }, fileSystems: { '/srv/data': 0xef53 } }
    expect(problemsOf({ ...behind, ...postgres('postgres://gh:t0eJ8Qm@db/g') }, files)).toBe('')
  })
})

test.each([
  ['GATEHOUSE_SHUTDOWN_GRACE', '15s', undefined],
  ['GATEHOUSE_SHUTDOWN_GRACE', '0s', undefined],
  ['GATEHOUSE_SHUTDOWN_GRACE', '6m', 'is not from 0s to 5m'],
  ['GATEHOUSE_SHUTDOWN_GRACE', '-1s', 'is not from 0s to 5m'],
  ['GATEHOUSE_MAX_CONNECTIONS', '500', undefined],
  ['GATEHOUSE_MAX_CONNECTIONS', '0', 'must be a whole number from 1 to'],
  ['GATEHOUSE_MAX_CONNECTIONS_PER_ADDRESS', '1e3', 'must be a whole number from 1 to'],
])('%s=%s: %s', (name, value, says) => {
  const said = problemsOf({ [name]: value })
  if (says === undefined) expect(said).toBe('')
  else expect(said).toContain(says)
})
