/** @module `gatehouse keys` and `gatehouse saml test` as processes, with the API token of a machine user. */
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { SigningKeysAnswer, TestAssertionAnswer } from '../../src/api/contract.js'
import { createPerson, signInAdmin } from '../support/people.js'
import type { Outcome } from '../support/process.js'
import { spResource } from '../support/sp.js'
import type { TestGateway } from '../support/test-gateway.js'
import { gatehouse, openForCli } from './support.js'

let dataDir: string
let gateway: TestGateway
let token: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-cli-keys-'))
  gateway = await openForCli(dataDir)
  const admin = await signInAdmin(gateway)
  await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  const document = {
    kind: 'token',
    version: 'v1',
    metadata: { name: 'ci' },
    spec: { roles: ['editor'], ttl: '24h' },
  }
  const response = await admin.post('/v1/resources', document)
  token = (response.body as { changes: { secret: string }[] }).changes[0]?.secret ?? ''
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true })
})

const run = async (...args: string[]): Promise<Outcome> =>
  await gatehouse(dataDir, args, { GATEHOUSE_URL: gateway.url, GATEHOUSE_TOKEN: token })

describe('gatehouse keys', () => {
  test('leads through a rollover, step by step', async () => {
    const before = await run('keys', 'ls', '--kind', 'saml')
    expect(before, before.err).toMatchObject({ code: 0, err: '' })
    expect(before.out).toMatch(/^current +[\w-]{43} {2}made 2026-03-01 {2}until 2029-02-28/)
    expect(before.out).toContain('phase: steady; possible: prepare')

    const prepared = await run('keys', 'rotate', '--kind', 'saml', '--yes')
    expect(prepared.out).toMatch(/^prepare: done\.\n/)
    expect(prepared.out).toContain('"aws-identity-center": in the AWS console')
    const { keys } = JSON.parse((await run('keys', 'ls', '--json')).out) as SigningKeysAnswer
    const pem = (await run('keys', 'export', '--kind', 'saml', '--state', 'next')).out
    expect(new X509Certificate(pem).fingerprint256).toBe(keys[1]?.fingerprint)

    expect((await run('keys', 'rotate', '--yes', '--step', 'switch')).out).toMatch(/^switch: done\.\n/)
    expect((await run('keys', 'rotate', '--yes')).out).toMatch(/^finish: done\.\n/)
    expect((await run('keys', 'export')).out).toBe(pem)
    // Seven processes, each of which loads the program anew.
  }, 60_000)

  test('does nothing where nobody can be asked', async () => {
    const before = (await run('keys', 'ls', '--kind', 'audit')).out
    const { code, out, err } = await run('keys', 'rotate', '--kind', 'audit')
    expect(code).toBe(1)
    expect(out).toContain('prepare the next one')
    expect(err).toContain('there is no terminal to ask on; add --yes to go ahead without a question')
    expect((await run('keys', 'ls', '--kind', 'audit')).out).toBe(before)
  })

  test('passes on why a step is not possible', async () => {
    const { code, err } = await run('keys', 'rotate', '--step', 'finish')
    expect(code).toBe(1)
    expect(err).toContain('the saml keys are steady, so "finish" is not possible now; possible: prepare')
  })

  test('has nothing to export where there is none', async () => {
    const none = await run('keys', 'export', '--state', 'next')
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('there is no next saml key') as string])
    const audit = await run('keys', 'export', '--kind', 'audit')
    expect([audit.code, audit.err]).toEqual([
      1,
      expect.stringContaining('audit keys have no certificate') as string,
    ])
  })

  test('is not for the operator token', async () => {
    const { code, err } = await gatehouse(dataDir, ['keys', 'ls'])
    expect(code).toBe(1)
    expect(err).toMatch(/operator/)
  })
})

describe('gatehouse saml test', () => {
  test('shows what the application would be told', async () => {
    const { code, out, err } = await run('saml', 'test', 'dev@example.com', '--app', 'aws-identity-center')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^"dev@example\.com" may sign in to "aws-identity-center"\./)
    expect(out).toContain(
      'NameID     dev@example.com (urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress)',
    )
    expect(out).toContain('<saml:Assertion')
  })

  test('has exit status 3 where the person may not, as explain has', async () => {
    const file = join(dataDir, 'off.yaml')
    const spec = { entity_id: 'urn:other', acs_url: 'https://other.example.com/acs' }
    const other = { kind: 'saml_idp_service_provider', version: 'v1', metadata: { name: 'other' }, spec }
    await writeFile(file, stringify(other))
    const refused = await run('saml', 'test', 'dev@example.com', '--file', file)
    expect(refused.out).toMatch(/^"dev@example\.com" may not sign in to "other"/)
    expect(refused.code).toBe(3)
  })

  test('tries a file that is not stored', async () => {
    const file = join(dataDir, 'sp.yaml')
    const spec = { attribute_mapping: [{ name: 'where', value: 'set("here")' }] }
    await writeFile(file, stringify(spResource(spec)))
    const { out } = await run('saml', 'test', 'dev@example.com', '--file', file, '--json')
    expect((JSON.parse(out) as TestAssertionAnswer).attributes.at(-1)).toMatchObject({
      name: 'where',
      values: ['here'],
    })
  })

  test('tells what is wrong in a file by its name and line', async () => {
    const file = join(dataDir, 'wrong.yaml')
    const text = stringify(spResource({ preset: 'none of them' }))
    await writeFile(file, text)
    const line = text.split('\n').findIndex((one) => one.includes('none of them')) + 1
    const { code, err } = await run('saml', 'test', 'dev@example.com', '--file', file)
    expect(code).toBe(1)
    expect(err).toContain(`wrong.yaml:${line}:`)
    expect(err).not.toContain('request:')
  })

  test.each([
    [['--app', 'none'], 'there is no service provider "none"'],
    [[], 'give either --app NAME or --file FILE'],
    [['--file', 'missing.yaml'], 'cannot read missing.yaml'],
  ])('refuses %j', async (args, says) => {
    const { code, err } = await run('saml', 'test', 'dev@example.com', ...args)
    expect([code, err]).toEqual([1, expect.stringContaining(says) as string])
  })
})
