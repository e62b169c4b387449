/** What a session has assumed: it adds, while its request lives, and takes nothing away. */
import { beforeEach, describe, expect, test } from 'vitest'
import { digestRoles, takeSnapshot } from '../../../src/core/access-request/snapshot.js'
import type { AccessRequest } from '../../../src/core/access-request/access-request.js'
import { hour, minute } from '../../../src/core/time.js'
import { personAt } from '../../../src/service/access-requests/assumed.js'
import { requestWorld } from '../../../src/service/access-requests/world.js'
import { findSession } from '../../../src/service/people/session.js'
import { hashToken } from '../../../src/service/people/tokens.js'
import { lock, openWorld, role, user, type World } from '../resources/world.js'
import { newRequest } from '../../sync/requests-world.js'

const ann = 'ann@example.com'
const token = 'token of ann'
const tokenHash = hashToken(token)
const audit = { allow: { rules: [{ resources: ['event'], verbs: ['list'] }] } }

let world: World

/** A live request of `ann` for the role `auditor` and, for one application, for `opener`. */
async function aLive(id = 'r1', changes: Partial<AccessRequest> = {}): Promise<AccessRequest> {
  const now = world.clock.now()
  const gave = takeSnapshot('auditor', requestWorld(await world.deps.catalog.read()))
  const digest = digestRoles(['opener'], requestWorld(await world.deps.catalog.read()))
  if (gave === undefined || gave === 'too_many' || digest === undefined) throw new Error('no snapshot')
  const asked = [
    { kind: 'role', name: 'auditor' },
    { kind: 'app', name: 'wiki' },
  ] as const
  const request = newRequest(id, now, asked, {
    state: 'approved',
    resolvedAt: now,
    activatedAt: now,
    endsAt: now + hour,
  })
  const items = request.items.map((item) => ({
    ...item,
    state: 'approved' as const,
    ...(item.asked.kind === 'role'
      ? { gave }
      : { terms: { ...item.terms, roles: ['opener'] }, gave: { pairs: [], digest } }),
  }))
  const live = { ...request, items, ...changes }
  await world.store.accessRequests.create(live)
  return live
}

async function open() {
  return await findSession(world.deps, token)
}

beforeEach(async () => {
  world = await openWorld()
  await world.apply([role('base', {}), role('auditor', audit), role('opener', {})])
  await world.settle(ann, ['base'])
  const now = world.clock.now()
  await world.store.sessions.create({
    ...{
      tokenHash,
      id: 's1',
      client: 'browser',
      label: undefined,
      user: ann,
      stage: 'full',
      methods: ['password'],
    },
    ...{
      createdAt: now,
      authenticatedAt: now,
      lastSeenAt: now,
      expiresAt: now + 12 * hour,
      idleTimeoutMs: undefined,
    },
    ...{ address: '192.0.2.7', userAgent: 'Firefox', assumed: ['r1'] },
  })
})

describe('an assumed request', () => {
  test('adds its role everywhere, and the roles of an application there alone', async () => {
    await aLive()
    const found = await open()
    expect(found?.user.roles).toEqual(['base', 'auditor'])
    expect(found?.assumed?.own.roles).toEqual(['base'])
    expect(found?.assumed?.requests).toEqual(['r1'])
    if (found === undefined) throw new Error('no session')
    expect(personAt(found, 'wiki').roles).toEqual(['base', 'auditor', 'opener'])
    expect(personAt(found, 'other').roles).toEqual(['base', 'auditor'])
  })

  test('of a session that assumed nothing adds nothing', async () => {
    await aLive()
    await world.store.sessions.setAssumed(tokenHash, [])
    const found = await open()
    expect([found?.user.roles, found?.assumed]).toEqual([['base'], undefined])
  })

  test('adds nothing from its end on, and the session goes on', async () => {
    await aLive()
    world.clock.advance(hour - 1)
    expect((await open())?.user.roles).toEqual(['base', 'auditor'])
    world.clock.advance(1)
    expect((await open())?.user.roles).toEqual(['base'])
  })

  const without: readonly [string, () => Promise<unknown>][] = [
    ['it was revoked', () => aLive('r1', { state: 'revoked' })],
    ['it was promoted: the list gives it', () => aLive('r1', { state: 'promoted' })],
    ['it has not begun', () => aLive('r1', { activatedAt: undefined })],
    ['it is of somebody else', () => aLive('r1', { user: 'bob@example.com' })],
    ['there is none by this id', () => aLive('r2')],
  ]
  test.each(without)('adds nothing where %s', async (_, make) => {
    await make()
    const found = await open()
    expect([found?.user.roles, found?.assumed]).toEqual([['base'], undefined])
  })

  test('adds no role that was changed since the approval (T30), and it again once it is as it was', async () => {
    await aLive()
    await world.apply(role('auditor', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } }))
    expect((await open())?.user.roles).toEqual(['base'])
    await world.apply(role('auditor', audit))
    expect((await open())?.user.roles).toEqual(['base', 'auditor'])
  })

  test('adds no role that is locked, and the session goes on', async () => {
    await aLive()
    await world.apply(lock('l', { target: { role: 'auditor' } }))
    expect((await open())?.user.roles).toEqual(['base'])
  })

  test('of a locked person opens nothing', async () => {
    await aLive()
    await world.apply(lock('l', { target: { user: ann } }))
    expect(await open()).toBeUndefined()
  })

  test('whose role allows shorter sessions than this one has lasted adds nothing, and the session goes on', async () => {
    await world.apply(role('auditor', { ...audit, options: { max_session_ttl: '30m' } }))
    await aLive()
    expect((await open())?.user.roles).toEqual(['base', 'auditor'])
    expect((await open())?.session.expiresAt).toBeGreaterThan(world.clock.now() + 30 * minute)
    world.clock.advance(31 * minute)
    expect((await open())?.user.roles).toEqual(['base'])
  })
})

describe('a name that another person has', () => {
  test('inherits no request, no assumed role and nothing laid aside (T7)', async () => {
    await aLive()
    const item = { user: ann, kind: 'favourite', name: 'f', document: {}, updatedAt: 0 } as const
    await world.store.shelf.put(item, 9)
    await world.remove('user', ann)
    await world.apply(user(ann, { roles: ['base'] }))
    const request = await world.store.accessRequests.find('r1')
    expect([request?.state, request?.endsAt]).toEqual(['revoked', world.clock.now()])
    expect(await world.store.shelf.list(ann)).toEqual([])
    const told = (await world.events()).filter(({ event }) => event === 'access_request.update')
    expect(told.map(({ id, action, user: who }) => [id, action, who])).toEqual([['r1', 'revoked', ann]])
  })

  test('and those of others stay', async () => {
    await aLive('r1', { user: 'bob@example.com' })
    await world.remove('user', ann)
    expect((await world.store.accessRequests.find('r1'))?.state).toBe('approved')
  })
})
