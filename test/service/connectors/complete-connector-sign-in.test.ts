import { describe, expect, test } from 'vitest'
import { hour } from '../../../src/core/time.js'
import { systemAuthority } from '../../../src/service/authority.js'
import { completeConnectorSignIn } from '../../../src/service/connectors/complete-connector-sign-in.js'
import { buildReport } from '../../../src/service/connectors/test-report.js'
import { findSession } from '../../../src/service/people/session.js'
import { removeResource } from '../../../src/service/resources/remove.js'
import { alice, desk, openHouse, refusal, settle } from '../people/house.js'
import { enterAs, groups, identity, openHouseWithOkta, putOidc } from './upstream.js'

const zoe = 'zoe@example.com'
const taken = 'this name is taken; ask an administrator'

describe('whom an identity signs in', () => {
  test('a stranger gets a user of the connector with mapped roles and claims as traits, and a full session', async () => {
    await using house = await openHouseWithOkta()
    const { session, token } = await enterAs(house, identity({ authentication: 'mfa' }))
    expect(session).toMatchObject({ user: zoe, stage: 'full', methods: ['connector:okta'] })
    const user = {
      name: zoe,
      roles: ['access'],
      traits: { email: [zoe], groups: ['platform'] },
      origin: { kind: 'connector', connector: 'okta' },
    }
    expect(await house.deps.catalog.user(zoe)).toEqual(user)
    expect((await findSession(house.deps, token))?.user.name).toBe(zoe)
    const events = await house.events()
    expect(events.map(({ code }) => code)).toEqual(['T1002I', 'T1001I'])
    expect(events.at(-1)).toMatchObject({
      user: zoe,
      method: 'oidc',
      connector: 'okta',
      subject: 'https://okta.example.com#00u1',
      authentication: 'mfa',
      bound: true,
      roles: ['access'],
      sid: session.id,
    })
  })

  test('the same subject is the same user, whatever it is called now, and the log tells the change', async () => {
    await using house = await openHouseWithOkta()
    const first = await enterAs(house, identity())
    const { session } = await enterAs(house, identity({ username: 'zoe.miller@example.com' }), first.token)
    expect(session.user).toBe(zoe)
    expect(await findSession(house.deps, first.token)).toBeUndefined()
    expect(await house.deps.catalog.user('zoe.miller@example.com')).toBeUndefined()
    expect((await house.events()).at(-1)).toMatchObject({ user: zoe, called: 'zoe.miller@example.com' })
  })

  test('roles and traits of the connector are replaced at each sign-in; what came otherwise stays', async () => {
    await using house = await openHouseWithOkta()
    await house.putUser(zoe, {
      roles: ['extra'],
      traits: { department: ['research'], groups: ['old'] },
      created_by: { connector: { id: 'okta' } },
    })
    await enterAs(house, identity({ claims: { groups: ['platform'], nick: ['z'] } }))
    expect(await house.deps.catalog.user(zoe)).toMatchObject({
      roles: ['access'],
      traits: { department: ['research'], groups: ['platform'], nick: ['z'] },
    })
    await enterAs(house, identity({ claims: { groups: ['platform', 'more'] } }))
    expect((await house.deps.catalog.user(zoe))?.traits).toEqual({
      department: ['research'],
      groups: ['platform', 'more'],
    })
  })

  test('a user whom the directory of the connector made is bound to whoever comes first, and to nobody after', async () => {
    await using house = await openHouseWithOkta()
    await house.putUser('Zoe@Example.com', { created_by: { connector: { id: 'okta' } } })
    const { session } = await enterAs(house, identity())
    expect(session.user).toBe('Zoe@Example.com')
    const recycled = identity({ subject: 'https://okta.example.com#00u2' })
    expect(await refusal(enterAs(house, recycled), 'CONNECTOR_REFUSED')).toBe(taken)
    const event = (await house.events()).at(-1)
    expect(event).toMatchObject({ code: 'T1001W', success: false, user: 'Zoe@Example.com', error: taken })
    expect(event?.['message']).toContain('another subject')
  })

  test('a pushed user is bound only with the external id of the directory, where the connector asks for it', async () => {
    await using house = await openHouseWithOkta({ ...groups, scim_external_id_claim: 'oid' })
    await house.putUser(zoe, { created_by: { connector: { id: 'okta' } } })
    await house.store.directories.create({
      id: 'd-1',
      connector: 'okta',
      kind: 'user',
      name: zoe,
      externalId: '7f0c',
      attributes: {},
      createdAt: house.clock.now(),
      updatedAt: house.clock.now(),
    })
    const stranger = identity({
      subject: 'https://okta.example.com#00u2',
      claims: { groups: ['platform'], oid: ['6e1d'] },
    })
    expect(await refusal(enterAs(house, stranger), 'CONNECTOR_REFUSED')).toBe(taken)
    expect((await house.events()).at(-1)).toMatchObject({ code: 'T1001W', user: zoe, error: taken })
    expect((await house.events()).at(-1)?.['message']).toContain('another externalId')
    expect(await house.store.connectors.findIdentityOf(zoe)).toBeUndefined()

    const theirs = { groups: ['platform'], oid: ['7f0c'] }
    const tested = await completeConnectorSignIn(house.deps, identity({ claims: theirs }), desk, {
      test: { by: alice },
    })
    if (tested.status !== 'tested') throw new Error('not a test')
    expect(buildReport(identity(), tested.judgement, await house.deps.catalog.read())).toMatchObject({
      verdict: { how: 'bound', bindsBy: 'external_id' },
      pushedUsersBy: 'external_id',
    })
    await enterAs(house, identity({ claims: theirs }))
    expect((await house.events()).at(-1)).toMatchObject({ bound: true, bound_by: 'external_id' })
    // Who is bound stays so, also when the provider says the claim no more.
    await enterAs(house, identity())
  })

  test('the name of a local user or of another connector is never taken over', async () => {
    await using house = await openHouseWithOkta()
    await settle(house)
    await putOidc(house, 'azure', groups)
    await enterAs(house, identity({ via: 'azure', subject: 'https://azure.example.com#1' }))
    const before = await house.deps.catalog.listUsers()
    for (const username of [alice, alice.toUpperCase(), zoe]) {
      const who = identity({ username, subject: `https://okta.example.com#${username}` })
      expect(await refusal(enterAs(house, who), 'CONNECTOR_REFUSED')).toBe(taken)
    }
    expect((await house.deps.catalog.listUsers()).map(({ value }) => value)).toEqual(
      before.map(({ value }) => value),
    )
  })

  test('deleting the user forgets the subject, and a later user of the name inherits nothing', async () => {
    await using house = await openHouseWithOkta()
    await enterAs(house, identity())
    const input = { kind: 'user', name: zoe, dryRun: false }
    await removeResource(house.deps, input, systemAuthority, desk)
    expect(await house.store.connectors.findIdentityOf(zoe)).toBeUndefined()
    await enterAs(house, identity({ subject: 'https://okta.example.com#00u2' }))
    expect((await house.store.connectors.findIdentityOf(zoe))?.subject).toBe('https://okta.example.com#00u2')
    expect(await refusal(enterAs(house, identity()), 'CONNECTOR_REFUSED')).toBe(taken)
  })

  test('a connector that makes no users refuses strangers', async () => {
    await using house = await openHouseWithOkta({ ...groups, create_users: false })
    expect(await refusal(enterAs(house, identity()), 'CONNECTOR_REFUSED')).toMatch(/no user here yet/)
    expect(await house.deps.catalog.user(zoe)).toBeUndefined()
  })

  test('a name that no user can have is refused in words, and nothing is kept', async () => {
    await using house = await openHouseWithOkta()
    for (const username of ['', 'two words', 'system', 'token/x']) {
      await refusal(enterAs(house, identity({ username })), 'CONNECTOR_REFUSED')
    }
    expect(await house.deps.catalog.listUsers()).toEqual([])
    expect((await house.events()).map(({ code }) => code)).toEqual(['T1001W', 'T1001W', 'T1001W', 'T1001W'])
  })
})

