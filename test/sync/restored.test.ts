/** After a restore nothing is changed in AWS until a person has seen the plan, whatever the backup says. */
import { DeleteGroupMembershipCommand, GetGroupMembershipIdCommand } from '@aws-sdk/client-identitystore'
import { expect, test } from 'vitest'
import { hour } from '../../src/core/time.js'
import { settleRestored } from '../../src/offline/settle-restored.js'
import { approveActions } from '../../src/service/identity-center/approve.js'
import { readPlan } from '../../src/service/identity-center/plan.js'
import { readStatus } from '../../src/service/identity-center/status.js'
import { fillWhole, readWhole } from '../../src/store/sql/whole.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, type SyncWorld } from '../reconcile/sync-world.js'
import { refusal } from '../store/conformance/engine.js'
import { fileEngine } from '../store/engines.js'
import { inAws, inStep, leave, people, team } from './in-aws.js'
import { serve } from './served-world.js'

const [ann = '', ben = '', cid = ''] = people(3)

/** The store as it was at `backupAt` comes back in the place of the one that there is. */
async function restore(from: string, backupAt: number, world: SyncWorld): Promise<void> {
  await world.stopAndOpen(async () => {
    const url = await fileEngine.newUrl()
    await readWhole({ url: from, alone: true }, async (source) => {
      await fillWhole({ url, alone: true, applied: source.migrations }, async (target) => {
        for (const table of source.tables) {
          for await (const rows of source.rows(table)) await target.insert(table, rows)
          await target.assignAfter(table, await source.lastAssigned(table))
        }
        await settleRestored(target, backupAt, world.timers.now())
      })
    })
    return url
  })
}

/** A list of three, in step; then Ann loses it, as AWS knows, and the backup of the time before comes back. */
async function restoredWorld(before: (world: SyncWorld) => Promise<void> = async () => undefined) {
  const url = await fileEngine.newUrl()
  const { world } = await inStep(team(3), { url })
  await before(world)
  const backupAt = world.timers.now()
  const { groups, users } = await idsOf(world)
  await world.aws.clients.identitystore.send(
    new DeleteGroupMembershipCommand({
      IdentityStoreId: demo.identityStoreId,
      MembershipId: await membershipOf(world, groups, users),
    }),
  )
  await restore(url, backupAt, world)
  return { world, backupAt }
}

async function idsOf(world: SyncWorld) {
  const { idOf } = await inAws(world)
  return { groups: idOf('team') ?? '', users: idOf(ann) ?? '' }
}

async function membershipOf(world: SyncWorld, group: string, user: string): Promise<string> {
  const found = await world.aws.clients.identitystore.send(
    new GetGroupMembershipIdCommand({
      IdentityStoreId: demo.identityStoreId,
      GroupId: group,
      MemberId: { UserId: user },
    }),
  )
  return found.MembershipId ?? ''
}

const inTeam = async (world: SyncWorld) =>
  (await inAws(world)).members.filter((line) => line.startsWith('team: '))

test('what was taken away in AWS after the backup is not given again until a person releases the plan', async () => {
  const { world } = await restoredWorld()
  await using _ = world
  const { deps, runner, events } = serve(world)
  // Before AWS was read nobody has seen a plan: it cannot be released.
  await runner.cycle()
  const unread = (await readPlan(deps, plugin, { show: 'all', limit: 100 })).heldDigest
  const early = approveActions(deps, plugin, { heldDigest: unread, release: true }, 'ada', undefined)
  expect((await refusal(early, 'CONFLICT')).message).toContain(
    'AWS was not read to the end since the restore',
  )

  await scanned(world, runner)
  await settle(runner)
  expect(await inTeam(world)).toEqual([`team: ${ben}`, `team: ${cid}`])
  const plan = await readPlan(deps, plugin, { show: 'all', limit: 100 })
  expect(plan.restored).toBeDefined()
  expect(plan.actions.map(({ says, holds }) => [says, holds.map(({ rule }) => rule)])).toEqual([
    [`Add ${ann} to team`, ['after_restore']],
  ])
  const status = await readStatus(deps, plugin)
  expect(status.health).toBe('failing')
  expect(status.problems[0]).toMatchObject({ code: 'restored' })

  // What is decided here meanwhile waits, too, and the plan that was seen is no longer the one.
  await world.user('dan@example.com')
  await settle(runner)
  expect((await inAws(world)).users).not.toContain('dan@example.com')

  const { heldDigest } = await readPlan(deps, plugin, { show: 'all', limit: 100 })
  const stale = approveActions(deps, plugin, { heldDigest: plan.heldDigest, release: true }, 'ada', undefined)
  await refusal(stale, 'PLAN_CHANGED')
  await approveActions(deps, plugin, { heldDigest, release: true }, 'ada@example.com', undefined)
  await settle(runner)
  expect(await inTeam(world)).toHaveLength(3)
  expect((await inAws(world)).users).toContain('dan@example.com')
  expect((await readStatus(deps, plugin)).problems.map(({ code }) => code)).not.toContain('restored')
  expect((await events()).filter(({ code }) => code === 'TGH083I')).toMatchObject([
    { name: plugin, updated_by: 'ada@example.com', count: 2 },
  ])
  // Later changes wait for nobody.
  await leave(world, [cid])
  await settle(runner)
  expect(await inTeam(world)).toEqual([`team: ${ann}`, `team: ${ben}`])
})

test('not even a lock changes AWS before that', async () => {
  const { world } = await restoredWorld(async (before) => {
    await before.put('lock', 'left', { target: { user: ben }, message: 'left' }, 'v2')
  })
  await using _ = world
  const { deps, runner } = serve(world)
  await scanned(world, runner)
  await settle(runner)
  const there = await inAws(world)
  expect(there.users).toContain(ben)
  const { actions } = await readPlan(deps, plugin, { show: 'all', limit: 100 })
  expect(actions.length).toBeGreaterThan(1)
  expect(actions.every(({ holds }) => holds.some(({ rule }) => rule === 'after_restore'))).toBe(true)
  expect(await inTeam(world)).toEqual([`team: ${ben}`, `team: ${cid}`])
})

test('what ended after the backup goes on in AWS until a person releases the plan, and ends then', async () => {
  const { world } = await restoredWorld(async ({ store, timers }) => {
    const row = (await store.members.listAll()).find(({ name }) => name === cid)
    if (row === undefined) throw new Error('Cid is a member')
    await store.members.put([{ ...row, expiresAt: timers.now() + hour }])
  })
  await using _ = world
  await world.timers.sleep(2 * hour)
  const { deps, runner } = serve(world)
  await scanned(world, runner)
  await settle(runner)
  expect(await inTeam(world)).toContain(`team: ${cid}`)
  const { actions, heldDigest } = await readPlan(deps, plugin, { show: 'all', limit: 100 })
  const end = actions.find(({ says }) => says === `Remove ${cid} from team`)
  expect(end?.holds.map(({ rule }) => rule)).toEqual(['after_restore'])
  await approveActions(deps, plugin, { heldDigest, release: true }, 'ada@example.com', undefined)
  await settle(runner)
  expect(await inTeam(world)).toEqual([`team: ${ann}`, `team: ${ben}`])
})
