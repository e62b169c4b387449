/** Reading a plan, agreeing to what waits, and applying it. */
import { describe, expect, test } from 'vitest'
import { day } from '../../../src/core/time.js'
import type { Hold } from '../../../src/core/plan/plan.js'
import { applyPlan } from '../../../src/service/identity-center/apply.js'
import { approveActions } from '../../../src/service/identity-center/approve.js'
import { findPlugin } from '../../../src/service/identity-center/find-plugin.js'
import { startImport } from '../../../src/service/identity-center/import.js'
import { readPlan } from '../../../src/service/identity-center/plan.js'
import { hasStarted } from '../../../src/service/identity-center/started.js'
import { desk, refused, user } from '../resources/world.js'
import { buildRole } from '../../core/role/build.js'
import { openIcWorld, pluginName, type IcWorld } from './world.js'

const by = 'ada@example.com'
/** The foreign group of the same name as a new list: its adoption waits for a person. */
async function worldWithHeldActions(): Promise<IcWorld> {
  const us = await openIcWorld({ settings: { saml_idp_service_provider_name: 'aws' } })
  await us.sync.scan()
  await us.world.apply([
    user('new@example.com'),
    {
      kind: 'access_list',
      version: 'v1',
      metadata: { name: 'ours' },
      spec: {
        title: 'developers',
        owners: [{ name: by }],
        grants: {
          roles: [
            'assignment/777777777777/arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-3c4d5e6f708192a3',
          ],
        },
      },
    },
  ])
  return us
}

describe('a plan', () => {
  test('is told in words, by page, and held actions by themselves', async () => {
    const us = await worldWithHeldActions()
    const all = await readPlan(us.deps, pluginName, { show: 'all', limit: 1 })
    expect(all).toMatchObject({ sync: 'paused' })
    expect(all.total).toBeGreaterThan(1)
    expect(all.actions).toHaveLength(1)
    const next = await readPlan(us.deps, pluginName, { show: 'all', limit: 500, cursor: all.nextCursor })
    expect(next.actions).toHaveLength(all.total - 1)
    expect(next.actions.map(({ key }) => key)).not.toContain(all.actions[0]?.key)
    const held = await readPlan(us.deps, pluginName, { show: 'held', limit: 500 })
    expect(held.actions.map(({ kind }) => kind)).toContain('group.adopt')
    const found = await readPlan(us.deps, pluginName, { show: 'all', limit: 500, search: 'NEW@example' })
    expect(found.actions.map(({ kind }) => kind)).toEqual(['user.create'])
  })

  test('names on every page whom it binds by exactly their name, and not those who wait for a person', async () => {
    const us = await worldWithHeldActions()
    const planned = us.sync.plan.bind(us.sync)
    const withHolds = (holds: readonly Hold[]) => {
      us.sync.plan = async () => {
        const current = await planned()
        const actions = current.plan.actions.map((one) =>
          one.action.kind === 'user.adopt' ? { ...one, holds } : one,
        )
        return { ...current, plan: { ...current.plan, actions } }
      }
    }
    withHolds([])
    const { binds } = await readPlan(us.deps, pluginName, { show: 'held', limit: 1 })
    expect(binds).toEqual({ users: ['ada@example.com', 'dev@example.com'], more: 0 })
    withHolds([{ rule: 'adoption', says: 'Somebody has to agree.' }])
    expect((await readPlan(us.deps, pluginName, { show: 'all', limit: 1 })).binds).toBeUndefined()
  })

  test('with a cursor of another list is refused', async () => {
    const us = await worldWithHeldActions()
    const error = await refused(readPlan(us.deps, pluginName, { show: 'all', limit: 5, cursor: 'x' }))
    expect(error.code).toBe('INVALID_INPUT')
  })
})

describe('an approval', () => {
  test('is of exactly the actions that were seen, for a day, on record', async () => {
    const us = await worldWithHeldActions()
    const { heldDigest } = await readPlan(us.deps, pluginName, { show: 'held', limit: 500 })
    expect(await approveActions(us.deps, pluginName, { heldDigest }, by, desk)).toBe(1)
    const now = us.world.clock.now()
    const rows = await us.world.store.approvals.list(pluginName)
    expect(rows).toMatchObject([{ by, at: now, expiresAt: now + day }])
    const after = await readPlan(us.deps, pluginName, { show: 'all', limit: 500 })
    expect(after.actions.find(({ kind }) => kind === 'group.adopt')).toMatchObject({
      approvedBy: by,
      holds: [],
    })
    const events = await us.world.events()
    expect(events.at(-1)).toMatchObject({ event: 'aws_identity_center.plan.approve', count: 1, user: by })
    expect(us.sync.woken).toBe(1)
  })

  test('of a plan that has changed meanwhile is refused, and nothing is kept', async () => {
    const us = await worldWithHeldActions()
    const { heldDigest } = await readPlan(us.deps, pluginName, { show: 'held', limit: 500 })
    const other = `${heldDigest === '' ? 'x' : heldDigest}0`
    const error = await refused(approveActions(us.deps, pluginName, { heldDigest: other }, by, desk))
    expect(error.code).toBe('PLAN_CHANGED')
    expect(await us.world.store.approvals.list(pluginName)).toEqual([])
  })

  test('takes a second factor of a person where a role of theirs asks, and nothing is kept without', async () => {
    const us = await worldWithHeldActions()
    const { heldDigest } = await readPlan(us.deps, pluginName, { show: 'held', limit: 500 })
    const allowRules = [{ resources: ['plugin'], verbs: ['update'], where: undefined }]
    const options = { requireSessionMfa: 'session' as const }
    const person = {
      name: by,
      kind: 'person' as const,
      user: undefined,
      roles: [buildRole('plans', 'v8', { allowRules, options })],
      confirmation: { sessionId: 's', subject: 'x', proof: undefined },
    }
    const error = await refused(approveActions(us.deps, pluginName, { heldDigest }, by, desk, person))
    expect(error.code).toBe('SECOND_FACTOR_MISSING')
    expect(await us.world.store.approvals.list(pluginName)).toEqual([])
  })

  test('of an action that does not wait is refused', async () => {
    const us = await worldWithHeldActions()
    const { heldDigest, actions } = await readPlan(us.deps, pluginName, { show: 'all', limit: 500 })
    const free = actions.filter(({ holds }) => holds.length === 0).map(({ key }) => key)
    const input = { heldDigest, keys: free.slice(0, 1) }
    expect((await refused(approveActions(us.deps, pluginName, input, by, desk))).code).toBe('PLAN_CHANGED')
  })
})