describe('what keeps somebody out', () => {
  test('claims that map to no role that exists', async () => {
    const lines = [
      { claim: 'groups', value: 'platform', roles: ['acess'] },
      { claim: 'groups', value: 'x-*', roles: ['no/role', '$1'] },
    ]
    await using house = await openHouseWithOkta({ claims_to_roles: lines })
    const said = 'No roles mapped from claims. The mappings may contain typos.'
    for (const groups of [[], ['platform'], ['x-nothing', 'x-b/c']]) {
      expect(await refusal(enterAs(house, identity({ claims: { groups } })), 'CONNECTOR_REFUSED')).toBe(said)
    }
    expect((await house.events()).at(-1)).toMatchObject({ code: 'T1001W', error: said })
    expect(await house.deps.catalog.listUsers()).toEqual([])
  })

  test('a user with roles given otherwise is no exception; a connector without mapping leaves them', async () => {
    await using house = await openHouseWithOkta()
    await house.putUser(zoe, { roles: ['extra'], created_by: { connector: { id: 'okta' } } })
    await refusal(enterAs(house, identity({ claims: {} })), 'CONNECTOR_REFUSED')
    await putOidc(house, 'okta', {})
    await enterAs(house, identity({ claims: {} }))
    expect((await house.deps.catalog.user(zoe))?.roles).toEqual(['extra'])
  })

  test.each([
    ['the connector', { connector: 'okta' }],
    ['the user', { user: zoe }],
    ['a role that the mapping gives', { role: 'access' }],
  ])('a lock on %s, and then nothing of the user is written', async (_, target) => {
    await using house = await openHouseWithOkta()
    await house.put('lock', 'out', 'v2', { target, message: 'Call security' })
    expect(await refusal(enterAs(house, identity()), 'LOCKED')).toContain('Call security')
    expect(await house.deps.catalog.user(zoe)).toBeUndefined()
    expect(await house.store.sessions.listByUser(zoe)).toEqual([])
    const [kind = '', name] = Object.entries(target)[0] ?? []
    const title = kind.charAt(0).toUpperCase() + kind.slice(1)
    expect(await house.events()).toMatchObject([
      { code: 'T1001W', error: `lock targeting ${title}:"${name}" is in force`, locks: ['out'] },
    ])
  })

  test('a lock on the connector made later ends what it began', async () => {
    await using house = await openHouseWithOkta()
    const { token } = await enterAs(house, identity())
    await house.put('lock', 'out', 'v2', { target: { connector: 'okta' } })
    expect(await findSession(house.deps, token)).toBeUndefined()
  })

  test('claims beyond all bounds, a removed connector, and a login rule that cannot be read', async () => {
    await using house = await openHouseWithOkta()
    const many = { groups: ['platform', ...Array.from({ length: 5001 }, (_, i) => `g${i}`)] }
    await refusal(enterAs(house, identity({ claims: many })), 'CONNECTOR_REFUSED')
    await refusal(enterAs(house, identity({ via: 'gone' })), 'CONNECTOR_REFUSED')
    await house.put('login_rule', 'odd', 'v1', { priority: 0, traits_map: { groups: ['odd('] } })
    await refusal(enterAs(house, identity()), 'CONNECTOR_REFUSED')
    expect((await house.events()).map(({ message }) => message)).toEqual([
      'the claims have more than 5000 values',
      'the connector was removed meanwhile',
      'a stored login rule cannot be read',
    ])
  })
})

