/** Drift is what somebody else did: neither a change of ours that is planned, nor one that AWS shows late, is told as one. */
import {
  DeleteGroupMembershipCommand,
  ListGroupMembershipsCommand,
  UpdateGroupCommand,
} from '@aws-sdk/client-identitystore'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { inAws, inStep, people, sandboxBilling, sandboxReadOnly, team } from '../sync/in-aws.js'
import { plugin, scanned, settle, type SyncWorld } from './sync-world.js'

const callsForm = z.object({ calls: z.record(z.string(), z.number()) })

let world: SyncWorld
let runner: PluginSyncRunner
afterEach(() => world[Symbol.asyncDispose]())

async function openTeam(): Promise<void> {
  ;({ world, runner } = await inStep(team(2), { aws_ic: { drift: 'report' } }))
}

async function driftTold(): Promise<string[]> {
  await world.store.audit.chain(1000, (previous, json) => `${previous.length}${json.length}`)
  const events = await world.store.audit.list({ limit: 1000, order: 'asc' })
  return events
    .map(({ json }) => JSON.parse(json) as { event: string; kind: string; says: string })
    .filter(({ event }) => event === 'aws_identity_center.drift')
    .map(({ kind, says }) => `${kind}: ${says}`)
}

async function retitle(title: string): Promise<void> {
  const grants = { roles: [sandboxReadOnly] }
  await world.put('access_list', 'team', { title, owners: [{ name: 'ada@example.com' }], grants })
}

async function groupId(): Promise<string> {
  return (await world.store.principalLinks.find(plugin, 'group', 'team'))?.awsId ?? ''
}

async function renameInAws(DisplayName: string): Promise<void> {
  const Operations = [{ AttributePath: 'displayName', AttributeValue: DisplayName }]
  const input = { IdentityStoreId: demo.identityStoreId, GroupId: await groupId(), Operations }
  await world.aws.clients.identitystore.send(new UpdateGroupCommand(input))
}

describe('the name of a group', () => {
  test('a list that gets another title is a change of ours, once and again', async () => {
    await openTeam()
    for (const title of ['Platform', 'Platform team', 'Platform']) {
      await retitle(title)
      await settle(runner)
      await world.aws.advance(30_000)
      await scanned(world, runner)
      expect((await inAws(world)).groups).toContain(title)
    }
    expect(await driftTold()).toEqual([])
  })

  test('a group that somebody renames in AWS is drift, and has its name back', async () => {
    await openTeam()
    await renameInAws('Mine')
    await world.aws.advance(30_000)
    await scanned(world, runner)
    await settle(runner)
    expect((await inAws(world)).groups).toContain('team')
    expect(await driftTold()).toEqual([
      'name: The group of the access list team is called Mine in Identity Center.',
    ])
  })

  test('a rename whose answer was lost, and that AWS shows late, is ours all the same', async () => {
    await openTeam()
    await world.aws.control('PUT', 'settings', { readLagMs: 4000 })
    await retitle('Platform')
    await world.fault('scim:PatchGroup', 'reset-after')
    await settle(runner)
    await world.aws.advance(30_000)
    await scanned(world, runner)
    await retitle('Platform team')
    await settle(runner)
    expect((await inAws(world)).groups).toContain('Platform team')
    expect(await driftTold()).toEqual([])
  })
})

describe('one thing that is read anew a moment after we changed it', () => {
  async function lagging(): Promise<void> {
    await openTeam()
    await world.aws.advance(30_000)
    await world.aws.control('PUT', 'settings', { readLagMs: 4000 })
  }

  async function teamInAws(): Promise<string[]> {
    return (await inAws(world)).members.filter((line) => line.startsWith('team: '))
  }

  async function patches(): Promise<number> {
    return callsForm.parse(await world.calls()).calls['scim:PatchGroup'] ?? 0
  }

  test('members that AWS does not show yet were not removed by anybody', async () => {
    await lagging()
    const [member] = await world.store.members.list('team')
    if (member === undefined) throw new Error('no member')
    await world.user('late@example.com')
    await world.store.members.put([{ ...member, name: 'late@example.com' }])
    await settle(runner)
    const before = await patches()
    await runner.resync({ kind: 'list', name: 'team' })
    await settle(runner)
    expect(await driftTold()).toEqual([])
    expect(await patches()).toBe(before)
    expect((await inAws(world)).members).toContain('team: late@example.com')
  })

  test('members that AWS shows still were not added by anybody', async () => {
    await lagging()
    await world.store.members.delete('team', 'user', people(2)[0] ?? '', world.timers.now())
    await settle(runner)
    await runner.resync({ kind: 'list', name: 'team' })
    await settle(runner)
    expect(await driftTold()).toEqual([])
    expect(await teamInAws()).toEqual([`team: ${people(2)[1] ?? ''}`])
  })

  test('a group that AWS does not know yet was not deleted by anybody', async () => {
    await lagging()
    const grants = { roles: [sandboxBilling] }
    await world.put('access_list', 'late', { title: 'late', owners: [{ name: 'ada@example.com' }], grants })
    await settle(runner)
    const before = await world.store.changes.list(plugin, { limit: 100 })
    await runner.resync({ kind: 'list', name: 'late' })
    await settle(runner)
    expect(await driftTold()).toEqual([])
    expect(await world.store.changes.list(plugin, { limit: 100 })).toEqual(before)
  })

  test('assignments that AWS does not show yet, or shows still, are known', async () => {
    await lagging()
    const grants = { roles: [sandboxBilling] }
    await world.put('access_list', 'team', { title: 'team', owners: [{ name: 'ada@example.com' }], grants })
    await settle(runner)
    const before = await world.store.changes.list(plugin, { limit: 100 })
    await runner.resync({ kind: 'list', name: 'team' })
    await settle(runner)
    expect(await driftTold()).toEqual([])
    expect(await world.store.changes.list(plugin, { limit: 100 })).toEqual(before)
  })

  test('what somebody else did there is drift', async () => {
    await openTeam()
    const { identitystore } = world.aws.clients
    const store = { IdentityStoreId: demo.identityStoreId }
    const listed = await identitystore.send(
      new ListGroupMembershipsCommand({ ...store, GroupId: await groupId() }),
    )
    const MembershipId = listed.GroupMemberships?.[0]?.MembershipId
    await identitystore.send(new DeleteGroupMembershipCommand({ ...store, MembershipId }))
    await world.aws.advance(30_000)
    await runner.resync({ kind: 'list', name: 'team' })
    await settle(runner)
    expect(await driftTold()).toEqual([expect.stringMatching(/^membership: .* was removed from the group/)])
    expect(await teamInAws()).toHaveLength(2)
  })
})
