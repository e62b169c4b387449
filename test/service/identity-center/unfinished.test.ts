/** Nobody is told that AWS is as it should be while changes fail, wait, or have no answer. */
import { describe, expect, test } from 'vitest'
import { pairKey } from '../../../src/core/identity-center/observation.js'
import { noteNames } from '../../../src/core/identity-center/note-names.js'
import { requestOver } from '../../../src/core/plan/diff-assignments.js'
import { formatInstant, minute, second } from '../../../src/core/time.js'
import { listAssignments } from '../../../src/service/identity-center/assignments.js'
import { applyPlan } from '../../../src/service/identity-center/apply.js'
import { startImport } from '../../../src/service/identity-center/import.js'
import { readPlan } from '../../../src/service/identity-center/plan.js'
import { readStatus } from '../../../src/service/identity-center/status.js'
import { desk, user } from '../resources/world.js'
import { openIcWorld, plugin, pluginName, type IcWorld } from './world.js'

const by = 'ada@example.com'
const settings = {
  saml_idp_service_provider_name: 'aws',
  provisioning_spec: { base_url: 'https://scim.eu-central-1.amazonaws.com/t/scim/v2/' },
}

async function liveWorld(): Promise<IcWorld> {
  const us = await openIcWorld({ settings })
  await us.sync.scan()
  await startImport(us.deps, pluginName, by, desk)
  const now = us.world.clock.now()
  const token = { slot: 1, sealedToken: 'x', host: 'scim.eu-central-1.amazonaws.com' } as const
  await us.world.store.scimTokens.put(pluginName, {
    ...token,
    addedAt: now,
    addedBy: by,
    expiresAt: now + 300 * 24 * 60 * minute,
    refusedAt: undefined,
  })
  await us.world.apply(plugin({ ...settings, sync: 'active' }))
  return us
}

/** A plan that AWS has wholly, but for one change that was sent and never answered. */
async function withOpenChange(us: IcWorld, sentAgo: number): Promise<void> {
  const { plan } = us.sync
  us.sync.plan = async () => {
    const current = await plan.call(us.sync)
    return { ...current, plan: { ...current.plan, actions: [], drift: [], setAside: [] } }
  }
  us.sync.lastSync = {
    at: us.world.clock.now(),
    success: true,
    says: 'Identity Center is as it should be.',
    changed: 0,
  }
  us.sync.lastScan = { at: us.world.clock.now(), tookMs: second, everyMs: 5 * minute }
  const open = { state: 'open', endedAt: undefined, error: undefined, remedy: undefined } as const
  await us.world.store.transaction((tx) =>
    tx.changes.begin(pluginName, {
      ...open,
      id: us.world.deps.random.uuid(),
      key: 'user.create/new@example.com',
      action: {
        kind: 'user.create',
        key: 'user.create/new@example.com',
        because: '',
        user: 'new@example.com',
      },
      begunAt: us.world.clock.now() - sentAgo,
      holder: 'test',
    }),
  )
}

describe('a change without an answer', () => {
  test('is told by the status, the last sync and the plan, with the next try', async () => {
    const us = await liveWorld()
    await withOpenChange(us, minute)
    us.sync.nextTryAt = us.world.clock.now() + 40 * second
    const status = await readStatus(us.deps, pluginName)
    expect(status.health).not.toBe('healthy')
    expect(status.waiting).toMatchObject({ open: 1, nextAt: expect.any(String) as string })
    expect(status.lastSync?.says).toBe('1 change is not in AWS yet: 1 has no answer of AWS.')
    expect(status.problems).toContainEqual({
      code: 'unfinished',
      weight: 'attention',
      says: '1 change is not in AWS yet: 1 has no answer of AWS.',
      remedy: 'AWS is asked again by itself. The next try is in 40 seconds.',
    })
    const plan = await readPlan(us.deps, pluginName, { show: 'all', limit: 50 })
    expect(plan.unfinished).toMatchObject({ count: 1 })
  })

  test('that was sent a moment ago is no problem yet, and nothing is said of it once it is answered', async () => {
    const us = await liveWorld()
    await withOpenChange(us, second)
    const status = await readStatus(us.deps, pluginName)
    expect(status.problems.map(({ code }) => code)).not.toContain('unfinished')
    const [open] = await us.world.store.changes.listOpen(pluginName)
    const ended = { state: 'succeeded', error: undefined, remedy: undefined } as const
    await us.world.store.transaction((tx) =>
      tx.changes.end(pluginName, open?.id ?? '', { ...ended, endedAt: us.world.clock.now() }),
    )
    const after = await readStatus(us.deps, pluginName)
    expect(after.lastSync?.says).toBe('Identity Center is as it should be.')
    expect((await readPlan(us.deps, pluginName, { show: 'all', limit: 50 })).unfinished).toBeUndefined()
  })
})

