/** Users that a directory pushes: made, found, changed, deactivated, deleted, and never another one's. */
import { expect, test } from 'vitest'
import { auditEvents } from '../../support/people.js'
import { enterpriseSchema, openDirectoryHouse, userSchema } from '../../support/directory.js'

const ada = {
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  displayName: 'Ada Lovelace',
  emails: [
    { value: 'ada@home.example', type: 'home' },
    { value: 'ada@example.com', type: 'work', primary: true },
  ],
  externalId: '00u1',
  active: true,
  [enterpriseSchema]: { department: 'Engines', costCenter: '42', manager: { value: 'byron' } },
}

test('a pushed user is a user of the connector, with traits and without roles', async () => {
  const { okta, admin, gateway } = await openDirectoryHouse()
  const made = await okta.ask('post', '/Users', {
    schemas: [userSchema],
    userName: 'ada@example.com',
    ...ada,
  })
  expect(made.status).toBe(201)
  expect(made.headers['content-type']).toBe('application/scim+json')
  const { id, meta } = made.body
  expect(made.headers['location']).toBe(`${gateway.publicUrl}/scim/v2/Users/${id}`)
  expect(made.headers['etag']).toBe(meta.version)
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  expect(made.body).toMatchObject({
    ...ada,
    userName: 'ada@example.com',
    schemas: [userSchema, enterpriseSchema],
  })
  expect(made.body).not.toHaveProperty('password')
  const { body } = await admin.get('/v1/resources/user/ada@example.com')
  expect(body.document.spec).toEqual({
    traits: {
      cost_center: ['42'],
      department: ['Engines'],
      display_name: ['Ada Lovelace'],
      email: ['ada@example.com', 'ada@home.example'],
      family_name: ['Lovelace'],
      given_name: ['Ada'],
      manager: ['byron'],
    },
    created_by: { connector: { id: 'okta' } },
  })
  const [event] = await auditEvents(gateway, { type: 'scim.create' })
  expect(event).toMatchObject({
    code: 'TSCIM001I',
    user: 'scim/okta',
    user_kind: 3,
    name: 'ada@example.com',
    id,
  })
  const [written] = await auditEvents(gateway, { type: 'user.create' })
  expect(written).toMatchObject({ user: 'scim/okta', connector: 'okta', name: 'ada@example.com' })
})

test('users are found by name in any case, by externalId and by more, in pages', async () => {
  const { okta } = await openDirectoryHouse()
  for (const name of ['a', 'b', 'c'])
    await okta.pushUser(`${name}@example.com`, {
      externalId: `x-${name}`,
      title: name === 'c' ? 'Boss' : 'Hand',
    })
  const find = async (filter: string, more = '') =>
    (await okta.ask('get', `/Users?filter=${encodeURIComponent(filter)}${more}`)).body
  const names = async (filter: string) =>
    (await find(filter)).Resources.map(({ userName }: { userName: string }) => userName).sort()
  expect(await names('userName eq "B@Example.com"')).toEqual(['b@example.com'])
  expect(await names('externalId eq "x-a"')).toEqual(['a@example.com'])
  expect(await names('externalId eq "X-A"')).toEqual([])
  expect(await names('not (title eq "boss") and active eq true')).toEqual(['a@example.com', 'b@example.com'])
  expect(await names('userName eq "nobody@example.com"')).toEqual([])
  const page = (await okta.ask('get', '/Users?startIndex=2&count=1&sortBy=userName&sortOrder=descending'))
    .body
  expect(page).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 })
  expect(page.Resources[0].userName).toBe('b@example.com')
  expect((await okta.ask('get', '/Users?count=0')).body).toMatchObject({ totalResults: 3, Resources: [] })
  const [shown] = (await okta.ask('get', '/Users?count=1&attributes=userName')).body.Resources
  expect(Object.keys(shown).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
  const [rest] = (await okta.ask('get', '/Users?count=1&excludedAttributes=title,externalId')).body.Resources
  expect(rest).not.toHaveProperty('title')
  expect(rest).toHaveProperty('userName')
})

test('a name of a local user, of another connector or that looks the same is taken, in words that tell no more', async () => {
  const { okta, connect } = await openDirectoryHouse()
  const entra = await connect('entra')
  await entra.pushUser('theirs@example.com')
  await okta.pushUser('ours@example.com')
  for (const userName of ['admin', 'theirs@example.com', 'THEIRS@example.com', 'ours@example.com']) {
    const { status, body } = await okta.ask('post', '/Users', { schemas: [userSchema], userName })
    expect([userName, status, body.scimType]).toEqual([userName, 409, 'uniqueness'])
    expect(body.detail).toBe(`the name "${userName}" is taken; ask an administrator of the gateway`)
  }
})

