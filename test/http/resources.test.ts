/** Resources of every kind through the API: what is written is read back, and hostile text stays outside. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type supertest from 'supertest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import type { ChangeAnswer, ResourceAnswer } from '../../src/api/contract.js'
import { testKinds } from '../support/kinds.js'
import {
  auditEvents,
  createPerson,
  role,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const yamlType = { 'content-type': 'application/yaml' }
const everything = { resources: ['*'], verbs: ['*'] }

let gateway: TestGateway
let admin: TestBrowser
let blind: TestBrowser
let plain: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('everything', 'v7', { allow: { rules: [everything] } }),
      role('blind', 'v7', { allow: { rules: [{ resources: ['role'], verbs: ['update'] }] } }),
    ],
  })
  const first = await signInAdmin(gateway)
  const join = async (name: string, given: string) =>
    await signIn(gateway, await createPerson(gateway, first, { name: `${name}@example.com`, roles: [given] }))
  admin = await join('all', 'everything')
  blind = await join('blind', 'blind')
  plain = await join('plain', 'aws')
  // The one resource of its kind, which the tests below create anew.
  await admin.send('delete', '/v1/resources/cluster_auth_preference/cluster-auth-preference')
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

interface Document {
  readonly kind: string
  readonly version: string
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string }
  readonly spec: Readonly<Record<string, unknown>>
}

async function post(text: string, query = ''): Promise<supertest.Response> {
  return await admin.send('post', `/v1/resources${query}`, text, yamlType)
}

function roleOf(name: string, version = 'v7', spec: object = {}): object {
  return { kind: 'role', version, metadata: { name }, spec }
}

function changeOf(response: supertest.Response): ChangeAnswer {
  const { changes } = response.body as { changes: ChangeAnswer[] }
  const [change] = changes
  if (change === undefined) throw new Error(`no change in: ${response.text}`)
  return change
}

/** Kinds whose refused changes have an event of their own (docs/audit-events.md). */
const isRefusalTold = (kind: string): boolean =>
  ['access_list', 'access_list_member', 'saml_idp_service_provider'].includes(kind)

