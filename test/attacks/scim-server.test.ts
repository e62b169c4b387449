/** The SCIM endpoint under attack: filters, paths, bodies and tokens that somebody made up. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEvents } from '../support/people.js'
import { oidcConnector, openDirectoryHouse, TestDirectory, userSchema } from '../support/directory.js'

const q = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`

describe('filters', () => {
  let okta: TestDirectory
  let dispose: () => Promise<void>
  beforeAll(async () => {
    okta = (await openDirectoryHouse({}, (given) => (dispose = given))).okta
  })
  afterAll(() => dispose())

  const refused: readonly (readonly [string, string])[] = [
    ['an open quote', 'userName eq "ada'],
    ['a text without quotes', 'userName eq ada'],
    ['a comparison that is none', 'userName is "ada"'],
    ['an unknown attribute', 'passwordHash eq "x"'],
    ['a password', 'password sw "a"'],
    ['prototypes', '__proto__.constructor pr'],
    ['a constructor', 'constructor eq "x"'],
    ['a bracket that stays open', 'emails[type eq "work"'],
    ['a rest', 'userName eq "a" userName eq "b"'],
    ['nothing to compare', 'userName eq'],
    ['SQL in place of a name', `1=1; drop table directory_resource`],
    ['nesting without an end', `${'('.repeat(400)}userName pr${')'.repeat(400)}`],
    ['negation without an end', `${'not '.repeat(200)}userName pr`],
    ['a filter of a hundred parts', Array.from({ length: 100 }, () => 'active pr').join(' or ')],
    ['a very long one', `userName eq "${'a'.repeat(2000)}"`],
    ['a bad escape', 'userName eq "\\u00zz"'],
  ]
  test.each(refused)('%s is refused as an invalid filter', async (_, filter) => {
    const { status, body } = await okta.ask('get', q(filter))
    expect([status, body.scimType]).toEqual([400, 'invalidFilter'])
  })

  test('values are values: quotes, SQL and patterns find nobody and break nothing', async () => {
    await okta.pushUser('ada@example.com', { title: `a"b\\c'd` })
    for (const value of [
      `' or '1'='1`,
      `x" or userName pr or title eq "`,
      `%`,
      `_da@example.com`,
      `.*`,
      `(a+)+$`,
      `\u0000`,
      `\ud800`,
    ]) {
      const found = await okta.ask('get', q(`userName eq ${JSON.stringify(value)}`))
      expect([value, found.status, found.body.totalResults]).toEqual([value, 200, 0])
      const co = await okta.ask('get', q(`userName co ${JSON.stringify(value)}`))
      expect([value, co.status, co.body.totalResults]).toEqual([value, 200, 0])
    }
    const own = await okta.ask('get', q(`title eq ${JSON.stringify(`a"b\\c'd`)}`))
    expect(own.body.totalResults).toBe(1)
  })

  test('an id that is made up, or very long, or no text, is nobody', async () => {
    for (const id of ['x', 'a'.repeat(5000), `%00`, `..%2f..%2fUsers`, `' or 1=1 --`, '%F0%9F%92%A9'])
      expect([id, (await okta.ask('get', `/Users/${id}`)).status]).toEqual([id, 404])
  })
})

test('bodies that are no users change nothing and say why', async () => {
  const { okta, admin } = await openDirectoryHouse()
  const user = await okta.pushUser('ada@example.com')
  const group = await okta.pushGroup('Engines', [user.id])
  const member = `x" or value pr or value eq "${user.id}`
  const cases: readonly (readonly ['post' | 'put' | 'patch', string, unknown, number])[] = [
    ['post', '/Users', '[]', 400],
    ['post', '/Users', '{', 400],
    ['post', '/Users', '{"userName":"x","__proto__":{"active":true}}', 400],
    ['post', '/Users', { userName: { $ne: null } }, 400],
    ['post', '/Users', { userName: ['a', 'b'] }, 400],
    ['post', '/Users', { userName: 'a@example.com', active: 'perhaps' }, 400],
    [
      'post',
      '/Users',
      { userName: 'a@example.com', emails: Array.from({ length: 101 }, () => ({ value: 'x' })) },
      400,
    ],
    ['post', '/Users', { userName: 'a@example.com', title: 'x\u0007' }, 400],
    ['post', '/Users', { userName: 'a@example.com', title: 'x'.repeat(5000) }, 400],
    ['post', '/Users', 'x'.repeat(1024 * 1024 + 1), 413],
    ['patch', `/Users/${user.id}`, { Operations: [] }, 400],
    ['patch', `/Users/${user.id}`, { Operations: [{ op: 'destroy' }] }, 400],
    ['patch', `/Users/${user.id}`, { Operations: [{ op: 'remove' }] }, 400],
    ['patch', `/Users/${user.id}`, { Operations: [{ op: 'replace', path: 'id', value: 'x' }] }, 400],
    [
      'patch',
      `/Users/${user.id}`,
      { Operations: [{ op: 'replace', path: 'userName', value: 'admin' }] },
      400,
    ],
    ['patch', `/Users/${user.id}`, { Operations: [{ op: 'add', path: 'emails[', value: 'x' }] }, 400],
    ['patch', `/Users/${user.id}`, { Operations: [{ op: 'add', path: '__proto__.x', value: 'x' }] }, 400],
    ['patch', `/Users/${user.id}`, { Operations: [{ op: 'add', path: 'constructor', value: 'x' }] }, 400],
    [
      'patch',
      `/Users/${user.id}`,
      { Operations: Array.from({ length: 1001 }, () => ({ op: 'remove', path: 'title' })) },
      400,
    ],
    [
      'patch',
      `/Groups/${group.id}`,
      { Operations: [{ op: 'add', path: 'members', value: [{ value: 'admin' }] }] },
      400,
    ],
    // Somebody's id as part of a filter takes nobody else out.
    [
      'patch',
      `/Groups/${group.id}`,
      { Operations: [{ op: 'remove', path: 'members', value: [{ value: member }] }] },
      200,
    ],
    ['patch', `/Groups/${group.id}`, { Operations: [{ op: 'remove', path: 'members', value: [] }] }, 200],
  ]
  for (const [method, path, body, status] of cases) {
    const answer = await okta.ask(method, path, body as object | string)
    expect([method, path, JSON.stringify(body).slice(0, 120), answer.status]).toEqual([
      method,
      path,
      JSON.stringify(body).slice(0, 120),
      status,
    ])
    if (status >= 400) expect(answer.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
  }
  expect((await okta.ask('get', `/Groups/${group.id}`)).body.members).toHaveLength(1)
  expect((await okta.ask('get', '/Users')).body.totalResults).toBe(1)
  const { body } = await admin.get('/v1/resources/user/ada@example.com')
  expect(body.document.spec.traits).toEqual({})
})

test('roles, and whatever else a directory may not say, are passed over', async () => {
  const { okta, admin } = await openDirectoryHouse()
  await okta.pushUser('ada@example.com', {
    roles: [{ value: 'editor' }],
    entitlements: [{ value: 'editor' }],
    spec: { roles: ['editor'] },
    traits: { admin: ['yes'] },
    created_by: {},
    password: 'a long enough password',
  })
  const { body, text } = await admin.get('/v1/resources/user/ada@example.com')
  expect(body.document.spec).toEqual({ traits: {}, created_by: { connector: { id: 'okta' } } })
  expect(text).not.toContain('long enough')
})

test('wrong tokens are counted by address and told in one event, and a good one is good all the same', async () => {
  const { okta, gateway } = await openDirectoryHouse()
  const statuses = new Set<number>()
  for (let at = 0; at < 305; at++) {
    const guess = new TestDirectory(gateway.url, `ghs_${String(at).padStart(43, 'x')}`)
    statuses.add((await guess.ask('get', '/Users')).status)
  }
  expect([...statuses]).toEqual([401, 429])
  expect(await auditEvents(gateway, { type: 'directory.token.refused' })).toHaveLength(1)
  expect((await okta.ask('get', '/Users')).status).toBe(200)
})

test('no secret of a token is in an event or a log line', async () => {
  const lines: string[] = []
  const { okta, connect, gateway } = await openDirectoryHouse({ logSink: (line) => lines.push(line) })
  const second = await connect('okta')
  await okta.pushUser('ada@example.com', { password: 'hunter2hunter2' })
  await second.ask('get', '/Users/none')
  const events = JSON.stringify(await auditEvents(gateway, { limit: '200' }))
  for (const text of [events, lines.join('\n')]) {
    expect(text).not.toContain('ghs_')
    expect(text).not.toContain('hunter2')
  }
})

describe('a name that somebody signed in under before it is pushed', () => {
  const name = 'cfo@example.com'
  test.each([
    ['is another person where ids are compared', { scim_external_id_claim: 'oid' }, 409],
    ['is the same person where names are enough', {}, 201],
  ])('%s', async (_, claim, status) => {
    const corp = oidcConnector('corp') as { readonly spec: object }
    const created_by = { connector: { id: 'corp' } }
    const user = { kind: 'user', version: 'v2', metadata: { name }, spec: { roles: [], created_by } }
    const { gateway, connect } = await openDirectoryHouse({
      resources: [{ ...corp, spec: { ...corp.spec, ...claim } }, user],
    })
    const at = gateway.clock.now()
    await gateway.gateway.store.connectors.putIdentity({
      connector: 'corp',
      subject: 'https://corp.invalid#whoever-chose-the-name',
      user: name,
      boundAt: at,
      lastSeenAt: at,
      traits: [],
    })
    const directory = await connect('corp')
    const body = { schemas: [userSchema], userName: name, externalId: 'of-the-real-one' }
    expect((await directory.ask('post', '/Users', body)).status).toBe(status)
  })
})