test('a name that no user may have is refused with the reason', async () => {
  const { okta } = await openDirectoryHouse()
  for (const [userName, says] of [
    ['two words', 'must not contain spaces'],
    ['system', 'is reserved'],
    ['a/b', 'slash'],
    ['', 'userName is required'],
  ] as const) {
    const { status, body } = await okta.ask('post', '/Users', { userName })
    expect([userName, status]).toEqual([userName, 400])
    expect(body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '400',
      scimType: 'invalidValue',
      detail: expect.stringContaining(says),
    })
  }
})

test('deactivation locks the user in the name of the directory and reactivation lifts that lock alone', async () => {
  const { okta, admin, gateway } = await openDirectoryHouse()
  const { id } = await okta.pushUser('ada@example.com')
  const lock = {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'by-a-person' },
    spec: { target: { user: 'ada@example.com' } },
  }
  expect((await admin.post('/v1/resources', lock)).status).toBe(200)
  const off = await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
  expect([off.status, off.body.active]).toEqual([200, false])
  const locks = async () =>
    (await admin.get('/v1/resources/lock')).body.items.map(({ name }: { name: string }) => name)
  expect(await locks()).toEqual(['by-a-person', `directory-${id}`])
  const [made] = await auditEvents(gateway, { type: 'lock.created' })
  expect(made).toMatchObject({ user: 'scim/okta', target: { user: 'ada@example.com' } })
  const on = await okta.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'True' })
  expect([on.status, on.body.active]).toEqual([200, true])
  expect(await locks()).toEqual(['by-a-person'])
  // Pushed as inactive from the beginning.
  const later = await okta.pushUser('later@example.com', { active: false })
  expect(await locks()).toEqual(['by-a-person', `directory-${later.id}`])
})

test('PUT replaces traits of the directory and leaves roles, other traits and what it does not say of activity', async () => {
  const { okta, admin } = await openDirectoryHouse()
  const { id } = await okta.pushUser('ada@example.com', { title: 'Countess', displayName: 'Ada' })
  const read = await admin.get('/v1/resources/user/ada@example.com')
  const { document } = read.body
  document.spec.roles = ['access']
  document.spec.traits.team = ['engines']
  const ifMatch = { 'if-match': String(read.headers['etag']) }
  const written = await admin.send('put', '/v1/resources/user/ada@example.com', document, ifMatch)
  expect(written.status).toBe(200)
  await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
  const put = await okta.ask('put', `/Users/${id}`, { userName: 'Ada@Example.com', displayName: 'Lady Ada' })
  expect(put.body).toMatchObject({ userName: 'ada@example.com', displayName: 'Lady Ada', active: false })
  expect(put.body).not.toHaveProperty('title')
  const after = await admin.get('/v1/resources/user/ada@example.com')
  expect(after.body.document.spec).toMatchObject({
    roles: ['access'],
    traits: { display_name: ['Lady Ada'], team: ['engines'] },
  })
})

test('a new userName is refused whole, as Okta and Entra send it, and the answer and the log say what to do', async () => {
  const { okta, admin, gateway } = await openDirectoryHouse()
  const { id } = await okta.pushUser('ada@example.com')
  const asked = [
    // Okta replaces the whole user; Entra patches.
    await okta.ask('put', `/Users/${id}`, { userName: 'ada.king@example.com', displayName: 'Ada King' }),
    await okta.patch(`/Users/${id}`, { op: 'Replace', path: 'userName', value: 'ada.king@example.com' }),
    await okta.patch(`/Users/${id}`, { op: 'replace', value: { userName: 'аda@example.com', title: 'x' } }),
  ]
  for (const { status, body } of asked) {
    expect([status, body.scimType]).toEqual([400, 'mutability'])
    expect(body.detail).toContain('Push a userName that stays')
  }
  expect((await okta.ask('get', `/Users/${id}`)).body).not.toHaveProperty('displayName')
  expect((await admin.get('/v1/resources/user/ada.king@example.com')).status).toBe(404)
  const failed = await auditEvents(gateway, { type: 'scim.patch' })
  expect(failed).toMatchObject([
    { code: 'TSCIM006E', error_code: 'INVALID_SCIM' },
    { code: 'TSCIM006E', error_code: 'INVALID_SCIM' },
  ])
})

test('of reads the log has the first and the tenth of a quarter of an hour; of those that fail each', async () => {
  const { okta, gateway } = await openDirectoryHouse()
  const { id } = await okta.pushUser('ada@example.com')
  for (let at = 0; at < 12; at++) await okta.ask('get', `/Users/${id}`)
  for (let at = 0; at < 3; at++) await okta.ask('get', '/Users')
  for (let at = 0; at < 2; at++) await okta.ask('get', '/Users/nobody')
  const reads = await auditEvents(gateway, { type: 'scim.get' })
  const told = reads.map(({ code, reads }) => [code, reads])
  expect(told.sort()).toEqual([
    ['TSCIM004E', undefined],
    ['TSCIM004E', undefined],
    ['TSCIM004I', 1],
    ['TSCIM004I', 10],
  ])
  expect(await auditEvents(gateway, { type: 'scim.list' })).toMatchObject([{ count: 1, reads: 1 }])
})