describe.each(testKinds().all.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const example = parse(kind.example) as Document
  const path = `/v1/resources/${name}/${encodeURIComponent(example.metadata.name)}`
  const read = async () => await admin.get(path)
  // A membership has no words of its own but its reason.
  const isMember = name === 'access_list_member'
  const words = isMember ? 'reason' : 'description'
  const edited = (document: object) => {
    const { metadata, spec, ...rest } = document as unknown as Document
    return isMember
      ? { ...rest, metadata, spec: { ...spec, reason: 'changed' } }
      : { ...rest, spec, metadata: { ...metadata, description: 'changed' } }
  }
  const listPath = '/v1/resources/access_list/platform-team'
  beforeAll(async () => {
    if (!isMember) return
    const list = await post(testKinds().known.access_list.example)
    expect(list.status, list.text).toBe(200)
  })
  afterAll(async () => {
    if (isMember) await admin.send('delete', listPath)
  })

  test('a dry run tells the change and keeps nothing', async () => {
    const before = (await auditEvents(gateway)).length
    const response = await post(kind.example, '?dryRun=true')
    expect(response.status, response.text).toBe(200)
    expect(response.body).toMatchObject({ dryRun: true, changes: [{ action: 'create', kind: name }] })
    const { diff, revision, secret } = changeOf(response)
    expect(diff).toContain(`+kind: ${name}`)
    expect([revision, secret]).toEqual([undefined, undefined])
    expect((await read()).status).toBe(404)
    expect((await auditEvents(gateway)).length).toBe(before)
  })

  test('is created, once', async () => {
    const response = await post(kind.example)
    expect(response.status, response.text).toBe(200)
    expect(changeOf(response)).toMatchObject({ action: 'create', kind: name, name: example.metadata.name })
    const again = await post(kind.example)
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(again.text).toContain('exists already')
    // Of some kinds what was refused has its event, too.
    const events = await auditEvents(gateway, { type: kind.audit.create, limit: '2' })
    const done = events.filter(({ success }) => success)
    expect(done[0]).toMatchObject({ event: kind.audit.create, success: true })
    expect(events.slice(0, events.length - done.length).map((event) => event['error_code'])).toEqual(
      isRefusalTold(name) ? ['ALREADY_EXISTS'] : [],
    )
  })

  test('is read back as it was written, in JSON and in YAML', async () => {
    const response = await read()
    const { document, yaml, revision } = response.body as ResourceAnswer
    const { ttl, client_secret, ...spec } = example.spec
    expect(document).toMatchObject({ kind: name, metadata: { name: example.metadata.name } })
    // What the gateway adds: the end of a token, the first review of a list, who made a membership and when; of a secret
    // it keeps, only which one it is.
    const byKind: Readonly<Record<string, readonly string[]>> = {
      access_list: ['audit'],
      access_list_member: ['added_by', 'joined'],
    }
    const secret = client_secret === undefined ? [] : ['client_secret_id']
    const added = [...(ttl === undefined ? [] : ['expires']), ...secret, ...(byKind[name] ?? [])]
    expect(Object.keys((document as unknown as Document).spec).sort()).toEqual(
      [...Object.keys(spec), ...added].sort(),
    )
    const inYaml = await admin.get(path, { accept: 'application/yaml' })
    expect(inYaml.headers['content-type']).toBe('application/yaml')
    const text = inYaml.text
    expect(text).toBe(yaml)
    const { metadata } = document as unknown as Document
    expect(parse(yaml)).toEqual({ ...document, metadata: { ...metadata, revision } })
  })

  test('what was read can be applied again and changes nothing', async () => {
    const { yaml, revision } = (await read()).body as ResourceAnswer
    const response = await post(yaml, '?mode=replace')
    expect(changeOf(response)).toMatchObject({ action: 'none', diff: '' })
    expect((await read()).body).toMatchObject({ revision })
  })

  test('its revision is its ETag: 304 until it changes', async () => {
    const first = await read()
    const etag = String(first.headers['etag'])
    expect(etag).toBe(`"${(first.body as ResourceAnswer).revision}"`)
    for (const ifNoneMatch of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const response = await admin.get(path, { 'if-none-match': ifNoneMatch })
      expect([response.status, response.text]).toEqual([304, ''])
    }
    expect((await admin.get(path, { 'if-none-match': '"x"' })).status).toBe(200)
  })

  test('is in its list, found by its name', async () => {
    const response = await admin.get(
      `/v1/resources/${name}?search=${encodeURIComponent(example.metadata.name)}`,
    )
    expect(response.body).toMatchObject({ items: [{ kind: name, name: example.metadata.name }] })
    const none = await admin.get(`/v1/resources/${name}?search=no-such-thing`)
    expect(none.body).toMatchObject({ items: [] })
    const inYaml = await admin.get(`/v1/resources/${name}?limit=500`, { accept: 'application/yaml' })
    const documents = parseAllDocuments(inYaml.text)
    expect(documents.map((one) => (one as { toJS(): Document }).toJS().metadata.name)).toContain(
      example.metadata.name,
    )
  })

  test('an edit needs If-Match', async () => {
    const { document } = (await read()).body as ResourceAnswer
    const response = await admin.send('put', path, document)
    expect(response.status).toBe(428)
    expect(response.body).toMatchObject({ code: 'REVISION_REQUIRED' })
    expect(response.text).toContain('send If-Match')
    for (const ifMatch of ['W/"1"', '"1", "2"', '1', '']) {
      const malformed = await admin.send('put', path, document, { 'if-match': ifMatch })
      expect([ifMatch, malformed.status]).toEqual([ifMatch, 400])
    }
  })

  test('the later of two edits is refused and shows both', async () => {
    const { document, revision } = (await read()).body as ResourceAnswer
    const ifMatch = { 'if-match': `"${revision}"` }
    const dry = await admin.send('put', `${path}?dryRun=true`, edited(document), ifMatch)
    expect(dry.status, dry.text).toBe(200)
    expect((await read()).body).toMatchObject({ revision })

    const first = await admin.send('put', path, edited(document), ifMatch)
    expect(first.status, first.text).toBe(200)
    const change = first.body as ChangeAnswer
    expect(change).toMatchObject({ action: 'update', kind: name })
    expect(change.diff).toContain(`+  ${words}: changed`)
    expect(first.headers['etag']).toBe(`"${change.revision}"`)

    const second = await admin.send('put', path, document, ifMatch)
    expect(second.status).toBe(412)
    const { current } = second.body as { current: { revision: string; yaml: string } }
    expect(second.body).toMatchObject({ code: 'REVISION_MISMATCH' })
    expect(current.revision).toBe(change.revision)
    expect(current.yaml).toBe(((await read()).body as ResourceAnswer).yaml)
    const [refused, done] = await auditEvents(gateway, { type: kind.audit.update, limit: '2' })
    if (isRefusalTold(name))
      expect(refused).toMatchObject({ success: false, error_code: 'REVISION_MISMATCH' })
    expect(isRefusalTold(name) ? done : refused).toMatchObject({ event: kind.audit.update, success: true })
  })

  test('an edit in YAML answers YAML to whoever asks', async () => {
    const { yaml, revision } = (await read()).body as ResourceAnswer
    const text = yaml.replace(`${words}: changed`, `${words}: again`)
    const headers = { ...yamlType, accept: 'application/yaml', 'if-match': `"${revision}"` }
    const response = await admin.send('put', path, text, headers)
    expect(response.status, response.text).toBe(200)
    expect(response.text).toBe(((await read()).body as ResourceAnswer).yaml)
  })

  test('kind and name have to be those of the path', async () => {
    const { yaml } = (await read()).body as ResourceAnswer
    const ifMatch = { 'if-match': '*', ...yamlType }
    const renamed = await admin.send('put', path, yaml.replace(/name: .*/, 'name: somebody-else'), ifMatch)
    expect(renamed.body).toMatchObject({
      code: 'INVALID_RESOURCE',
      problems: [{ path: 'metadata.name', line: 4, source: 'request' }],
    })
    const other = name === 'role' ? 'user' : 'role'
    const changed = await admin.send('put', path, yaml.replace(/kind: .*/, `kind: ${other}`), ifMatch)
    expect(changed.body).toMatchObject({ code: 'INVALID_RESOURCE', problems: [{ path: 'kind', line: 1 }] })
    const two = await admin.send('put', path, `${yaml}---\n${yaml}`, ifMatch)
    expect(two.body).toMatchObject({ code: 'INVALID_RESOURCE', problems: [{ path: '' }] })
    expect(two.text).toContain('there are 2')
    const none = await admin.send('put', path, '# nothing\n', ifMatch)
    expect(none.body).toMatchObject({ code: 'INVALID_RESOURCE' })
  })

  test('is deleted, not by a stale revision', async () => {
    const stale = await admin.send('delete', path, {}, { 'if-match': '"old"' })
    expect([stale.status, (stale.body as { code: string }).code]).toEqual([412, 'REVISION_MISMATCH'])
    const dry = await admin.send('delete', `${path}?dryRun=true`)
    expect(dry.body).toMatchObject({ action: 'delete' })
    expect((await read()).status).toBe(200)
    const response = await admin.send('delete', path)
    expect(response.status, response.text).toBe(200)
    expect((response.body as ChangeAnswer).diff).toContain(`-kind: ${name}`)
    const gone = await read()
    expect([gone.status, (gone.body as { code: string }).code]).toEqual([404, 'NOT_FOUND'])
    expect((await admin.send('delete', path)).status).toBe(404)
    const [event] = await auditEvents(gateway, { type: kind.audit.delete, limit: '1' })
    expect(event).toMatchObject({ event: kind.audit.delete, success: true })
  })
})

