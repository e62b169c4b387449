import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { loadConfig, type ConfigSources } from '../../src/config/config.js'
import { parseConfigFile } from '../../src/config/file.js'
import { GatewayError } from '../../src/core/error.js'
import * as rules from '../../src/config/rules.js'
import { Wrong } from '../../src/config/rules.js'
import { Secret } from '../../src/config/secrets.js'

const noFiles = (file: string): string => {
  throw new Error(`no such file: ${file}`)
}
/** Of the right form, and of no other use. */
const masterKey = Buffer.alloc(32, 7).toString('base64url')
const load = (
  env: Record<string, string>,
  more: Partial<ConfigSources> = {},
): ReturnType<typeof loadConfig> => loadConfig({ env, readFile: noFiles, cwd: '/srv', ...more })

describe('the file of the SCIM token', () => {
  const env = { GATEHOUSE_AWSIC_SCIM_TOKEN_FILE: 'scim-token' }
  const token = 'eyJhbGciOiJIUzI1NiJ9.of-the-test'

  test('is read without its line break, and the token is a secret apart from the configuration', () => {
    const { config, secrets } = load(env, { readFile: () => `${token}\n` })
    expect(config.awsicScimTokenFile).toBe('/srv/scim-token')
    expect(secrets.awsicScimToken?.reveal()).toBe(token)
    expect(inspect({ config, secrets }) + JSON.stringify({ config, secrets })).not.toContain(token)
  })

  test.each([
    ['', 'must hold the SCIM token and nothing else, one word on one line'],
    [`${token}\n${token}`, 'must hold the SCIM token and nothing else, one word on one line'],
  ])('that holds %j is refused without saying what is in it', (text, says) => {
    const act = (): unknown => load(env, { readFile: () => text })
    expect(act).toThrow(`GATEHOUSE_AWSIC_SCIM_TOKEN_FILE: /srv/scim-token ${says}`)
    expect(act).not.toThrow(token)
  })

  test('that cannot be read is refused', () => {
    expect(() => load(env)).toThrow('GATEHOUSE_AWSIC_SCIM_TOKEN_FILE: cannot read /srv/scim-token')
  })
})

