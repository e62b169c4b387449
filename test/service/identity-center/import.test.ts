/** Import against the emulator: what becomes what, once more, and that nobody gains or loses anything by it. */
import { CreateGroupMembershipCommand, DeleteGroupCommand } from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { noteNames } from '../../../src/core/identity-center/note-names.js'
import { applyPlan } from '../../../src/service/identity-center/apply.js'
import { importFirst } from '../../../src/service/identity-center/import-first.js'
import { startImport } from '../../../src/service/identity-center/import.js'
import { preview } from '../../../src/service/identity-center/preview.js'
import { adminsRef, desk, refused, user } from '../resources/world.js'
import { demo, type AwsWorld } from '../../emulator/aws-world.js'
import { openIcWorld, plugin, pluginName, type IcWorld } from './world.js'

const finance = '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a04'

async function assignDirectly({ clients }: AwsWorld): Promise<void> {
  await clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      TargetId: demo.sandbox,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: demo.billingArn,
      PrincipalType: 'USER',
      PrincipalId: demo.devId,
    }),
  )
}

async function importAll(us: IcWorld) {
  return await startImport(us.deps, pluginName, 'ada@example.com', desk)
}

describe('import', () => {
  test('makes a list of each group, keeps direct assignments (Teleport docs), and changes nothing in AWS', async () => {
    const us = await openIcWorld()
    await assignDirectly(us.aws)
    await us.aws.advance(10_000)
    await us.sync.scan()
    const answer = await importAll(us)
    expect(answer).toMatchObject({
      job: { state: 'done', kind: 'import' },
      lists: { created: 4, updated: 0, unchanged: 0, removed: 0 },
      members: 9,
      withoutUser: 5,
      directAssignments: 3,
    })
    const view = await us.deps.catalog.read()
    const developers = view.accessLists().find(({ value }) => value.name === 'developers')?.value
    expect(developers).toMatchObject({
      title: 'developers',
      owners: [{ name: 'ada@example.com' }],
      origin: { kind: 'imported', plugin: pluginName },
    })
    expect(developers?.grants.roles).toContain(`assignment/${demo.production}/${demo.readOnlyArn}`)
    expect(developers?.grants.roles).toHaveLength(5)
    const members = await us.world.store.members.list('developers')
    expect(members.map(({ name }) => name)).toEqual([
      'dev@example.com',
      'gone@example.com',
      'nolabels@example.com',
      'v7off@example.com',
    ])
    expect(members[0]).toMatchObject({ awsUserId: demo.devId, addedBy: 'ada@example.com' })
    const direct = await us.world.store.ledger.listOf(pluginName, `user/${demo.devId}`)
    expect(direct.map(({ target }) => target)).toContain(`${demo.sandbox}/${demo.billingArn}`)
    expect(direct.every(({ reasons }) => reasons[0]?.kind === 'found')).toBe(true)
  })

  test('leaves nothing to change about assignments, memberships and groups: the next plan has users alone', async () => {
    const us = await openIcWorld()
    await assignDirectly(us.aws)
    await us.aws.advance(10_000)
    await us.sync.scan()
    await importAll(us)
    const { plan } = await us.sync.plan()
    const others = plan.actions.filter(({ action }) => !action.kind.startsWith('user.'))
    expect(others.map(({ action }) => action.key)).toEqual([])
    expect(plan.actions.map(({ action }) => action.kind)).not.toContain('user.delete')
    expect(plan.actions.map(({ action }) => action.kind)).not.toContain('user.deactivate')
    expect(plan.drift.filter(({ kind }) => kind !== 'attribute')).toEqual([])
  })

  test('keeps a member without a user here, and a group without assignments (T18, T19)', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await importAll(us)
    const view = await us.deps.catalog.read()
    expect(view.user('newcomer@example.com')).toBeUndefined()
    expect(view.accessLists().map(({ value }) => value.name)).toContain('finance')
    const { desired } = await us.sync.plan()
    expect(desired.groups.get('finance')?.members).toMatchObject([{ by: 'id', name: 'auditor@example.com' }])
  })

  test('binds only people with exactly the same name', async () => {
    const us = await openIcWorld()
    await us.world.apply(user('MFA@example.com'))
    await us.sync.scan()
    await importAll(us)
    const links = await us.world.store.principalLinks.list(pluginName)
    const people = links.filter(({ kind }) => kind === 'user').map(({ name }) => name)
    expect(people).toEqual(['ada@example.com', 'dev@example.com'])
  })

  test('gives changed default owners to lists that nobody handed over, and to no other', async () => {
    const us = await openIcWorld({ settings: { access_list_default_owners: ['nobody@example.com'] } })
    await us.sync.scan()
    await importAll(us)
    const list = { kind: 'access_list', version: 'v1', metadata: { name: 'finance' } }
    const spec = { title: 'finance', owners: [{ name: 'ada@example.com' }], origin: { plugin: pluginName } }
    await us.world.apply({ ...list, spec })
    await us.world.apply(plugin({ access_list_default_owners: ['dev@example.com'] }))
    await importAll(us)
    const lists = (await us.deps.catalog.read()).accessLists()
    const owners = Object.fromEntries(
      lists.map(({ value }) => [value.name, value.owners.map(({ name }) => name).join()]),
    )
    expect(owners).toMatchObject({ developers: 'dev@example.com', finance: 'ada@example.com' })
  })

  test('may be run again: an unchanged AWS changes nothing', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await importAll(us)
    const before = await us.world.traces()
    const ledger = await us.world.store.ledger.list(pluginName)
    us.world.clock.advance(60_000)
    const again = await importAll(us)
    expect(again.lists).toEqual({ created: 0, updated: 0, unchanged: 4, removed: 0 })
    expect(await us.world.store.ledger.list(pluginName)).toEqual(ledger)
    const after = await us.world.traces()
    expect(resourcesOf(after)).toEqual(resourcesOf(before))
  })

  test('run again follows AWS, and keeps what people did to the lists', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await importAll(us)
    const links = await us.world.store.principalLinks.list(pluginName)
    const gone = links.find(({ awsId }) => awsId === '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a03')?.name
    await us.world.apply({
      kind: 'access_list',
      version: 'v1',
      metadata: { name: 'finance', labels: { site: 'x' } },
      spec: {
        title: 'Finance',
        description: 'Pays',
        owners: [{ name: 'dev@example.com' }, { name: gone, membership_kind: 'list' }],
        audit: { next_audit_date: '2031-05-01', when_overdue: { then: 'freeze' } },
        membership_requires: { traits: { team: ['red'] } },
        grants: { roles: [adminsRef, 'admin'], traits: { site: ['x'] } },
        owner_grants: { roles: ['admin'] },
      },
    })
    const { identitystore } = us.aws.clients
    const inStore = { IdentityStoreId: demo.identityStoreId }
    await identitystore.send(
      new CreateGroupMembershipCommand({ ...inStore, GroupId: finance, MemberId: { UserId: demo.devId } }),
    )
    await identitystore.send(
      new DeleteGroupCommand({ ...inStore, GroupId: '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a03' }),
    )
    await us.sync.scan()
    const again = await importAll(us)
    expect(again.lists).toEqual({ created: 0, updated: 1, unchanged: 2, removed: 1 })
    const view = await us.deps.catalog.read()
    const list = view.accessLists().find(({ value }) => value.name === 'finance')?.value
    // The list of the group that is gone owns nothing any more.
    expect(list?.owners).toEqual([{ kind: 'user', name: 'dev@example.com', description: '' }])
    expect(list).toMatchObject({
      title: 'finance',
      description: 'Pays',
      review: { dueAt: Date.parse('2031-05-01'), whenOverdue: { then: 'freeze', afterMs: 0 } },
      membershipRequires: { roles: [], traits: { team: ['red'] } },
      grants: { roles: ['admin'], traits: { site: ['x'] } },
      ownerGrants: { roles: ['admin'], traits: {} },
    })
    expect(await us.world.store.members.list('finance')).toHaveLength(2)
    expect(view.accessLists().map(({ value }) => value.name)).not.toContain('security-auditors')
    const ledger = await us.world.store.ledger.list(pluginName)
    expect(ledger.filter(({ principal }) => principal.endsWith('0a03'))).toEqual([])
  })

  test('writes one audit event with the totals', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await importAll(us)
    const events = await us.world.events()
    expect(events.filter(({ event }) => event === 'aws_identity_center.import')).toMatchObject([
      { success: true, code: 'TAIC105I', user: 'ada@example.com', created: 4, members: 9, without_user: 5 },
    ])
    expect(events.filter(({ event }) => event === 'access_list.create')).toHaveLength(4)
  })

  test('leaves out what the filters leave out, and touches neither group nor account', async () => {
    const us = await openIcWorld({
      settings: {
        group_sync_filters: [{ exclude_name: 'security-*' }],
        aws_accounts_filters: [{ exclude_id: demo.sandbox }],
      },
    })
    await us.sync.scan()
    const answer = await importAll(us)
    expect(answer.lists?.created).toBe(3)
    const view = await us.deps.catalog.read()
    const developers = view.accessLists().find(({ value }) => value.name === 'developers')?.value
    expect(developers?.grants.roles.filter((role) => role.includes(demo.sandbox))).toEqual([])
    const { plan } = await us.sync.plan()
    const touched = plan.actions.filter(({ action }) => action.kind.startsWith('assignment.'))
    expect(touched).toEqual([])
    expect(plan.drift.filter(({ kind }) => kind === 'assignment')).toEqual([])
  })
})

