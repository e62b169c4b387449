import { describe, expect, test } from 'vitest'
import { memoryEngine, postgresEngine } from '../../store/engines.js'
import {
  admins,
  adminsName,
  adminsRef,
  desk,
  openWorld,
  preference,
  production,
  refused,
  role,
  rule,
  sp,
  token,
  user,
  type World,
} from './world.js'

const documentOf = async ({ store }: World, kind: string, name: string) =>
  (await store.resources.find(kind, name))?.document
const summary = (changes: readonly { action: string; kind: string; name: string }[]) =>
  changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`)

describe.each([
  ['SQLite', memoryEngine],
  ['PostgreSQL', postgresEngine],
])('on %s', (_, engine) => {
  test('a file of several kinds is kept as a whole, roles first, each with its event', async () => {
    const world = await openWorld({ url: await engine.newUrl() })
    const changes = await world.apply([user('alice', { roles: ['dev'] }), sp('aws', 'urn:aws'), role('dev')])
    expect(summary(changes)).toEqual([
      'create role/dev',
      'create user/alice',
      'create saml_idp_service_provider/aws',
    ])
    expect(changes[1]).toMatchObject({
      before: undefined,
      after: { kind: 'user', metadata: { name: 'alice' }, spec: { roles: ['dev'] } },
      notes: [],
    })
    expect((await world.store.resources.find('user', 'alice'))?.revision).toBe(changes[1]?.revision)
    const events = (await world.events()).map(({ event, name, updated_by, user: actor }) => ({
      event,
      name,
      updated_by,
      actor,
    }))
    expect(events).toEqual([
      { event: 'role.created', name: 'dev', updated_by: 'system', actor: 'system' },
      { event: 'user.create', name: 'alice', updated_by: 'system', actor: 'system' },
      { event: 'saml.idp.service.provider.create', name: 'aws', updated_by: 'system', actor: 'system' },
    ])
  })

  test('of a file with one bad document nothing is kept, and every problem is told', async () => {
    const world = await openWorld({ url: await engine.newUrl() })
    await world.apply([sp('one', 'urn:one'), user('alice')])
    const before = await world.traces()
    const error = await refused(
      world.apply([role('dev'), sp('two', 'urn:one'), user('Alice'), user('bob'), sp('three', 'urn:one')]),
    )
    expect(error.code).toBe('ALREADY_EXISTS')
    expect(error.message.split('\n')).toEqual([
      expect.stringMatching(/^document 2: .*cannot have the identifier "urn:one".*"one" has it/),
      expect.stringMatching(/^document 3: the name "Alice" looks like that of the user "alice"/),
      expect.stringMatching(/^document 5: .*cannot have the identifier "urn:one"/),
    ])
    expect(error.details['problems']).toHaveLength(3)
    const { events, ...kept } = await world.traces()
    const { events: earlier, ...was } = before
    expect(kept).toEqual(was)
    // Nothing was done; that service providers were refused is told.
    const told = events.slice(earlier.length).map(({ code, name }) => [code, name])
    expect(told).toEqual([
      ['TSI001W', 'two'],
      ['TSI001W', 'three'],
    ])
    expect(await world.apply([role('dev'), sp('two', 'urn:two'), user('bob')])).toHaveLength(3)
  })

  test('a dry run tells what would happen and leaves no trace', async () => {
    const world = await openWorld({ url: await engine.newUrl() })
    await world.apply([rule('all', '*', ['*']), role('dev'), user('alice', { roles: ['all'] })])
    await world.settle('chief', ['all'])
    await world.openSession('alice', 's1')
    const before = await world.traces()
    const documents = [user('bob'), token('ci', { roles: ['dev'], ttl: '1h' }), role('dev', { options: {} })]
    const told = await world.apply(documents, { dryRun: true, by: await world.person('alice') })
    expect(summary(told)).toEqual(['update role/dev', 'create user/bob', 'create token/ci'])
    expect(told.map(({ revision, secret }) => [revision, secret])).toEqual(
      told.map(() => [undefined, undefined]),
    )
    const removed = await world.remove('user', 'alice', { dryRun: true })
    expect(removed.notes).toEqual(['Ends 1 session of alice.'])
    expect(await world.traces()).toEqual(before)
    expect(await world.store.sessions.listByUser('alice')).toHaveLength(1)

    const done = await world.apply(documents, { by: await world.person('alice') })
    expect(done.map(({ secret }) => secret !== undefined)).toEqual([false, false, true])
    expect(summary(done)).toEqual(summary(told))
    expect(done.map(({ after }) => after?.metadata)).toEqual(told.map(({ after }) => after?.metadata))
    expect(await world.traces()).not.toEqual(before)
  })

  test('two writers on one revision: the later one is refused and sees what the other wrote', async () => {
    const world = await openWorld({ url: await engine.newUrl() })
    const [created] = await world.apply(role('dev'))
    const expectedRevision = created?.revision ?? ''
    const edits = ['1h', '2h'].map((ttl) =>
      world.apply(role('dev', { options: { max_session_ttl: ttl } }), { mode: 'update', expectedRevision }),
    )
    const answers = await Promise.allSettled(edits)
    const won = answers.find(({ status }) => status === 'fulfilled')
    const lost = await refused(
      edits[answers.findIndex(({ status }) => status === 'rejected')] ?? Promise.resolve(),
    )
    expect(won).toBeDefined()
    expect(lost.code).toBe('REVISION_MISMATCH')
    expect(lost.details['current']).toEqual({
      revision: (await world.store.resources.find('role', 'dev'))?.revision,
      document: await documentOf(world, 'role', 'dev'),
    })
  })
})

describe('modes', () => {
  test('create refuses what exists; replace overwrites it; update refuses what does not exist', async () => {
    const world = await openWorld()
    await world.apply(role('dev'), { mode: 'create' })
    const again = await refused(world.apply(role('dev'), { mode: 'create' }))
    expect([again.code, again.message]).toEqual([
      'ALREADY_EXISTS',
      'role "dev" exists already; change that one, or choose another name',
    ])
    expect(summary(await world.apply(role('dev', { options: {} })))).toEqual(['update role/dev'])
    const missing = await refused(world.apply(role('ops'), { mode: 'update' }))
    expect([missing.code, missing.message]).toEqual(['NOT_FOUND', 'there is no role named "ops"'])
    expect(summary(await world.apply(role('ops')))).toEqual(['create role/ops'])
  })

  test('what does not change is neither written nor recorded', async () => {
    const world = await openWorld()
    await world.apply(role('dev'))
    const before = await world.traces()
    const [same] = await world.apply(role('dev'))
    expect(same).toMatchObject({ action: 'none', revision: expect.any(String) as string })
    expect(await world.traces()).toEqual(before)
  })

  test('metadata.revision guards a replacement; without it the last one wins', async () => {
    const world = await openWorld()
    const [first] = await world.apply(role('dev'))
    const revision = first?.revision
    await world.apply(role('dev', { options: {} }))
    const stale = role('dev', { allow: {} }, { revision })
    const error = await refused(world.apply(stale))
    expect(error.code).toBe('REVISION_MISMATCH')
    expect(error.message).toContain('role "dev" was changed since you read it')
    const current = (await world.store.resources.find('role', 'dev'))?.revision
    expect(summary(await world.apply(role('dev', { allow: {} }, { revision: current })))).toEqual([
      'update role/dev',
    ])
    expect(summary(await world.apply(role('dev', { deny: {} })))).toEqual(['update role/dev'])
    expect(await documentOf(world, 'role', 'dev')).not.toHaveProperty('metadata.revision')
  })

  test('an update tells the paths that differ, without values', async () => {
    const world = await openWorld()
    await world.apply(user('alice', { roles: ['a'], traits: { team: ['x'] } }))
    await world.apply(
      user('alice', { roles: ['b'], traits: { team: ['x'], level: ['secret'] } }, { description: 'd' }),
    )
    const event = (await world.events()).at(-1)
    expect(event).toMatchObject({
      event: 'user.update',
      changed: ['metadata.description', 'spec.roles', 'spec.traits.level'],
      roles: ['b'],
      connector: 'local',
    })
    expect(JSON.stringify(event)).not.toContain('secret')
  })

  test('a broken stored resource can be replaced', async () => {
    const world = await openWorld()
    const now = world.clock.now()
    await world.store.resources.create({
      kind: 'role',
      name: 'dev',
      document: { kind: 'role', spec: 7 },
      now,
    })
    expect(summary(await world.apply(role('dev')))).toEqual(['update role/dev'])
    expect((await world.deps.catalog.read()).problems()).toEqual([])
  })
})

describe('notes', () => {
  test('name placeholders and account ids that nobody has in a role that is kept all the same', async () => {
    const world = await openWorld()
    const entry = (account: string, permission_set = '*') => ({ account, permission_set })
    const allow = [
      entry('<account_id>'),
      entry('<account_id>', admins.arn),
      entry('*', 'arn:aws:sso:::permissionSet/<instance>/<set>'),
      entry('111111111111'),
      entry(production.id),
      entry('^(?P<env>5+)$'),
    ]
    const document = role('guide', {
      allow: { account_assignments: allow },
      deny: { account_assignments: [entry('222222222222')] },
    })
    const [kept] = await world.apply([document])
    expect(kept?.notes).toEqual([
      '"<account_id>" is a placeholder; no account has this id.',
      'No account that is known has the id 111111111111; it gives nothing until one has.',
      'No account that is known has the id 222222222222; it gives nothing until one has.',
      '"arn:aws:sso:::permissionSet/<instance>/<set>" is a placeholder; no permission set has this ARN.',
    ])
    expect((await world.deps.catalog.read()).role('guide')).toBeDefined()
    const many = Array.from({ length: 13 }, (_, at) => entry(String(100_000_000_000 + at)))
    const [long] = await world.apply([role('long', { allow: { account_assignments: many } })])
    expect(long?.notes).toHaveLength(11)
    expect(long?.notes.at(-1)).toBe('and 3 more of the same sort.')

    world.aws.inventory = { revision: '2', accounts: [], permissionSets: [] }
    const [early] = await world.apply([
      role('early', { allow: { account_assignments: [entry('111111111111')] } }),
    ])
    expect(early?.notes).toEqual([])
  })

  test('say what has no effect, what gives nothing and which roles are missing', async () => {
    const world = await openWorld()
    const [ignored, idle] = await world.apply([role('old', { allow: { logins: ['root'] } }), role('empty')])
    expect(ignored?.notes).toContain('spec.allow.logins is kept and has no effect here.')
    expect(idle?.notes).toEqual(['Role "empty" neither allows nor denies anything.'])
    const [lonely] = await world.apply(user('alice', { roles: ['gone'] }))
    expect(lonely?.notes.join()).toMatch(/^There is no role "gone"/)
    const [, held] = await world.apply([
      user('bob', { roles: ['fresh'] }),
      role('fresh', { deny: { logins: [] } }),
    ])
    expect(held?.notes).toEqual([])
  })
})

describe('rights', () => {
  const may = async (world: World, verbs: readonly string[], where?: string, resource = 'role') => {
    await world.apply([rule('right', resource, verbs, where), user('bob', { roles: ['right'] })])
    return await world.person('bob')
  }

  test.each([
    ['create', 'update'],
    ['update', 'create'],
  ])('%s does not include %s', async (verb, other) => {
    const world = await openWorld()
    await world.apply(role('old'))
    const bob = await may(world, [verb])
    const [mine, others] = verb === 'create' ? ['new', 'old'] : ['old', 'new']
    const changed = role(others, { options: {} })
    expect(await world.apply(role(mine, { options: {} }), { by: bob })).toHaveLength(1)
    const error = await refused(world.apply(changed, { by: bob }))
    expect([error.code, error.message]).toEqual([
      'FORBIDDEN',
      `your roles do not allow "${other}" on role "${others}"; ask an administrator for a role whose rules do`,
    ])
  })

  test('the actor and the place of the request stand in the event', async () => {
    const world = await openWorld()
    const bob = await may(world, ['create'])
    await world.apply(role('new'), { by: bob })
    expect((await world.events()).at(-1)).toMatchObject({
      user: 'bob',
      updated_by: 'bob',
      'addr.remote': desk.address,
      request_id: desk.requestId,
      user_kind: 1,
    })
    // Whoever acts is known, whatever the name looks like.
    await world.apply(role('other'), { by: { ...bob, name: 'system' } })
    expect((await world.events()).at(-1)).toMatchObject({ user: 'system', user_kind: 1 })
    await world.apply(role('third'), { by: { ...bob, name: 'ci', kind: 'machine' } })
    expect((await world.events()).at(-1)).toMatchObject({ user: 'ci', user_kind: 2 })
    await world.apply(role('fourth'))
    expect((await world.events()).at(-1)).toMatchObject({ user: 'system', user_kind: 3 })
  })

  const mine = 'resource.metadata.labels["owner"] == user.metadata.name'

  test('a condition has to hold for the old document and for the new one', async () => {
    const world = await openWorld()
    const owned = (owner: string, spec: object = {}) => role('thing', spec, { labels: { owner } })
    await world.apply(owned('bob'))
    const bob = await may(world, ['create', 'update'], mine)
    expect(await world.apply(owned('bob', { options: {} }), { by: bob })).toHaveLength(1)
    expect((await refused(world.apply(owned('carol'), { by: bob }))).code).toBe('FORBIDDEN')
    await world.apply(owned('carol'))
    expect((await refused(world.apply(owned('bob'), { by: bob }))).code).toBe('FORBIDDEN')
    expect((await refused(world.apply(role('other'), { by: bob }))).code).toBe('FORBIDDEN')
    expect(await world.apply(role('other', {}, { labels: { owner: 'bob' } }), { by: bob })).toHaveLength(1)
  })

  test('whoever may not read is shown neither the old document nor the current one', async () => {
    const world = await openWorld()
    const [created] = await world.apply(role('thing', { options: { max_session_ttl: '7h' } }))
    const blind = await may(world, ['update'])
    const [change] = await world.apply(role('thing', { options: {} }), { by: blind })
    expect(change?.before).toBeUndefined()
    const stale = { by: blind, expectedRevision: created?.revision ?? '' }
    const error = await refused(world.apply(role('thing'), stale))
    expect(error.code).toBe('REVISION_MISMATCH')
    expect(error.details).not.toHaveProperty('current')

    const seeing = await may(world, ['update', 'read'])
    const [seen] = await world.apply(role('thing', { deny: {} }), { by: seeing })
    expect(seen?.before).toMatchObject({ spec: { options: {} } })
    expect((await refused(world.apply(role('thing'), { ...stale, by: seeing }))).details).toHaveProperty(
      'current',
    )
  })

  test('the operator changes nothing', async () => {
    const world = await openWorld()
    const operator = { name: 'operator', kind: 'operator', user: undefined, roles: [] } as const
    const error = await refused(world.apply(role('x'), { by: operator }))
    expect([error.code, error.message]).toEqual([
      'FORBIDDEN',
      'the operator token does not allow "create" on role "x"; sign in as a person whose roles do',
    ])
  })
})

describe('account assignment roles', () => {
  test('are written by name, stored by ids and shown by name again, also after the account is renamed', async () => {
    const world = await openWorld()
    const [change] = await world.apply(user('alice', { roles: [adminsName, 'dev', adminsRef] }))
    expect(change?.after).toMatchObject({ spec: { roles: [adminsName, 'dev'] } })
    expect(await documentOf(world, 'user', 'alice')).toMatchObject({ spec: { roles: [adminsRef, 'dev'] } })
    const { accounts, permissionSets } = world.aws.inventory
    const renamed = accounts.map((account) => ({ ...account, name: 'live', formerNames: ['production'] }))
    world.aws.inventory = { revision: '2', accounts: renamed, permissionSets }
    const view = await world.deps.catalog.read()
    const alice = view.user('alice')
    if (alice === undefined) throw new Error('alice is not there')
    expect(view.rolesOf(alice).roles.map(({ name }) => name)).toEqual([
      'AdministratorAccess-on-live-555555555555',
    ])
    const [again] = await world.apply(user('alice', { roles: [adminsName, 'dev'] }))
    expect(again?.action).toBe('none')
    expect(again?.after).toMatchObject({
      spec: { roles: ['AdministratorAccess-on-live-555555555555', 'dev'] },
    })
  })

  test('that the inventory does not know are refused by name and kept by reference', async () => {
    const world = await openWorld()
    const error = await refused(
      world.apply(user('alice', { roles: ['dev', 'Admin-on-nowhere-555555555555'] })),
    )
    expect(error.code).toBe('INVALID_RESOURCE')
    expect(error.message).toBe(
      'user "alice": spec.roles.1: "Admin-on-nowhere-555555555555" has the form of an account assignment role, and no ' +
        'known account and permission set make it; check the name, or write assignment/<account id>/<permission set ARN>',
    )
    expect((await refused(world.apply(user('alice', { roles: ['assignment/1/x'] })))).message).toContain(
      'is not the name of a role',
    )
    const unknown = adminsRef.replace('555555555555', '666666666666')
    const [kept] = await world.apply(user('alice', { roles: [unknown] }))
    expect(kept?.after).toMatchObject({ spec: { roles: [unknown] } })
    expect(kept?.notes.join()).toContain(unknown)
  })

  test('cannot be written, nor can any role have such a name', async () => {
    const world = await openWorld()
    const system = await refused(world.apply(role(adminsName)))
    expect([system.code, system.message]).toEqual([
      'SYSTEM_RESOURCE',
      `role "${adminsName}" is computed by the gateway from what exists in AWS; it can be given to people, not changed`,
    ])
    const reserved = await refused(world.apply(role('Any-on-where-123456789012')))
    expect(reserved.code).toBe('RESERVED_NAME')
    expect(reserved.message).toContain('choose another name')
    expect(await world.apply(role('Any-on-where-12345'))).toHaveLength(1)
    expect(await world.apply(user('Any-on-where-123456789012'))).toHaveLength(1)
  })
})

describe('users', () => {
  test('inherit nothing from an earlier one of their name', async () => {
    const world = await openWorld()
    await world.store.credentials.putPassword({ user: 'alice', hash: 'x', changedAt: 1 })
    await world.openSession('alice', 's1')
    await world.apply(user('alice'))
    expect(await world.store.credentials.findPassword('alice')).toBeUndefined()
    expect(await world.store.sessions.listByUser('alice')).toEqual([])
  })

  test('keep who signs them in', async () => {
    const world = await openWorld()
    const ofOkta = { created_by: { connector: { id: 'okta' } } }
    await world.apply(user('alice', ofOkta))
    const error = await refused(world.apply(user('alice')))
    expect(error.code).toBe('INVALID_RESOURCE')
    expect(error.message).toContain('user "alice": spec.created_by: this user signs in by okta')
    expect(await world.apply(user('alice', { ...ofOkta, roles: ['x'] }))).toHaveLength(1)
    await world.apply(user('bob'))
    const ofLocal = { created_by: { connector: { id: 'local' } } }
    expect((await refused(world.apply(user('bob', ofLocal)))).code).toBe('INVALID_RESOURCE')
  })
})

describe('service providers', () => {
  const expired = (until: string) => ({
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: 'aws' },
    spec: {
      entity_descriptor: `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:aws" validUntil="${until}"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.com/acs" index="0"/></SPSSODescriptor></EntityDescriptor>`,
    },
  })

  test('with metadata past its validUntil are refused when handed in, and work on when stored', async () => {
    const world = await openWorld()
    const error = await refused(world.apply(expired('2026-03-02T08:59:59Z')))
    expect([error.code, error.message]).toEqual([
      'INVALID_METADATA',
      expect.stringContaining(
        'saml_idp_service_provider "aws": metadata: the metadata was valid until 2026-03-02T08:59:59Z',
      ),
    ])
    await world.apply(expired('2026-03-02T09:00:01Z'))
    world.clock.advance(60_000)
    expect(await world.deps.catalog.serviceProviderByName('aws')).toBeDefined()
    expect((await world.deps.catalog.read()).problems()).toEqual([])
  })

  test('have entity IDs of their own (T5), also within one file', async () => {
    const world = await openWorld()
    const error = await refused(world.apply([sp('one', 'urn:x'), sp('two', 'urn:x')]))
    expect(error.code).toBe('ALREADY_EXISTS')
    expect(error.message).toContain('"urn:x"')
    expect(await world.apply([sp('one', 'urn:x'), sp('two', 'urn:y')])).toHaveLength(2)
    expect((await refused(world.apply(sp('two', 'urn:x')))).code).toBe('ALREADY_EXISTS')
    expect((await world.events()).filter(({ success }) => success === true).at(-1)).toMatchObject({
      service_provider_entity_id: 'urn:y',
      service_provider_shortcut: 'two',
    })
  })
})

test('the preference is one, and deleting it brings the defaults back', async () => {
  const world = await openWorld()
  expect(summary(await world.apply(preference({ second_factors: [] })))).toEqual([
    'create cluster_auth_preference/cluster-auth-preference',
  ])
  expect((await world.deps.catalog.preference()).secondFactor).toBe('optional')
  const removed = await world.remove('cap', 'cluster-auth-preference')
  expect(removed.notes).toEqual(['The defaults hold from now on.'])
  expect((await world.deps.catalog.preference()).secondFactor).toBe('required')
  expect((await world.events()).map(({ event }) => event)).toEqual([
    'auth_preference.update',
    'auth_preference.delete',
  ])
  const gone = await refused(world.remove('cap', 'cluster-auth-preference'))
  expect([gone.code, gone.message]).toEqual([
    'NOT_FOUND',
    'no cluster preference is stored, so the defaults hold',
  ])
})

test('the secret of a new token is told to whoever made it, and stands nowhere else', async () => {
  const world = await openWorld()
  await world.apply([rule('right', 'token', ['create']), user('bob', { roles: ['right'] })])
  const [made] = await world.apply(token('ci', { ttl: '1h' }), { by: await world.person('bob') })
  expect(made?.secret).toMatch(/^ght_/)
  expect(JSON.stringify(await world.traces())).not.toContain(made?.secret)
  const [again] = await world.apply(token('ci', { ttl: '2h' }))
  expect(again?.secret).toBeUndefined()
})