describe('the mail server', () => {
  const from = 'Gatehouse <gatehouse@example.com>'
  const mail = (url: string, more: Record<string, string> = {}, readFile = noFiles) =>
    load({ GATEHOUSE_SMTP_URL: url, GATEHOUSE_MAIL_FROM: from, ...more }, { readFile })

  test('is none where none is named', () => {
    expect(load({}).config.mail).toBeUndefined()
  })

  test.each([
    ['smtps://mail.example.com', 'mail.example.com', 465, 'tls'],
    ['smtps://mail.example.com:2465', 'mail.example.com', 2465, 'tls'],
    ['smtp://mail.example.com', 'mail.example.com', 587, 'starttls'],
    ['smtp://mail.example.com:25?tls=off', 'mail.example.com', 25, 'none'],
    ['smtp://localhost:1025', 'localhost', 1025, 'none'],
    ['smtp://[::1]:1025', '::1', 1025, 'none'],
  ])('%s is %s, port %i, %s', (url, host, port, security) => {
    expect(mail(url).config.mail).toEqual({
      host,
      port,
      security,
      user: undefined,
      from: { name: 'Gatehouse', address: 'gatehouse@example.com' },
    })
  })

  test('has its password from the URL or a file, as a secret apart from the configuration', () => {
    const inUrl = mail('smtps://us%40er:p%3Ass@mail.example.com')
    expect(inUrl.config.mail?.user).toBe('us@er')
    expect(inUrl.secrets.smtpPassword?.reveal()).toBe('p:ss')
    expect(inspect(inUrl) + JSON.stringify(inUrl)).not.toContain('p:ss')
    const file = { GATEHOUSE_SMTP_PASSWORD_FILE: 'password' }
    const inFile = mail('smtp://user@mail.example.com', file, () => 'pass word\n')
    expect(inFile.secrets.smtpPassword?.reveal()).toBe('pass word')
    expect(inspect(inFile) + JSON.stringify(inFile)).not.toContain('pass word')
  })

  test.each([
    ['mail.example.com:25', 'must begin with smtps:// or smtp://'],
    ['https://mail.example.com', 'must begin with smtps:// or smtp://'],
    ['smtps://', 'must name a host'],
    ['smtps://mail.example.com/path', 'must name a host and no path'],
    ['smtps://mail.example.com?tls=off', 'asks for TLS'],
    ['smtp://mail.example.com?pool=true', 'takes no other parameter'],
    ['smtp://user:hidden@mail.example.com?tls=off', 'over the network in the clear'],
    ['smtps://:hidden@mail.example.com', 'has a password and no user'],
    ['smtps://us%ZZer:hidden@mail.example.com', 'percent sign'],
    ['smtps://user@mail.example.com', 'names a user and no password'],
  ])('%s is refused, without its password in the message', (url, says) => {
    const act = (): unknown => mail(url)
    expect(act).toThrow(`GATEHOUSE_SMTP_URL: `)
    expect(act).toThrow(says)
    expect(act).not.toThrow('hidden')
  })

  test.each([
    [{ GATEHOUSE_MAIL_FROM: from }, 'GATEHOUSE_MAIL_FROM: has no effect without smtp_url'],
    [{ GATEHOUSE_SMTP_URL: 'smtps://mail.example.com' }, 'mail_from: is missing'],
    [{ GATEHOUSE_MAIL_FROM: 'a@b, c@d', GATEHOUSE_SMTP_URL: 'smtps://m' }, 'is not a mail address'],
    [{ GATEHOUSE_MAIL_FROM: 'a@b\r\nBcc: c@d', GATEHOUSE_SMTP_URL: 'smtps://m' }, 'is not a mail address'],
  ])('%j is refused: %s', (env, says) => {
    expect(() => load(env)).toThrow(says)
  })

  test.each([
    ['smtps://user:hidden@mail.example.com', 'secret', 'contradicts the password in smtp_url'],
    ['smtps://mail.example.com', 'secret', 'smtp_url names none'],
    ['smtps://user@mail.example.com', 'secret\nhidden', 'must hold the password and nothing else'],
    ['smtps://user@mail.example.com', '', 'must hold the password and nothing else'],
  ])('a password file for %s that holds %j is refused', (url, text, says) => {
    const act = (): unknown => mail(url, { GATEHOUSE_SMTP_PASSWORD_FILE: 'password' }, () => text)
    expect(act).toThrow(`GATEHOUSE_SMTP_PASSWORD_FILE: `)
    expect(act).toThrow(says)
    expect(act).not.toThrow('hidden')
  })

  test('whose password file cannot be read is refused', () => {
    const act = () => mail('smtps://user@m.example.com', { GATEHOUSE_SMTP_PASSWORD_FILE: 'gone' })
    expect(act).toThrow('GATEHOUSE_SMTP_PASSWORD_FILE: cannot read /srv/gone')
  })
})