describe('a file of several documents', () => {
  const roles = (...names: string[]) => names.map((name) => roleOf(name))
  const asYaml = (documents: readonly unknown[]) => documents.map((one) => stringify(one)).join('---\n')

  test('is applied as a whole, in YAML as in JSON', async () => {
    const inYaml = await post(asYaml(roles('one', 'two')))
    expect(inYaml.body).toMatchObject({ dryRun: false, changes: [{ name: 'one' }, { name: 'two' }] })
    const inJson = await admin.post('/v1/resources', roles('three', 'four'))
    expect(inJson.body).toMatchObject({ changes: [{ name: 'three' }, { name: 'four' }] })
  })

  test('or not at all, with every problem, its file and its line', async () => {
    const text =
      'kind: role\nversion: v7\nmetadata:\n  name: good\nspec: {}\n---\nkind: role\nversion: v9\nmetadata:\n  name: bad\nspec: {}\n' +
      '---\nkind: nothing\n'
    const response = await post(text, '?source=roles.yaml')
    expect(response.status).toBe(400)
    const { problems } = response.body as { problems: object[] }
    expect(problems).toMatchObject([
      { source: 'roles.yaml', line: 8, path: 'version' },
      { source: 'roles.yaml', line: 13, path: 'kind' },
    ])
    expect((await admin.get('/v1/resources/role/good')).status).toBe(404)
  })

  test('mode=replace overwrites what exists, unless it was written since it was read', async () => {
    await admin.post('/v1/resources', roleOf('fresh', 'v7', {}))
    const { yaml } = (await admin.get('/v1/resources/role/fresh')).body as ResourceAnswer
    const replaced = await admin.post('/v1/resources?mode=replace', roleOf('fresh', 'v8', {}))
    expect(replaced.body).toMatchObject({ changes: [{ action: 'update' }] })
    const stale = await post(yaml, '?mode=replace')
    expect([stale.status, stale.body]).toMatchObject([412, { code: 'REVISION_MISMATCH', current: {} }])
  })

  test('a mode that is none, or an unknown parameter, is refused', async () => {
    for (const query of ['?mode=update', '?dryRun=yes', '?dry_run=true']) {
      expect((await post(asYaml(roles('x')), query)).body).toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})

describe('what the caller may not see', () => {
  test('whoever may update and not read learns that it is stale, and nothing of what is there', async () => {
    await admin.post('/v1/resources', roleOf('unseen', 'v7', { deny: { rules: [everything] } }))
    const stale = await blind.send('put', '/v1/resources/role/unseen', roleOf('unseen', 'v7', {}), {
      'if-match': '"old"',
    })
    expect([stale.status, stale.body]).toMatchObject([412, { code: 'REVISION_MISMATCH' }])
    expect(stale.body).not.toHaveProperty('current')
    const written = await blind.send('put', '/v1/resources/role/unseen', roleOf('unseen', 'v8', {}), {
      'if-match': '*',
    })
    expect(written.status, written.text).toBe(200)
    expect(written.body).not.toHaveProperty('before')
  })
})

describe('hostile bodies', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['aliases', 'kind: role\nversion: v7\nmetadata: {name: x}\nspec: &a {allow: *a}\n'],
    [
      'a billion laughs',
      `a: &a [x]\n${'bcdefghi'.replace(/./g, (n) => `${n}: &${n} [*${String.fromCharCode(n.charCodeAt(0) - 1)},*${String.fromCharCode(n.charCodeAt(0) - 1)}]\n`)}`,
    ],
    ['merge keys', 'kind: role\n<<: {version: v7}\n'],
    ['tags', 'kind: !!js/function role\n'],
    ['binary tags', 'kind: !!binary cm9sZQ==\n'],
    ['repeated keys', 'kind: role\nkind: user\n'],
    ['flow nesting', '['.repeat(100_000)],
    ['list nesting', `${'- '.repeat(100_000)}x`],
    ['keys that are maps', '? {a: 1}\n: 2\n'],
    ['prototype names', 'kind: role\nversion: v7\nmetadata: {name: x}\nspec: {__proto__: {allow: {}}}\n'],
    ['names of methods', 'kind: toString\nversion: v7\nmetadata: {name: x}\n'],
    ['text that is no map', 'just words'],
    ['too many documents', '---\na: 1\n'.repeat(1001)],
  ]
  test.each(refused)('%s in YAML are refused', async (_, text) => {
    const response = await post(text)
    expect(response.status, response.text.slice(0, 300)).toBe(400)
    expect(response.body).toMatchObject({ code: 'INVALID_RESOURCE' })
  })

  const refusedJson: readonly (readonly [string, string, string])[] = [
    ['nesting', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), 'INVALID_RESOURCE'],
    ['lists of lists', '['.repeat(100_000) + ']'.repeat(100_000), 'INVALID_RESOURCE'],
    [
      'prototype names',
      '{"kind":"role","version":"v7","metadata":{"name":"x"},"__proto__":{"a":1}}',
      'INVALID_RESOURCE',
    ],
    ['half of a document', '{"kind":', 'INVALID_INPUT'],
    ['an empty list', '[]', 'INVALID_RESOURCE'],
    ['null', 'null', 'INVALID_RESOURCE'],
    [
      'a number too large',
      '{"kind":"role","version":"v7","metadata":{"name":"x"},"spec":{"options":{"lock":1e999}}}',
      'INVALID_RESOURCE',
    ],
  ]
  test.each(refusedJson)('%s in JSON is refused', async (_, text, code) => {
    const response = await admin.send('post', '/v1/resources', text, { 'content-type': 'application/json' })
    expect(response.status, response.text.slice(0, 300)).toBe(400)
    expect(response.body).toMatchObject({ code })
  })

  test('more than 1 MiB is refused, and just less is read', async () => {
    const over = await post(`# ${'x'.repeat(1024 * 1024)}`)
    expect([over.status, over.body]).toMatchObject([413, { code: 'BODY_TOO_LARGE' }])
    const under = await post(`# ${'x'.repeat(1024 * 1024 - 3)}`)
    expect([under.status, under.body]).toMatchObject([400, { code: 'INVALID_RESOURCE' }])
  })

  test('any other content type is refused', async () => {
    for (const type of ['text/plain', 'text/yaml', 'application/x-www-form-urlencoded', 'application/xml']) {
      const response = await admin.send('post', '/v1/resources', 'kind: role\n', { 'content-type': type })
      expect([response.status, response.body]).toMatchObject([415, { code: 'UNSUPPORTED_MEDIA_TYPE' }])
      expect(response.text).toContain('application/yaml or application/json')
    }
    const utf16 = { 'content-type': 'application/yaml; charset=utf-16' }
    expect((await admin.send('post', '/v1/resources', 'kind: role\n', utf16)).status).toBe(415)
  })

  test('JSON routes of other things do not read YAML', async () => {
    const response = await admin.send('post', '/v1/users', 'name: x\n', yamlType)
    expect(response.status).toBe(415)
  })

  test('names in the path are taken as they are', async () => {
    for (const name of ['%2e%2e', 'a%2Fb', '%00', 'x'.repeat(2000), '__proto__', 'constructor']) {
      const response = await admin.get(`/v1/resources/role/${name}`)
      expect([name.slice(0, 20), response.status]).toEqual([name.slice(0, 20), 404])
    }
    expect((await admin.get('/v1/resources/nothing')).status).toBe(404)
    expect((await admin.get('/v1/resources/__proto__/x')).status).toBe(404)
  })
})

describe('GET /v1/kinds', () => {
  test('tells every kind, with an example that parses and what one may do', async () => {
    const { items } = (await admin.get('/v1/kinds')).body as { items: { name: string; verbs: string[] }[] }
    expect(items.map(({ name }) => name)).toEqual(testKinds().all.map(({ name }) => name))
    for (const { verbs } of items) expect(verbs).toEqual(['list', 'read', 'create', 'update', 'delete'])
    const verbsOf = ((await plain.get('/v1/kinds')).body as { items: { name: string; verbs: string[] }[] })
      .items
    expect(Object.fromEntries(verbsOf.map(({ name, verbs }) => [name, verbs]))).toMatchObject({
      role: [],
      saml_idp_service_provider: ['list', 'read'],
    })
  })
})
