import { describe, expect, test } from 'vitest'
import { systemAuthority } from '../../../src/service/authority.js'
import { CatalogView } from '../../../src/service/resources/catalog-view.js'
import { keepAdministrator } from '../../../src/service/resources/last-administrator.js'
import {
  adminsName,
  lock,
  openWorld,
  preference,
  refused,
  role,
  rule,
  token,
  user,
  type World,
} from './world.js'

describe('a deletion', () => {
  test('answers what is gone and leaves an event', async () => {
    const world = await openWorld()
    await world.apply(role('dev', { options: {} }))
    expect(await world.remove('roles', 'dev')).toEqual({
      action: 'delete',
      kind: 'role',
      name: 'dev',
      revision: undefined,
      before: { kind: 'role', version: 'v8', metadata: { name: 'dev' }, spec: { options: {} } },
      after: undefined,
      notes: [],
      secret: undefined,
    })
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'role.deleted',
      name: 'dev',
      updated_by: 'system',
    })
    const again = await refused(world.remove('role', 'dev'))
    expect([again.code, again.message]).toEqual(['NOT_FOUND', 'there is no role named "dev"'])
  })

  test('of a user ends their sessions and forgets what they signed in by, and says so', async () => {
    const world = await openWorld()
    await world.settle('alice', [])
    await world.openSession('alice', 's1')
    await world.openSession('alice', 's2')
    await world.openSession('bob', 's3')
    const { notes } = await world.remove('user', 'alice')
    expect(notes).toEqual(['Ends 2 sessions of alice.', 'Forgets the password of alice.'])
    expect(await world.store.sessions.listByUser('alice')).toEqual([])
    expect(await world.store.sessions.listByUser('bob')).toHaveLength(1)
    expect(await world.store.credentials.findPassword('alice')).toBeUndefined()
    expect((await world.events()).slice(-3)).toEqual([
      expect.objectContaining({ event: 'user.delete', name: 'alice' }),
      expect.objectContaining({ event: 'session.end', name: 'alice', sid: 's1' }),
      expect.objectContaining({ event: 'session.end', name: 'alice', sid: 's2' }),
    ])
  })

  test('of a role tells how many hold it', async () => {
    const world = await openWorld()
    await world.apply([
      role('dev'),
      user('alice', { roles: ['dev'] }),
      token('ci', { roles: ['dev'], ttl: '1h' }),
    ])
    expect((await world.remove('role', 'dev')).notes).toEqual([
      '2 users and tokens name it and will hold nothing by that name.',
    ])
  })

  test('of a token ends its secret', async () => {
    const world = await openWorld()
    await world.apply([rule('right', 'token', ['create']), user('bob', { roles: ['right'] })])
    await world.apply(token('ci', { ttl: '1h' }), { by: await world.person('bob') })
    expect(await world.store.tokens.list()).toHaveLength(1)
    await world.remove('token', 'ci')
    expect(await world.store.tokens.list()).toEqual([])
  })

  test('goes by the revision, where one is given', async () => {
    const world = await openWorld()
    const [first] = await world.apply(role('dev'))
    const [second] = await world.apply(role('dev', { options: {} }))
    const error = await refused(world.remove('role', 'dev', { expectedRevision: first?.revision ?? '' }))
    expect(error.code).toBe('REVISION_MISMATCH')
    expect(error.details).toHaveProperty('current.revision', second?.revision)
    expect((await world.remove('role', 'dev', { expectedRevision: second?.revision ?? '' })).action).toBe(
      'delete',
    )
  })

  test('is for whoever may, of this one; others are told nothing of what exists', async () => {
    const world = await openWorld()
    const where = 'resource.metadata.labels["env"] == "dev"'
    await world.apply([
      rule('right', 'role', ['delete'], where),
      user('bob', { roles: ['right'] }),
      user('eve'),
      role('mine', {}, { labels: { env: 'dev' } }),
      role('yours', {}, { labels: { env: 'prod' } }),
    ])
    const [bob, eve] = [await world.person('bob'), await world.person('eve')]
    expect((await refused(world.remove('role', 'yours', { by: bob }))).code).toBe('FORBIDDEN')
    const done = await world.remove('role', 'mine', { by: bob })
    expect([done.action, done.before]).toEqual(['delete', undefined])
    expect((await refused(world.remove('role', 'gone', { by: bob }))).code).toBe('NOT_FOUND')
    const [existing, missing] = ['yours', 'gone'].map((name) =>
      refused(world.remove('role', name, { by: eve })),
    )
    expect((await existing)?.code).toBe('FORBIDDEN')
    expect((await missing)?.code).toBe('FORBIDDEN')
    expect((await missing)?.message).toBe((await existing)?.message.replace('yours', 'gone'))
  })

  test('of what cannot be read is possible', async () => {
    const world = await openWorld()
    const now = world.clock.now()
    await world.store.resources.create({ kind: 'user', name: 'odd', document: [1], now })
    expect((await world.remove('user', 'odd')).before).toEqual({
      kind: 'user',
      version: '',
      metadata: { name: 'odd' },
    })
    expect((await world.deps.catalog.read()).problems()).toEqual([])
  })

  test('of a computed role is refused', async () => {
    const world = await openWorld()
    expect((await refused(world.remove('role', adminsName))).code).toBe('SYSTEM_RESOURCE')
    expect((await refused(world.remove('role', 'A-on-b-123456789012'))).code).toBe('RESERVED_NAME')
  })

  test('of an unknown kind names those there are', async () => {
    const world = await openWorld()
    const error = await refused(world.remove('rolle', 'x'))
    expect([error.code, error.message]).toEqual([
      'NOT_FOUND',
      '"rolle" is no kind of resource; there are role, login_rule, oidc, saml, github, user, token, saml_idp_service_provider, cluster_auth_preference, integration, plugin, access_list, access_list_member, access_review_rule, device, lock, webhook',
    ])
  })
})