describe('where the configuration comes from', () => {
  test('an unreadable file named by --config is a problem that names the option', () => {
    expect(() => load({}, { configFile: 'gone.yaml' })).toThrow('--config: cannot read /srv/gone.yaml')
  })

  test('an unreadable file named by the environment is a problem that names the variable', () => {
    expect(() => load({ GATEHOUSE_CONFIG: 'gone.yaml' })).toThrow(
      'GATEHOUSE_CONFIG: cannot read /srv/gone.yaml',
    )
  })

  test('--config beats GATEHOUSE_CONFIG', () => {
    const readFile = (file: string): string =>
      file === '/srv/a.yaml' ? 'log_level: error' : 'log_level: debug'
    const { config } = load({ GATEHOUSE_CONFIG: 'b.yaml' }, { configFile: 'a.yaml', readFile })
    expect(config.logLevel).toBe('error')
  })

  test('variables of others are left alone', () => {
    expect(load({ AWS_ENDPOINT_URL: 'x', PATH: '/bin' }).config.publicUrl).toBe('http://localhost:3080')
  })

  test('problems of file and environment are told together', () => {
    const readFile = (): string => 'log_level: loud\ncolour: blue\n'
    const act = (): unknown =>
      load({ GATEHOUSE_LISTEN: 'x', GATEHOUSE_FOO: '1' }, { configFile: 'a.yaml', readFile })
    expect(act).toThrow(
      /4 problems:[^]*a.yaml:2 colour[^]*GATEHOUSE_FOO[^]*GATEHOUSE_LISTEN[^]*a.yaml:1 log_level/,
    )
  })

  test('the example file of the documentation loads and states the defaults', () => {
    const example = fileURLToPath(new URL('../../docs/gatehouse.example.yaml', import.meta.url))
    const sources = { readFile: (file: string) => readFileSync(file, 'utf8'), configFile: example }
    const commentedOut = load({}, sources).config
    expect(commentedOut).toEqual(load({}).config)
    const text = readFileSync(example, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^#((?: {2})?[a-z_]+:(?: .*)?)$/, '$1'))
      .join('\n')
    expect(parseConfigFile(text, example).problems).toEqual([])
    expect(Object.keys(parseConfigFile(text, example).settings).sort()).toEqual(
      [
        'audit_retention',
        'awsic_scim_token_file',
        'bootstrap_file',
        'cluster_name',
        'data_dir',
        'database_url',
        'device_ca_file',
        'device_cert_header',
        'first_admin_name',
        'inventory_file',
        'listen',
        'log_level',
      ]
        .concat([
          'mail_from',
          'master_key_file',
          'public_url',
          'saml.allow_http_loopback',
          'saml.entity_id',
          'smtp_password_file',
          'smtp_url',
          'trusted_proxies',
        ])
        .concat([
          'http_redirect_listen',
          'max_connections',
          'max_connections_per_address',
          'shutdown_grace',
          'tls.cert_file',
          'tls.key_file',
        ])
        .sort(),
    )
  })
})

test.each([
  ['730', 730],
  ['30', 30],
])('an audit retention of %s is %i days, and without one all events are kept', (text, days) => {
  const load = (env: Record<string, string>) => loadConfig({ env, cwd: '/', readFile: () => '' }).config
  expect(load({ GATEHOUSE_AUDIT_RETENTION: text }).auditRetentionDays).toBe(days)
  expect(load({}).auditRetentionDays).toBeUndefined()
  for (const wrong of ['29', '0', '-1', '1.5', '1y', '36501']) {
    const act = (): unknown => load({ GATEHOUSE_AUDIT_RETENTION: wrong })
    expect(act).toThrow('GATEHOUSE_AUDIT_RETENTION: must be a whole number of days, from 30 to 36500')
  }
})

describe('rules between settings', () => {
  test('a database in memory is accepted where the caller allows it', () => {
    const env = { GATEHOUSE_DATABASE_URL: 'sqlite::memory:' }
    expect(load(env, { allowMemoryDatabase: true }).config.database).toEqual({ kind: 'memory' })
    expect(() => load(env)).toThrow('GATEHOUSE_DATABASE_URL: a database in memory forgets everything at exit')
  })

  test('a key that comes with the source code is refused', () => {
    const key = fileURLToPath(new URL('../../certs/master.key', import.meta.url))
    expect(() => load({ GATEHOUSE_MASTER_KEY_FILE: key })).toThrow('is one of the test keys')
    expect(load({ GATEHOUSE_MASTER_KEY_FILE: '/etc/certs/master.key' }).config.masterKey).toMatchObject({
      file: '/etc/certs/master.key',
    })
  })

  test('port 0 needs a public URL', () => {
    expect(() => load({ GATEHOUSE_LISTEN: '127.0.0.1:0' })).toThrow(
      'with port 0 in listen there is no default',
    )
  })

  test('a PostgreSQL key may come from the environment', () => {
    const env = { GATEHOUSE_DATABASE_URL: 'postgresql://u@h/d', GATEHOUSE_MASTER_KEY: masterKey }
    expect(load(env).config.masterKey).toEqual({ from: 'environment' })
  })
})

describe('the master key in the environment', () => {
  test.each([masterKey, ` ${masterKey}\n`])('is taken as it was given where its form is right', (key) => {
    expect(load({ GATEHOUSE_MASTER_KEY: key }).secrets.masterKey?.reveal()).toBe(key)
  })

  test.each([
    ['short', 'hunter2'],
    ['too long', `${masterKey}A`],
    ['standard base64', Buffer.alloc(32, 0xfb).toString('base64')],
    ['not canonical', `${masterKey.slice(0, -1)}d`],
    ['two lines', `${masterKey}\n${masterKey}`],
  ])('that is %s is refused together with every other problem, without repeating it', (_, key) => {
    try {
      load({ GATEHOUSE_MASTER_KEY: key, GATEHOUSE_FOO: '1', GATEHOUSE_LISTEN: 'x' })
      expect.unreachable('the configuration was accepted')
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      expect(error.code).toBe('INVALID_CONFIG')
      expect(error.details['problems']).toEqual([
        { where: 'GATEHOUSE_FOO', message: expect.stringContaining('is not a known variable') },
        { where: 'GATEHOUSE_LISTEN', message: expect.stringContaining('is not an address and port') },
        {
          where: 'GATEHOUSE_MASTER_KEY',
          message:
            'is not 32 bytes in base64url (43 characters on one line); ' +
            'make one with openssl rand -base64 32 | tr +/ -_ | tr -d =',
        },
      ])
      expect(inspect(error, { depth: 9 })).not.toContain(key)
    }
  })

  test('that is empty is one problem, not two', () => {
    expect(() => load({ GATEHOUSE_MASTER_KEY: ' ' })).toThrow(
      /^the configuration has a problem:\n- GATEHOUSE_MASTER_KEY: is set but empty; unset it or give it a value$/,
    )
  })
})

describe('rules of single settings', () => {
  test.each([
    ['127.0.0.1:3080', { host: '127.0.0.1', port: 3080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['0.0.0.0:65535', { host: '0.0.0.0', port: 65535 }],
    ['[::1]:443', { host: '::1', port: 443 }],
  ])('listen %s is read', (text, expected) => {
    expect(rules.parseListen(text)).toEqual(expected)
  })

  test.each([
    '3080',
    ':3080',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '::1:80',
    '[127.0.0.1]:80',
    'host:80',
    '[::1]',
  ])('listen %s is refused', (text) => {
    expect(rules.parseListen(text)).toEqual(
      new Wrong(`"${text}" is not an address and port; write for example 127.0.0.1:3080 or [::1]:3080`),
    )
  })

  test.each([
    'https://a.example.com',
    'https://a.example.com:8443',
    'http://localhost:3080',
    'http://127.0.0.1',
    'http://[::1]:3080',
  ])('public_url %s is accepted', (text) => {
    expect(rules.parsePublicUrl(text)).toBeInstanceOf(URL)
  })

  test.each([
    ['http://a.example.com', 'must start with https://'],
    ['http://localhost.example.com', 'must start with https://'],
    ['ftp://localhost', 'must start with https://'],
    ['https://a.example.com/', 'write https://a.example.com'],
    ['https://a.example.com/app', 'without path'],
    ['https://A.example.com', 'write https://a.example.com'],
    ['https://a.example.com:443', 'write https://a.example.com'],
    ['https://a.example.com?x=1', 'without path'],
    ['https://user:pw@a.example.com', 'must not carry a user name or password'],
    ['a.example.com', 'is not a URL'],
  ])('public_url %s is refused: %s', (text, because) => {
    const wrong = rules.parsePublicUrl(text)
    expect(wrong).toBeInstanceOf(Wrong)
    expect((wrong as Wrong).message).toContain(because)
  })

  test.each(['10.0.0.7', '10.0.0.0/8', '::1', '2001:db8::/32', 'loopback'])(
    'proxy %s is accepted',
    (text) => {
      expect(rules.parseProxy(text)).toBe(text)
    },
  )

  test.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '::/0',
    '0.0.0.0/0',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    'proxy',
    '10.0.0.0/-1',
    '10.0.0.1/1e1',
  ])('proxy %s is refused', (text) => {
    expect(rules.parseProxy(text)).toBeInstanceOf(Wrong)
  })

  test.each([
    'sqlite:',
    'sqlite::other:',
    'sqlite://data.db',
    'postgres://host',
    'postgres://u:p@ss@[',
    'mysql://u:hunter2@h/d',
  ])('database %s is refused without repeating it', (text) => {
    const wrong = rules.parseDatabase(text)
    expect(wrong).toBeInstanceOf(Wrong)
    expect((wrong as Wrong).message).not.toContain('hunter2')
  })
})

describe('secrets', () => {
  test('a secret turns into text only on purpose', () => {
    const secret = new Secret('hunter2')
    const accidents = [
      String(secret),
      [secret].join(),
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true }),
    ]
    for (const text of accidents) {
      expect(text).not.toContain('hunter2')
      expect(text).toContain('[secret]')
    }
    expect(secret.reveal()).toBe('hunter2')
  })

  test('a loaded configuration shows neither the master key nor the database password', () => {
    const loaded = load({
      GATEHOUSE_DATABASE_URL: 'postgres://gatehouse:hunter2@db/gatehouse',
      GATEHOUSE_MASTER_KEY: masterKey,
    })
    for (const text of [JSON.stringify(loaded), inspect(loaded, { depth: 9 })]) {
      expect(text).not.toContain('hunter2')
      expect(text).not.toContain(masterKey)
    }
  })
})
