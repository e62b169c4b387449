/** @module `audit_sinks` in the configuration file: what it may say, and every mistake with its line. */
import { describe, expect, test } from 'vitest'
import { loadConfig, type LoadedConfig } from '../../src/config/config.js'
import { GatewayError } from '../../src/core/error.js'

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const files: Readonly<Record<string, string>> = {
  '/etc/soar.secret': `${secret}\n${secret}\n`,
  '/etc/ca.pem': '-----BEGIN CERTIFICATE-----\n',
  '/etc/key.pem': '-----BEGIN PRIVATE KEY-----\n',
  '/etc/empty': '',
}

function load(yaml: string): LoadedConfig {
  return loadConfig({
    env: {},
    cwd: '/',
    configFile: '/etc/gatehouse.yaml',
    readFile: (file) => {
      const text = file === '/etc/gatehouse.yaml' ? yaml : files[file]
      if (text === undefined) throw new Error('no such file')
      return text
    },
  })
}

function problemsOf(yaml: string): unknown[] {
  try {
    load(yaml)
  } catch (error) {
    if (error instanceof GatewayError) {
      return (error.details['problems'] as { where: string; message: string }[]).map(
        ({ where, message }) => `${where}: ${message}`,
      )
    }
    throw error
  }
  throw new Error('it was accepted')
}

describe('audit_sinks', () => {
  test('is read with its files, secrets apart', () => {
    const { config, secrets } = load(`
audit_sinks:
  - { name: siem, type: syslog, format: ocsf, address: 'tls://siem.example.com:6514', ca_file: ca.pem, client_cert_file: ca.pem, client_key_file: key.pem }
  - { name: archive, type: file, path: log/audit.jsonl, keep: 3, start: now }
  - { name: soar, type: webhook, url: 'https://soar.example.com/in', secret_file: soar.secret, heads: false }
  - { name: out, type: stdout }
`)
    expect(config.auditSinks).toMatchObject([
      {
        name: 'siem',
        transport: 'tls',
        host: 'siem.example.com',
        port: 6514,
        facility: 'audit',
        format: 'ocsf',
      },
      { name: 'archive', path: '/etc/log/audit.jsonl', everyHours: 24, keep: 3, start: 'now', heads: true },
      { name: 'soar', url: 'https://soar.example.com/in', allowPrivateNetwork: false, heads: false },
      { name: 'out', type: 'stdout', format: 'reference', start: 'beginning' },
    ])
    expect(secrets.auditSinks?.get('soar')?.signing.map((one) => one.reveal())).toEqual([secret, secret])
    expect(JSON.stringify([config, [...(secrets.auditSinks ?? [])]])).not.toContain('whsec_')
  })

  test('tells every mistake at once, each with its line', () => {
    expect(
      problemsOf(`audit_sinks:
  - type: stdout
  - { name: a, type: fax }
  - { name: a, type: stdout, formt: ocsf }
  - { name: a, type: stdout }
  - { name: a, type: stdout }
  - { name: plain, type: syslog, address: 'tcp://siem.example.com:514' }
  - { name: half, type: syslog, address: 'tls://siem.example.com:6514', client_cert_file: ca.pem }
  - { name: lost, type: syslog, address: 'tls://siem.example.com:6514', ca_file: gone.pem }
  - { name: hook, type: webhook, url: 'http://soar.example.com', secret_file: soar.secret }
  - { name: weak, type: webhook, url: 'https://soar.example.com', secret_file: empty }
  - { name: one, type: file, path: a, max_bytes: 5 }
`),
    ).toEqual([
      'gatehouse.yaml:2 audit_sinks.0.name: is missing',
      'gatehouse.yaml:3 audit_sinks.1: must have a type, one of file, syslog, webhook, stdout',
      expect.stringMatching(/^gatehouse.yaml:4 audit_sinks.2.formt: is not a known key of stdout.*format/),
      'gatehouse.yaml:6 audit_sinks.4.name: "a" is there already, at audit_sinks.3',
      expect.stringMatching(
        /^gatehouse.yaml:7 audit_sinks.5.address: would send the log over the network in the clear/,
      ),
      expect.stringMatching(/^gatehouse.yaml:8 audit_sinks.6.client_cert_file: needs the other one/),
      'gatehouse.yaml:9 audit_sinks.7.ca_file: cannot read gone.pem',
      'gatehouse.yaml:10 audit_sinks.8.url: must be an https:// URL',
      expect.stringMatching(/^gatehouse.yaml:11 audit_sinks.9.secret_file: must hold one secret/),
      'gatehouse.yaml:12 audit_sinks.10.max_bytes: must be at least 1048576',
    ])
  })

  test('is a list, and no two files are one', () => {
    expect(problemsOf('audit_sinks: none')).toEqual([
      expect.stringMatching(/^gatehouse.yaml:1 audit_sinks: must be a list/),
    ])
    const [one] = problemsOf(
      'audit_sinks:\n  - { name: a, type: file, path: x }\n  - { name: b, type: file, path: ./x }\n',
    )
    expect(one).toMatch(/the sinks a and b write the same file, \/etc\/x/)
  })
})