describe('access that ended and is in AWS all the same', () => {
  const withEnds = (us: IcWorld, ends: readonly (number | undefined)[]): void => {
    const { plan } = us.sync
    us.sync.plan = async () => {
      const current = await plan.call(us.sync)
      const principal = { kind: 'user', name: 'ann@example.com', awsId: 'u-1' } as const
      const change = {
        kind: 'assignment.delete',
        principal,
        pair: pairKey('111111111111', 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'),
        cause: 'unwanted',
      } as const
      const actions = ends.map((at) => ({
        action: { ...change, key: `ended ${at}`, priority: 'urgent', after: [], because: '' } as const,
        ...{ holds: [], approvedBy: undefined, notBefore: undefined, ended: { at } },
      }))
      return { ...current, plan: { ...current.plan, actions } }
    }
  }

  test('is counted with the first of it, a note while the limits of AWS explain it', async () => {
    const us = await liveWorld()
    const now = us.world.clock.now()
    withEnds(us, [now - second, now - 3 * second, now - 2 * second])
    const status = await readStatus(us.deps, pluginName)
    expect(status.waiting.ends).toEqual({ count: 3, since: formatInstant(now - 3 * second) })
    expect(status.problems).toContainEqual({
      code: 'ended_in_aws',
      weight: 'note',
      says: `3 assignments whose access ended are still in AWS, the first since ${formatInstant(now - 3 * second)}.`,
      remedy: expect.stringContaining('what ended first first') as string,
    })
  })

  test('wants attention at once while the sync is paused, with what to do, also where nobody knows since when', async () => {
    const us = await liveWorld()
    withEnds(us, [undefined])
    await us.world.store.notes.put(noteNames.started(pluginName), {})
    await us.world.apply(plugin({ ...settings, sync: 'paused' }))
    const status = await readStatus(us.deps, pluginName)
    expect(status.problems).toContainEqual(
      expect.objectContaining({
        code: 'ended_in_aws',
        weight: 'attention',
        says: '1 assignment whose access ended is still in AWS.',
        remedy: 'Switch the sync on again: nothing is taken away while it is paused or off.',
      }),
    )
  })

  test('is counted where its removal was sent and AWS did not answer', async () => {
    const us = await liveWorld()
    const begunAt = us.world.clock.now() - second
    withEnds(us, [begunAt])
    const sent = { state: 'open', endedAt: undefined, error: undefined, remedy: undefined } as const
    const begin = async (key: string, because: string) =>
      await us.world.store.transaction((tx) =>
        tx.changes.begin(pluginName, {
          ...{ ...sent, id: us.world.deps.random.uuid(), key, holder: 'h' },
          begunAt: begunAt - second,
          action: { kind: 'assignment.delete', key, because },
        }),
      )
    await begin('sent', requestOver)
    await begin('else', 'is not given here any more')
    const { waiting } = await readStatus(us.deps, pluginName)
    expect(waiting.ends).toEqual({ count: 2, since: formatInstant(begunAt - second) })
    // Planned anew after it was read again: once.
    await begin(`ended ${begunAt}`, requestOver)
    expect((await readStatus(us.deps, pluginName)).waiting.ends?.count).toBe(2)
  })

  test('wants attention once it takes longer than the limits of AWS explain', async () => {
    const us = await liveWorld()
    withEnds(us, [us.world.clock.now() - 3 * minute, undefined])
    const status = await readStatus(us.deps, pluginName)
    expect(status.waiting.ends?.count).toBe(2)
    expect(status.problems).toContainEqual(
      expect.objectContaining({ code: 'ended_in_aws', weight: 'attention' }),
    )
  })

  test('is not told where there is none', async () => {
    const us = await liveWorld()
    const status = await readStatus(us.deps, pluginName)
    expect(status.waiting.ends).toBeUndefined()
    expect(status.problems.map(({ code }) => code)).not.toContain('ended_in_aws')
  })
})

describe('applying a plan', () => {
  test('that AWS stops answering in the middle is never told as done', async () => {
    const us = await liveWorld()
    await us.world.apply([user('one@example.com'), user('two@example.com')])
    await withOpenChange(us, minute)
    const { plan } = us.sync
    let looks = 0
    // Two users to make: one is made, and for the other no answer comes.
    us.sync.plan = async () => {
      const current = await plan.call(us.sync)
      looks += 1
      us.world.clock.set(us.world.clock.now() + minute)
      const because = 'created here'
      const actions = ['one', 'two'].map((name) => ({
        action: {
          kind: 'link.forget' as const,
          key: `forget/${name}`,
          priority: 'normal' as const,
          after: [],
          because,
          principal: { kind: 'user' as const, name, awsId: name },
        },
        holds: [],
        approvedBy: undefined,
        notBefore: undefined,
      }))
      return { ...current, plan: { ...current.plan, actions: looks < 2 ? actions : [] } }
    }
    const job = await applyPlan(us.deps, pluginName, {}, await us.admin(), desk)
    expect(job).toMatchObject({ state: 'done', done: 1, total: 2 })
    expect(job.says).toMatch(
      /^1 of 2 changes are made\. 1 change is not in AWS yet: 1 has no answer of AWS\./,
    )
  })
})

describe('a removal that failed', () => {
  test('is what the status says, since the sync is off from then on', async () => {
    const us = await liveWorld()
    await us.world.apply(plugin({ ...settings, sync: 'paused' }))
    await us.world.store.notes.put(noteNames.started(pluginName), {})
    const failed = { kind: 'uninstall', state: 'failed', says: '', done: 0, total: undefined } as const
    us.sync.job = { ...failed, startedAt: 0, endedAt: 1, error: 'AWS could not be reached.' }
    const status = await readStatus(us.deps, pluginName)
    expect(status).toMatchObject({ health: 'failing', sync: 'paused' })
    expect(status.says).toBe(
      'Its removal failed, and the sync is off since then: locks and changes do not reach AWS. AWS could not be reached.',
    )
    us.sync.job = undefined
    expect(await readStatus(us.deps, pluginName)).toMatchObject({ health: 'paused' })
  })
})

describe('a lock', () => {
  async function linked(us: IcWorld, name: string): Promise<string> {
    const { observation } = await us.sync.plan()
    const id = [...(observation.users?.values() ?? [])].find(({ userName }) => userName === name)?.id ?? ''
    const link = { kind: 'user', name, awsId: id, origin: 'adopted', unwantedSince: undefined } as const
    await us.world.store.transaction((tx) =>
      tx.principalLinks.put(pluginName, { ...link, linkedAt: us.world.clock.now() }),
    )
    return id
  }

  test('that has not reached AWS is told with the user, as failing, until it has', async () => {
    const us = await liveWorld()
    await linked(us, 'dev@example.com')
    expect((await readStatus(us.deps, pluginName)).locked).toEqual([])
    await us.world.apply({
      kind: 'lock',
      version: 'v2',
      metadata: { name: 'lost-laptop' },
      spec: { target: { user: 'dev@example.com' }, message: 'laptop lost' },
    })
    const status = await readStatus(us.deps, pluginName)
    expect(status.health).toBe('failing')
    expect(status.locked).toMatchObject([{ user: 'dev@example.com', isActive: true }])
    expect(status.says).toMatch(/^dev@example\.com is locked here, NOT yet in AWS: still active there/)
  })
})

describe('the accounts', () => {
  test('are found by part of their name, and people by exact name before part of one', async () => {
    const us = await liveWorld()
    const all = await listAssignments(us.deps, pluginName, { limit: 200 })
    const found = await listAssignments(us.deps, pluginName, { limit: 200, account: 'PRODuct' })
    expect(found.total).toBeGreaterThan(0)
    expect(found.total).toBeLessThan(all.total)
    expect(new Set(found.items.map(({ account }) => account.name))).toEqual(new Set(['production']))
    const part = await listAssignments(us.deps, pluginName, { limit: 200, person: 'dev@' })
    const exact = await listAssignments(us.deps, pluginName, { limit: 200, person: 'dev@example.com' })
    expect(part.total).toBe(exact.total)
    // Written otherwise it is part of a name at most, and of nobody here.
    expect((await listAssignments(us.deps, pluginName, { limit: 200, person: 'nobody@' })).total).toBe(0)
  })

  test('name the members of groups, and those who are not in the access list', async () => {
    const us = await liveWorld()
    const before = await listAssignments(us.deps, pluginName, { limit: 200 })
    const groups = before.items.filter(({ principal }) => principal.kind === 'group')
    const group = groups.find(({ principal }) => (principal.members ?? []).length > 0)?.principal
    expect(group?.list).toBeDefined()
    expect(group?.members?.some(({ beyond }) => beyond === true)).toBe(false)
    const { plan } = us.sync
    // Somebody put a stranger into the group by hand.
    us.sync.plan = async () => {
      const current = await plan.call(us.sync)
      const members = new Map(current.observation.members)
      members.set(group?.awsId ?? '', new Set([...(members.get(group?.awsId ?? '') ?? []), 'stranger']))
      return { ...current, observation: { ...current.observation, members } }
    }
    const after = await listAssignments(us.deps, pluginName, { limit: 200 })
    const now = after.items.find(({ principal }) => principal.awsId === group?.awsId)
    expect(now?.principal.members?.[0]).toEqual({ name: 'stranger', beyond: true })
  })
})