describe('import is refused', () => {
  test('before AWS was read to the end', async () => {
    const us = await openIcWorld()
    const error = await refused(importAll(us))
    expect(error.code).toBe('CONFLICT')
    expect(error.message).toContain('not read to the end yet')
  })

  test('once the sync was switched on, for then it would undo what people decided here', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await importAll(us)
    await us.world.apply(plugin({ sync: 'active' }))
    const error = await refused(importAll(us))
    expect(error.code).toBe('CONFLICT')
    expect(error.message).toContain('switched on')
  })

  test('where nobody would own the lists', async () => {
    const us = await openIcWorld({ settings: { access_list_default_owners: [] } })
    await us.sync.scan()
    expect((await refused(importAll(us))).message).toContain('access_list_default_owners')
  })

  test('in the middle, where the sync is switched on meanwhile: the job fails and says so', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await importAll(us)
    const { run } = us.sync
    us.sync.run = async (kind, work) => {
      await us.world.apply(plugin({ sync: 'active' }))
      return await run.call(us.sync, kind, work)
    }
    const { job } = await importAll(us)
    expect(job).toMatchObject({ state: 'failed' })
    expect(job.error).toContain('switched on')
    const events = await us.world.events()
    expect(events.at(-1)).toMatchObject({ event: 'aws_identity_center.import', success: false })
  })
})

