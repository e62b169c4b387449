/** @module The issuer over HTTP, the set-up script, integrations as resources, and the files for a public host. */
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { publishIssuer } from '../../src/cli/commands/awsic-publish-issuer.js'
import { auditEvents, createPerson, role, signIn, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway } from '../support/test-gateway.js'

const integration = (aws_oidc: object = {}, name = 'aws') => ({
  kind: 'integration',
  sub_kind: 'aws-oidc',
  version: 'v1',
  metadata: { name },
  spec: { aws_oidc },
})

async function open(resources: readonly unknown[] = [], issuers?: ReadonlyMap<string, string>) {
  const gateway = await openTestGateway({
    resources: [...testResources, role('reader', 'v8', {}), ...resources],
    env: { GATEHOUSE_PUBLIC_URL: 'http://localhost:3080' },
    ...(issuers && { issuers }),
  })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  return gateway
}

const discoveryOf = async (url: string, query = '') =>
  await supertest(url).get(`/.well-known/openid-configuration${query}`)

describe('the discovery document', () => {
  test('is public, kept for a minute, sets no cookie, and names the public URL where nothing else is said', async () => {
    const { url } = await open()
    const answer = await discoveryOf(url)
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ 'cache-control': 'public, max-age=60' })
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.body).toMatchObject({
      issuer: 'http://localhost:3080',
      jwks_uri: 'http://localhost:3080/.well-known/jwks.json',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    })
  })

  test('is of the issuer that the integration names, and on demand of each of several', async () => {
    const { url } = await open([integration({ issuer: 'https://id.example.com' })])
    expect((await discoveryOf(url)).body).toMatchObject({ issuer: 'https://id.example.com' })
    const own = await discoveryOf(url, '?issuer=http://localhost:3080')
    expect(own.body).toMatchObject({ issuer: 'http://localhost:3080' })
  })

  test('is of no issuer that nobody named', async () => {
    const { url } = await open()
    const answer = await discoveryOf(url, '?issuer=https://evil.example.com')
    expect(answer.status).toBe(404)
  })
})

test('the keys are public RSA keys and nothing of them is private', async () => {
  const { url } = await open()
  const answer = await supertest(url).get('/.well-known/jwks.json')
  expect(answer.headers).toMatchObject({ 'cache-control': 'public, max-age=60' })
  const { keys } = answer.body as { keys: object[] }
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']])
})

test('nothing mints a token for whoever asks, signed in or not', async () => {
  const gateway = await open()
  const admin = await signInAdmin(gateway)
  for (const path of ['/.well-known/token', '/v1/identity-center/token', '/token', '/v1/keys/oidc/token']) {
    expect((await admin.post(path, {})).status).toBe(404)
  }
})

describe('the set-up script', () => {
  const order = {
    format: 'shell',
    integration: 'aws',
    instanceArn: 'arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d',
    region: 'eu-central-1',
  }

  test('is written for the integration, with what AWS will not reach told as warnings', async () => {
    const gateway = await open()
    const admin = await signInAdmin(gateway)
    const answer = await admin.post('/v1/identity-center/setup-script', order)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({
      fileName: 'gatehouse-aws-setup.sh',
      issuer: 'http://localhost:3080',
      audience: 'sts.amazonaws.com',
      subject: 'gatehouse:localhost:integration:aws',
      blocks: [],
    })
    expect((answer.body as { warnings: string[] }).warnings).toHaveLength(3)
  })

  test('takes issuer and audience of the integration, where there is one, and the account of its role', async () => {
    const role_arn = 'arn:aws:iam::123456789012:role/GatehouseIdentityCenter'
    const gateway = await open([
      integration({ issuer: 'https://id.example.com', audience: 'gate', role_arn }),
    ])
    const admin = await signInAdmin(gateway)
    const answer = await admin.post('/v1/identity-center/setup-script', { ...order, format: 'trust_policy' })
    expect(answer.body).toMatchObject({ issuer: 'https://id.example.com', audience: 'gate', warnings: [] })
    expect((answer.body as { text: string }).text).toContain(
      'arn:aws:iam::123456789012:oidc-provider/id.example.com',
    )
  })

  test.each(['cloudformation', 'policy', 'trust_policy', 'cleanup'])('comes as %s too', async (format) => {
    const admin = await signInAdmin(await open())
    const body = { ...order, format, blocks: ['ous_and_tags'] }
    const answer = await admin.post('/v1/identity-center/setup-script', body)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ format, blocks: [{ block: 'ous_and_tags' }] })
  })

  test('is refused with the field that AWS would not take', async () => {
    const admin = await signInAdmin(await open())
    const answer = await admin.post('/v1/identity-center/setup-script', { ...order, region: '$(id)' })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'INVALID_INPUT' })
    expect(answer.text).toContain('is not a Region')
  })

  test('is refused to whoever may not create integrations', async () => {
    const gateway = await open()
    const admin = await signInAdmin(gateway)
    const person = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['reader'] })
    const browser = await signIn(gateway, person)
    expect((await browser.post('/v1/identity-center/setup-script', order)).status).toBe(403)
  })
})