describe('the last administrator', () => {
  const editor = role('editor', { allow: { rules: [{ resources: ['user', 'role'], verbs: ['*'] }] } })
  const others = [role('reader', { allow: { rules: [{ resources: ['*'], verbs: ['list', 'read'] }] } })]
  const message = (name: string, how = 'now') =>
    'after this change nobody who can sign in could update users and roles any more, as ' +
    `${name} can ${how}; make somebody else an administrator first`

  async function ruled(powers: object = editor): Promise<World> {
    const world = await openWorld()
    await world.apply([
      powers,
      ...others,
      role('no', { deny: { rules: [{ resources: ['user'], verbs: ['update'] }] } }),
    ])
    await world.settle('alice', ['editor'])
    await world.settle('bob', ['reader'])
    return world
  }

  const changes: [string, (world: World) => Promise<unknown>][] = [
    ['deleting the user', (world) => world.remove('user', 'alice')],
    ['taking the role away', (world) => world.apply(user('alice', { roles: ['reader'] }))],
    ['a role that denies', (world) => world.apply(user('alice', { roles: ['editor', 'no'] }))],
    ['deleting the role', (world) => world.remove('role', 'editor')],
    ['emptying the role', (world) => world.apply(role('editor'))],
    [
      'a condition in the role',
      (world) => world.apply(rule('editor', '*', ['*'], 'resource.metadata.name == "alice"')),
    ],
    ['locking the user', (world) => world.apply(lock('l', { target: { user: 'alice' } }))],
    ['locking the role', (world) => world.apply(lock('l', { target: { role: 'editor' } }))],
  ]

  test.each(changes)('%s is refused, and dry runs say so too', async (_, change) => {
    const world = await ruled()
    const before = await world.traces()
    const error = await refused(change(world))
    expect([error.code, error.message]).toEqual(['LAST_ADMINISTRATOR', message('alice')])
    expect(await world.traces()).toEqual(before)
  })

  test.each(changes)('%s is done where another one can go on', async (_, change) => {
    const world = await ruled()
    await world.apply(role('chief', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } }))
    await world.settle('carol', ['chief'])
    await change(world)
  })

  test.each(changes)('%s is done where nobody could administer before', async (_, change) => {
    const world = await ruled(rule('editor', 'user', ['*']))
    await change(world)
  })

  test.each(changes)('%s is refused where the one who could has no password just now', async (_, change) => {
    const world = await ruled()
    await world.store.credentials.deleteAll('alice')
    const error = await refused(change(world))
    expect([error.code, error.message]).toEqual(['LAST_ADMINISTRATOR', message('alice', 'with a reset link')])
    await world.apply(user('carol', { roles: ['editor'] }))
    await world.remove('user', 'alice')
  })

  test('another one without a password does not stand for one who has it', async () => {
    const world = await ruled()
    await world.apply(user('carol', { roles: ['editor'] }))
    expect((await refused(world.remove('user', 'alice'))).code).toBe('LAST_ADMINISTRATOR')
    await world.store.credentials.putPassword({ user: 'carol', hash: 'x', changedAt: 0 })
    expect((await world.remove('user', 'alice')).action).toBe('delete')
  })

  test('nor does one of a connector, with which nobody signs in', async () => {
    const world = await ruled()
    await world.apply(user('dora', { roles: ['editor'], created_by: { connector: { id: 'okta' } } }))
    expect((await refused(world.remove('user', 'alice'))).code).toBe('LAST_ADMINISTRATOR')
    await world.store.credentials.deleteAll('alice')
    expect((await refused(world.remove('user', 'alice'))).code).toBe('LAST_ADMINISTRATOR')
  })

  test('nor anybody whose session would be over at once', async () => {
    const world = await ruled()
    await world.apply(preference({ default_session_ttl: '8h' }))
    const before = await world.deps.catalog.read()
    const now = world.clock.now()
    const afterWith = (defaultSessionTtlMs: number): CatalogView => {
      const kind = 'cluster_auth_preference'
      const parsed = [...before.parsed(kind)].map(([name, one]) => {
        const entry = one.entry && { ...one.entry, value: { ...before.preference(), defaultSessionTtlMs } }
        return [name, { ...one, entry }] as const
      })
      const kinds = new Map(before.contents.kinds)
      kinds.set(kind, new Map(parsed) as ReturnType<typeof before.parsed>)
      return new CatalogView({ ...before.contents, kinds })
    }
    const change = async (ttl: number, kind = 'cluster_auth_preference'): Promise<string> =>
      await keepAdministrator(
        world.store,
        { before, after: afterWith(ttl) },
        { kinds: [kind], authority: systemAuthority, now },
        () => Promise.resolve('done'),
      )
    expect((await refused(change(299_999))).code).toBe('LAST_ADMINISTRATOR')
    expect(await change(300_000)).toBe('done')
  })

  test('a lock that has ended holds nobody', async () => {
    const world = await ruled()
    await world.settle('carol', ['editor'])
    await world.apply(lock('l', { target: { user: 'carol' }, ttl: '1h' }))
    expect((await refused(world.remove('user', 'alice'))).code).toBe('LAST_ADMINISTRATOR')
    world.clock.advance(3_600_001)
    expect((await world.remove('user', 'alice')).action).toBe('delete')
  })

  test('one call may hand over', async () => {
    const world = await ruled()
    await world.apply([user('alice'), user('bob', { roles: ['editor'] })])
  })
})