describe('where the sync was switched on before anything was imported', () => {
  test('the gateway imports by itself, once, as a person would', async () => {
    const us = await openIcWorld({ settings: { sync: 'active' } })
    await us.sync.scan()
    expect(await importFirst(us.deps, pluginName)).toEqual({ state: 'done' })
    const event = (await us.world.events()).at(-1)
    expect(event).toMatchObject({ event: 'aws_identity_center.import', user: 'system', created: 4 })
    const count = (await us.world.events()).length
    expect(await importFirst(us.deps, pluginName)).toEqual({ state: 'done' })
    expect(await us.world.events()).toHaveLength(count)
  })

  test('nothing is imported in place of a person who began without', async () => {
    const us = await openIcWorld({ settings: { sync: 'active' } })
    await us.sync.scan()
    await us.world.store.notes.put(noteNames.started(pluginName), {})
    expect(await importFirst(us.deps, pluginName)).toEqual({ state: 'done' })
    expect((await us.deps.catalog.read()).accessLists()).toEqual([])
  })

  test('it says why it cannot, and that another job runs', async () => {
    const us = await openIcWorld({ settings: { sync: 'active', access_list_default_owners: [] } })
    await us.sync.scan()
    const said = await importFirst(us.deps, pluginName)
    expect(said).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('access_list_default_owners'),
    })
    await us.world.store.leases.take(noteNames.job(pluginName), 'other', us.world.clock.now(), 30_000)
    expect(await importFirst(us.deps, pluginName)).toEqual({ state: 'running' })
  })

  test('a plan is applied by nobody before', async () => {
    const us = await openIcWorld({ settings: { sync: 'active' } })
    await us.sync.scan()
    const error = await refused(applyPlan(us.deps, pluginName, {}, await us.admin(), desk))
    expect(error.message).toContain('imports what AWS has')
  })
})