test('versions: what was changed meanwhile is refused, what is known is not sent again', async () => {
  const { okta } = await openDirectoryHouse()
  const made = await okta.pushUser('ada@example.com')
  const path = `/Users/${made.id}`
  const { version } = made['meta'] as { version: string }
  expect((await okta.ask('get', path, undefined, { 'if-none-match': version })).status).toBe(304)
  const body = { userName: 'ada@example.com', displayName: 'Ada' }
  const first = await okta.ask('put', path, body, { 'if-match': version })
  expect(first.status).toBe(200)
  expect(first.body.meta.version).not.toBe(version)
  const late = await okta.ask('put', path, { ...body, displayName: 'Other' }, { 'if-match': version })
  expect([late.status, late.body.detail]).toEqual([412, expect.stringContaining('changed meanwhile')])
  expect((await okta.ask('delete', path, undefined, { 'if-match': version })).status).toBe(412)
  expect((await okta.ask('delete', path, undefined, { 'if-match': '*' })).status).toBe(204)
})

test('a deleted user is gone with lock and id, and a recycled name inherits nothing', async () => {
  const { okta, admin } = await openDirectoryHouse()
  const { id } = await okta.pushUser('ada@example.com', { title: 'Countess' })
  await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
  expect((await okta.ask('delete', `/Users/${id}`)).status).toBe(204)
  expect((await okta.ask('get', `/Users/${id}`)).status).toBe(404)
  expect((await admin.get('/v1/resources/user/ada@example.com')).status).toBe(404)
  expect((await admin.get('/v1/resources/lock')).body.items).toEqual([])
  const again = await okta.pushUser('ada@example.com')
  expect(again.id).not.toBe(id)
  expect(again).toMatchObject({ active: true })
  expect(again).not.toHaveProperty('title')
})

test('a user whom an administrator deletes is gone for the directory as well', async () => {
  const { okta, admin } = await openDirectoryHouse()
  const { id } = await okta.pushUser('ada@example.com')
  expect((await admin.delete('/v1/resources/user/ada@example.com')).status).toBe(200)
  expect((await okta.ask('get', `/Users/${id}`)).status).toBe(404)
  expect((await okta.pushUser('ada@example.com')).id).not.toBe(id)
})

test('who owns access lists is deactivated in place of deleted, and the directory is told', async () => {
  const { okta, admin } = await openDirectoryHouse()
  const { id } = await okta.pushUser('ada@example.com')
  const list = {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'engines' },
    spec: { title: 'Engines', owners: [{ name: 'ada@example.com' }] },
  }
  expect((await admin.post('/v1/resources', list)).status).toBe(200)
  const { status, body } = await okta.ask('delete', `/Users/${id}`)
  expect([status, body.detail]).toEqual([409, expect.stringContaining('was deactivated instead')])
  expect((await okta.ask('get', `/Users/${id}`)).body.active).toBe(false)
})

test('what the endpoint can do is told', async () => {
  const { okta, gateway } = await openDirectoryHouse()
  const config = await okta.ask('get', '/ServiceProviderConfig')
  expect(config.body).toMatchObject({
    patch: { supported: true },
    filter: { supported: true, maxResults: 200 },
    etag: { supported: true },
    bulk: { supported: false },
  })
  const types = await okta.ask('get', '/ResourceTypes')
  expect(types.body.Resources.map(({ id }: { id: string }) => id)).toEqual(['User', 'Group'])
  expect((await okta.ask('get', '/ResourceTypes/User')).body).toMatchObject({
    schema: userSchema,
    schemaExtensions: [{ schema: enterpriseSchema, required: false }],
  })
  const schemas = await okta.ask('get', '/Schemas')
  expect(schemas.body.totalResults).toBe(3)
  const user = (await okta.ask('get', `/Schemas/${userSchema}`)).body
  expect(user.meta.location).toBe(`${gateway.publicUrl}/scim/v2/Schemas/${userSchema}`)
  const attributes = user.attributes.map(({ name }: { name: string }) => name)
  expect(attributes).toContain('userName')
  expect(attributes).not.toContain('password')
  expect((await okta.ask('get', '/Schemas/urn:none')).body).toMatchObject({ status: '404' })
  expect((await okta.ask('get', '/Nothing')).body).toMatchObject({ status: '404' })
})