describe('an integration', () => {
  test('is made, changed and removed, each with its audit event', async () => {
    const gateway = await open()
    const admin = await signInAdmin(gateway)
    const path = '/v1/resources/integration/aws'
    expect((await admin.post('/v1/resources', integration())).status).toBe(200)
    const put = await admin.send('put', path, integration({ audience: 'gate' }), { 'if-match': '*' })
    expect(put.status, put.text).toBe(200)
    const gone = await admin.send('delete', path, {}, { 'if-match': '*' })
    expect(gone.status).toBeLessThan(300)
    const events = await auditEvents(gateway)
    const mine = events.filter(({ event }) => String(event).startsWith('integration.')).reverse()
    expect(mine.map(({ code }) => code)).toEqual(['IG001I', 'IG002I', 'IG003I'])
    expect(mine[0]).toMatchObject({
      name: 'aws',
      audience: 'sts.amazonaws.com',
      issuer: 'http://localhost:3080',
    })
  })
})

describe('a next key of the issuer', () => {
  test('does not sign while AWS would not find it, and signs once it would', async () => {
    const issuers = new Map([['https://id.example.com', 'http://127.0.0.1:1']])
    const gateway = await open([integration({ issuer: 'https://id.example.com' })], issuers)
    const admin = await signInAdmin(gateway)
    const rotate = async (step: string) => await admin.post('/v1/keys/oidc/rotate', { step })
    expect((await rotate('prepare')).status).toBe(200)
    const refused = await rotate('switch')
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'KEY_PHASE' })
    expect(refused.text).toContain('publish-issuer')
    issuers.set('https://id.example.com', gateway.url)
    const switched = await rotate('switch')
    expect(switched.status, switched.text).toBe(200)
    expect(switched.body).toMatchObject({ kind: 'oidc', phase: 'switched' })
  })
})

describe('files for a public host', () => {
  async function documents() {
    const { url } = await open([integration({ issuer: 'https://id.example.com' })])
    const discovery: unknown = (await discoveryOf(url)).body
    const jwks: unknown = (await supertest(url).get('/.well-known/jwks.json')).body
    const dir = await mkdtemp(join(tmpdir(), 'gatehouse-issuer-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    // As the gateway answered them; the command parses them with the contract.
    return { dir, discovery: discovery as never, jwks: jwks as never, folder: join(dir, '.well-known') }
  }
  const names = ['openid-configuration', 'jwks.json'] as const

  test('are what the gateway says, readable by a web server, and can be written again', async () => {
    const { dir, discovery, jwks, folder } = await documents()
    const paths = await publishIssuer(dir, discovery, jwks)
    expect(paths.sort()).toEqual(names.map((name) => join(folder, name)).sort())
    expect(JSON.parse(await readFile(join(folder, names[0]), 'utf8'))).toEqual(discovery)
    expect(JSON.parse(await readFile(join(folder, names[1]), 'utf8'))).toEqual(jwks)
    for (const path of paths) expect((await stat(path)).mode & 0o777).toBe(0o644)
    await publishIssuer(dir, discovery, jwks)
  })

  test.each([
    ['openid-configuration', '{"issuer":"https://other.example.com"}'],
    ['openid-configuration', 'not JSON'],
    ['jwks.json', '{"keys":[]}'],
    ['jwks.json', ''],
  ])('do not replace a foreign %s: %s', async (name, content) => {
    const { dir, discovery, jwks, folder } = await documents()
    await mkdir(folder)
    await writeFile(join(folder, name), content)
    await expect(publishIssuer(dir, discovery, jwks)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await readFile(join(folder, name), 'utf8')).toBe(content)
    for (const other of names.filter((one) => one !== name)) {
      await expect(stat(join(folder, other))).rejects.toThrow('ENOENT')
    }
  })

  test('do not go through a link to somewhere else', async () => {
    const { dir, discovery, jwks, folder } = await documents()
    await mkdir(folder)
    const elsewhere = join(dir, 'elsewhere')
    await writeFile(elsewhere, JSON.stringify(discovery))
    await chmod(elsewhere, 0o600)
    await symlink(elsewhere, join(folder, 'openid-configuration'))
    await expect(publishIssuer(dir, discovery, jwks)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o600)
  })
})