describe('applying', () => {
  async function readyWorld(): Promise<IcWorld> {
    const us = await openIcWorld({
      settings: {
        saml_idp_service_provider_name: 'aws',
        provisioning_spec: { base_url: 'https://scim.eu-central-1.amazonaws.com/t/scim/v2/' },
      },
    })
    await us.sync.scan()
    await startImport(us.deps, pluginName, by, desk)
    return us
  }
  async function storeToken(us: IcWorld): Promise<void> {
    const now = us.world.clock.now()
    const token = {
      slot: 1,
      sealedToken: 'x',
      host: 'scim.eu-central-1.amazonaws.com',
      addedAt: now,
      addedBy: by,
    } as const
    await us.world.store.scimTokens.put(pluginName, { ...token, expiresAt: now + day, refusedAt: undefined })
  }

  test('switches the sync on through the plugin resource and follows the plan to its end', async () => {
    const us = await readyWorld()
    await storeToken(us)
    const { plan } = us.sync
    // Stands for the work of the sync: two looks later everything is done.
    let looks = 0
    us.sync.plan = async () => {
      const current = await plan.call(us.sync)
      looks += 1
      return looks < 4 ? current : { ...current, plan: { ...current.plan, actions: [] } }
    }
    const job = await applyPlan(us.deps, pluginName, {}, await us.admin(), desk)
    expect(job).toMatchObject({ kind: 'apply', state: 'done', says: 'AWS is as Gatehouse says' })
    expect(job.done).toBe(job.total)
    const { settings } = await findPlugin(us.deps, pluginName)
    expect(settings.sync).toBe('active')
    expect(await hasStarted(us.world.store, { name: pluginName, sync: 'paused' })).toBe(true)
    expect((await us.world.events()).map(({ event }) => event)).toContain('plugin.update')
  })

  test('before AWS was read is refused', async () => {
    const us = await openIcWorld()
    const error = await refused(applyPlan(us.deps, pluginName, {}, await us.admin(), desk))
    expect(error.code).toBe('CONFLICT')
  })

  test('without a SCIM token is refused where the plan writes users', async () => {
    const us = await readyWorld()
    await us.world.apply(user('new@example.com'))
    const error = await refused(applyPlan(us.deps, pluginName, {}, await us.admin(), desk))
    expect(error.message).toContain('SCIM')
    expect((await findPlugin(us.deps, pluginName)).settings.sync).toBe('paused')
  })

  test('of another plan than the one that was seen is refused', async () => {
    const us = await readyWorld()
    await storeToken(us)
    const error = await refused(
      applyPlan(us.deps, pluginName, { heldDigest: 'other' }, await us.admin(), desk),
    )
    expect(error.code).toBe('PLAN_CHANGED')
    expect((await findPlugin(us.deps, pluginName)).settings.sync).toBe('paused')
  })

  test('leaves AWS the truth where the switch itself is refused', async () => {
    const us = await readyWorld()
    await storeToken(us)
    const nobody = { ...(await us.admin()), roles: [] }
    const job = await applyPlan(us.deps, pluginName, {}, nobody, desk)
    expect(job).toMatchObject({ kind: 'apply', state: 'failed' })
    const { settings } = await findPlugin(us.deps, pluginName)
    expect(settings.sync).toBe('paused')
    expect(await hasStarted(us.world.store, settings)).toBe(false)
  })

  test('ends with words where AWS refuses the credentials', async () => {
    const us = await readyWorld()
    await storeToken(us)
    us.sync.credentials = { ok: false, says: 'AWS does not accept the credentials.', expiresAt: undefined }
    const job = await applyPlan(us.deps, pluginName, {}, await us.admin(), desk)
    expect(job).toMatchObject({ state: 'failed', error: 'AWS does not accept the credentials.' })
  })
})