describe('the preview', () => {
  test('tells of each group what it becomes, with members who are no users here', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    const answer = await preview(us.deps, pluginName, { kind: 'groups', show: 'all', limit: 2 })
    expect(answer.counts).toMatchObject({
      groups: { found: 4, imported: 4 },
      users: { found: 8, imported: 2 },
      accounts: { found: 7, imported: 7 },
    })
    expect(answer).toMatchObject({ total: 4 })
    expect(answer.items[0]).toMatchObject({
      name: 'developers',
      facts: '4 members, 3 of them without a user here, 5 assignments',
      says: 'Becomes the access list developers.',
    })
    const next = await preview(us.deps, pluginName, {
      kind: 'groups',
      show: 'all',
      limit: 2,
      cursor: answer.nextCursor,
    })
    expect(next.items.map(({ name }) => name)).toEqual(['platform-admins', 'security-auditors'])
    expect(next.nextCursor).toBeUndefined()
  })

  test('tells of each membership what it becomes, and of one in a group that is left out why not', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    const ask = { kind: 'members', show: 'all', limit: 50 } as const
    const { items, counts } = await preview(us.deps, pluginName, ask)
    expect(counts.members).toEqual({ found: items.length, imported: items.length })
    const ofDevelopers = items.filter(({ facts }) => facts === 'group developers')
    expect(ofDevelopers.map(({ name, says }) => `${name}: ${says}`)).toEqual([
      'dev@example.com: Becomes a member of the access list developers.',
      ...['gone', 'nolabels', 'v7off'].map(
        (name) =>
          `${name}@example.com: Stays a member, marked in the access list developers as one without a user here.`,
      ),
    ])
    const filters = JSON.stringify({ group_sync_filters: [{ exclude_name: 'dev*' }] })
    const left = await preview(us.deps, pluginName, { ...ask, show: 'skipped', filters })
    expect(left.items.map(({ facts }) => facts)).toEqual(ofDevelopers.map(({ facts }) => facts))
    expect(left.items[0]?.says).toContain('group filters')
  })

  test('tries filters that are not saved, and says why something is left out', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    const filters = JSON.stringify({ group_sync_filters: [{ name: 'dev*' }] })
    const answer = await preview(us.deps, pluginName, { kind: 'groups', show: 'skipped', limit: 50, filters })
    expect(answer.items.map(({ name }) => name)).toEqual(['finance', 'platform-admins', 'security-auditors'])
    expect(answer.items[0]?.says).toContain('group filters')
    const saved = await preview(us.deps, pluginName, { kind: 'groups', show: 'skipped', limit: 50 })
    expect(saved.items).toEqual([])
  })

  test.each(['no json', '[]', '{"sync":"active"}', '{"__proto__":1}', '{"group_sync_filters":[{}]}'])(
    'refuses the filters %s',
    async (filters) => {
      const us = await openIcWorld()
      const error = await refused(
        preview(us.deps, pluginName, { kind: 'groups', show: 'all', limit: 5, filters }),
      )
      expect(['INVALID_INPUT', 'INVALID_RESOURCE']).toContain(error.code)
    },
  )
})

function resourcesOf(traces: unknown): unknown {
  return (traces as { resources: unknown }).resources
}