test('the session ends when the upstream may no longer be believed', async () => {
  await using house = await openHouseWithOkta()
  const notAfter = house.clock.now() + hour
  expect((await enterAs(house, identity({ notAfter }))).session.expiresAt).toBe(notAfter)
})

test('a second factor that the cluster requires is the upstream’s matter', async () => {
  await using house = await openHouseWithOkta()
  await house.putPreference({ second_factors: ['otp'] })
  expect((await enterAs(house, identity())).session.stage).toBe('full')
})

test('login rules change the traits before roles are mapped from them, in the order of their priorities', async () => {
  await using house = await openHouseWithOkta()
  await house.put('login_rule', 'a-last', 'v1', {
    priority: 10,
    traits_map: { groups: ['external.team.add("seen")'], email: ['external.email'] },
  })
  await house.put('login_rule', 'b-first', 'v1', {
    priority: 5,
    traits_map: { team: ['strings.lower(external["https://x.example/Teams"])'], email: ['external.email'] },
  })
  const claims = { 'https://x.example/Teams': ['PLATFORM'], email: [zoe], nick: ['z'] }
  await enterAs(house, identity({ claims }))
  expect((await house.deps.catalog.user(zoe))?.traits).toEqual({ groups: ['platform', 'seen'], email: [zoe] })
  // Of the claims only what the mapping looks at.
  expect((await house.events()).find(({ code }) => code === 'T1001I')).toMatchObject({
    applied_login_rules: ['b-first', 'a-last'],
    attributes: { groups: ['platform', 'seen'] },
  })
})

test('a test signs nobody in, keeps nothing but its event, and tells everything', async () => {
  await using house = await openHouseWithOkta()
  const test = { by: 'admin@example.com' }
  const result = await completeConnectorSignIn(house.deps, identity(), desk, { test })
  expect(result).toMatchObject({
    status: 'tested',
    judgement: {
      roles: ['access'],
      lines: [{ claim: 'groups', value: 'platform', matched: ['platform'], given: ['access'] }],
      verdict: { effect: 'sign_in', before: undefined, user: { name: zoe } },
    },
  })
  const bad = await completeConnectorSignIn(house.deps, identity({ claims: {} }), desk, { test })
  expect(bad).toMatchObject({ judgement: { verdict: { effect: 'refuse' } } })
  expect(await house.deps.catalog.listUsers()).toEqual([])
  expect(await house.store.sessions.listByUser(zoe)).toEqual([])
  expect(await house.events()).toMatchObject([
    { code: 'T1010I', user: 'admin@example.com', connector: 'okta', test: true },
    { code: 'T1011W', user: 'admin@example.com', success: false },
  ])
})

test('two first sign-ins of one name at the same time make one user, of one of them', async () => {
  await using house = await openHouseWithOkta()
  const twins = ['00u1', '00u2'].map((sub) => identity({ subject: `https://okta.example.com#${sub}` }))
  const outcomes = await Promise.allSettled(twins.map(async (who) => await enterAs(house, who)))
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await house.deps.catalog.listUsers()).length).toBe(1)
})

test('an empty house knows no connector', async () => {
  await using house = await openHouse()
  await refusal(enterAs(house, identity()), 'CONNECTOR_REFUSED')
})
