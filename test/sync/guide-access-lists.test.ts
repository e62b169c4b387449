/**
 * What guide and FAQ promise of access lists, sentence by sentence, in this order: an organisation that is imported, what
 * owners and administrators then do to its lists, and the state of the emulator after each.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noteNames } from '../../src/core/identity-center/note-names.js'
import { minute } from '../../src/core/time.js'
import { getList } from '../../src/service/access-lists/get-list.js'
import { putMember } from '../../src/service/access-lists/put-member.js'
import { removeMember } from '../../src/service/access-lists/remove-member.js'
import type { Authority } from '../../src/service/authority.js'
import { applyResources } from '../../src/service/resources/apply.js'
import { removeResource } from '../../src/service/resources/remove.js'
import { demo } from '../emulator/aws-world.js'
import { demoFile } from '../emulator/portal.js'
import { plugin, scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { desk } from '../service/resources/world.js'
import { added, inAws, type InAws } from './in-aws.js'
import { ada as admin, serve, type ServedWorld } from './served-world.js'

const adminAccess = 'AdminAccess-on-my-account-777777777777'
const readOnly = 'ReadOnlyAccess-on-my-account-777777777777'
const adminArn = 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-1a2b3c4d5e6f7081'
const inUse = ['ada', 'dev', 'nolabels', 'mfa', 'auditor', 'newcomer'].map((name) => `${name}@example.com`)
const [ada = '', dev = '', , mfa = '', auditor = '', newcomer = ''] = inUse

let world: SyncWorld
let served: ServedWorld
let asFound: InAws
let folder: string

/** The demo organisation with the account and the permission set that the guide names, and a group that has both. */
async function guideOrganisation(): Promise<string> {
  const text = (await readFile(demoFile, 'utf8'))
    .replaceAll(/\bsandbox\b/g, 'my-account')
    .replaceAll('AdministratorAccess', 'AdminAccess')
    .replace(
      /^assignments:$/m,
      `  - id: 73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a05
    displayName: my-team
    members: [${dev}]

assignments:
  - group: my-team
    accounts: [my-account]
    permissionSets: [AdminAccess, ReadOnlyAccess]`,
    )
  const file = join(folder, 'guide.yaml')
  await writeFile(file, text)
  return file
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-guide-'))
  world = await SyncWorld.open({ aws: { orgFile: await guideOrganisation() } })
  served = serve(world)
  asFound = await inAws(world)
  for (const name of inUse) await world.user(name)
  await scanned(world, served.runner)
  for (let times = 0; (await world.store.notes.find(noteNames.imported(plugin))) === undefined; times++) {
    if (times > 100) throw new Error('it does not import')
    await served.runner.cycle()
    await world.timers.sleep(1000)
  }
  await settle(served.runner)
}, 180_000)
afterAll(async () => {
  await world.timers.sleep(20_000)
  await world[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function personOf(name: string): Promise<Authority> {
  const user = (await served.deps.catalog.read()).user(name)
  return { name, kind: 'person', user, roles: [] }
}

async function add(list: string, name: string, by = ada, kind: 'user' | 'list' = 'user'): Promise<void> {
  const input = { list, kind, name, expiresAt: undefined, reason: '' }
  await putMember(served.deps, input, await personOf(by), desk)
}

async function remove(list: string, name: string, kind: 'user' | 'list' = 'user'): Promise<void> {
  await removeMember(served.deps, { list, kind, name }, await personOf(ada), desk)
}

async function put(name: string, spec: object): Promise<void> {
  const value = { kind: 'access_list', version: 'v1', metadata: { name }, spec }
  const documents = [{ value, source: undefined, lineOf: () => undefined }]
  await applyResources(served.deps, { documents, mode: 'replace', dryRun: false }, admin, desk)
}

async function grantOnly(name: string, roles: readonly string[]): Promise<void> {
  const known = await world.store.resources.find('access_list', name)
  const { spec } = known?.document as { spec: object }
  await put(name, { ...spec, grants: { roles } })
}

/** What is there and was not, and what was and is not, by one cycle and by all that it takes. */
async function changed(work: () => Promise<void>): Promise<{ come: string[]; go: string[] }> {
  const earlier = await inAws(world)
  await work()
  await settle(served.runner)
  const later = await inAws(world)
  const flat = (lines: Omit<InAws, 'idOf'>) => Object.values(lines).flat()
  return { come: flat(added(earlier, later)), go: flat(added(later, earlier)) }
}

const nothing = { come: [], go: [] }
const listNames = async () => (await world.store.resources.list('access_list')).map(({ name }) => name).sort()
const membersIn = async (group: string) =>
  (await inAws(world)).members.flatMap((line) =>
    line.startsWith(`${group}: `) ? [line.slice(group.length + 2)] : [],
  )

describe('guide: Managing Account Assignments with Access Lists', () => {
  test('an access list for each group imported, with group members becoming members', async () => {
    expect(await listNames()).toEqual(asFound.groups)
    for (const group of asFound.groups) {
      const members = (await world.store.members.list(group)).map(({ name }) => name)
      const there = asFound.members.filter((line) => line.startsWith(`${group}: `))
      expect(members.map((name) => `${group}: ${name}`)).toEqual(there)
    }
  })

  test('and nothing of it changes AWS', async () => {
    const { groups, members, assignments } = await inAws(world)
    expect({ groups, members, assignments }).toEqual({
      groups: asFound.groups,
      members: asFound.members,
      assignments: asFound.assignments,
    })
  })

  test('each has a role for each account assignment of its group, <permission-set-name>-on-<account-name>-<account-id>', async () => {
    const { grants } = await getList(served.deps, 'my-team', admin)
    expect(grants.roles).toEqual([adminAccess, readOnly])
    const developers = await getList(served.deps, 'developers', admin)
    const assigned = asFound.assignments.filter((line) => line.startsWith('developers '))
    expect(developers.grants.roles).toHaveLength(assigned.length)
    expect(developers.grants.roles).toContain('ReadOnlyAccess-on-production-555555555555')
  })

  test('these roles are of the system and no edit of them stays', async () => {
    const value = { kind: 'role', version: 'v8', metadata: { name: adminAccess }, spec: { allow: {} } }
    const documents = [{ value, source: undefined, lineOf: () => undefined }]
    const edit = applyResources(served.deps, { documents, mode: 'replace', dryRun: false }, admin, desk)
    await expect(edit).rejects.toThrow(adminAccess)
    expect(await changed(() => Promise.resolve())).toEqual(nothing)
  })

  test('the default owners own them, and can be adjusted afterwards', async () => {
    const { allOwners } = await getList(served.deps, 'finance', admin)
    expect(allOwners.map(({ name }) => name)).toEqual([ada])
    await expect(add('finance', newcomer, mfa)).rejects.toThrow('finance')
    const known = await world.store.resources.find('access_list', 'finance')
    const { spec } = known?.document as { spec: object }
    await put('finance', { ...spec, owners: [{ name: mfa }, { name: ada }] })
    expect(await changed(() => add('finance', newcomer, mfa))).toEqual({
      come: [`finance: ${newcomer}`],
      go: [],
    })
  })

  test('an owner adds a user as a member: within one cycle the user is in the group', async () => {
    const earlier = await inAws(world)
    await add('my-team', mfa)
    await served.runner.cycle()
    expect(added(earlier, await inAws(world)).members).toEqual([`my-team: ${mfa}`])
  })

  test('nobody else adds one: a member who tries changes nothing', async () => {
    await expect(add('my-team', auditor, dev)).rejects.toThrow('only owners')
    expect(await changed(() => Promise.resolve())).toEqual(nothing)
  })

  test('all existing users are synced, those in no list too', async () => {
    expect(await changed(() => world.user('new@example.com'))).toEqual({ come: ['new@example.com'], go: [] })
    expect(await changed(() => add('my-team', 'new@example.com'))).toEqual({
      come: ['my-team: new@example.com'],
      go: [],
    })
  })

  test('removing a member removes them from the group within one cycle, and nobody else', async () => {
    const earlier = await inAws(world)
    await remove('my-team', mfa)
    await served.runner.cycle()
    const later = await inAws(world)
    expect(added(later, earlier)).toMatchObject({ members: [`my-team: ${mfa}`], assignments: [], users: [] })
    expect(added(earlier, later).members).toEqual([])
  })

  test(`removing ${adminAccess} from a list with ${readOnly} takes that assignment from its group, and only that`, async () => {
    expect(await changed(() => grantOnly('my-team', [readOnly]))).toEqual({
      come: [],
      go: [`my-team ${demo.sandbox}/${adminArn}`],
    })
  })

  test('and the other way round: a role that is granted is assigned to the group', async () => {
    expect(await changed(() => grantOnly('my-team', [readOnly, adminAccess]))).toEqual({
      come: [`my-team ${demo.sandbox}/${adminArn}`],
      go: [],
    })
  })
})

describe('FAQ: which access lists are synced', () => {
  const owners = [{ name: ada }]

  test('all that have account and permission set rules among their role grants', async () => {
    await world.put(
      'role',
      'reader',
      {
        allow: { account_assignments: [{ account: demo.sandbox, permission_set: demo.readOnlyArn }] },
      },
      'v8',
    )
    const make = async () => {
      await put('by-role', { title: 'by-role', owners, grants: { roles: ['reader'] } })
      await put('by-name', { title: 'by-name', owners, grants: { roles: [readOnly] } })
    }
    const pair = `${demo.sandbox}/${demo.readOnlyArn}`
    expect(await changed(make)).toEqual({
      come: ['by-name', 'by-role', `by-name ${pair}`, `by-role ${pair}`],
      go: [],
    })
  })

  test('and no others: without such rules a list with members is no group', async () => {
    await world.put('role', 'plain', { allow: {} }, 'v8')
    const make = async () => {
      await put('plain', { title: 'plain', owners, grants: { roles: ['plain'], traits: { team: ['a'] } } })
      await add('plain', newcomer)
    }
    expect(await changed(make)).toEqual(nothing)
  })

  test('one that gets its first such role becomes a group, and is none after its last', async () => {
    expect(await changed(() => grantOnly('plain', ['plain', 'reader']))).toEqual({
      come: ['plain', `plain: ${newcomer}`, `plain ${demo.sandbox}/${demo.readOnlyArn}`],
      go: [],
    })
    const { go } = await changed(() => grantOnly('plain', ['plain']))
    expect(go).toContain(`plain ${demo.sandbox}/${demo.readOnlyArn}`)
    await world.aws.advance(30 * 24 * 60 * minute)
    await settle(served.runner)
    expect((await inAws(world)).groups).not.toContain('plain')
  })

  test('an imported one stays a group after its last such role, with its members', async () => {
    const { come, go } = await changed(() => grantOnly('my-team', []))
    expect(come).toEqual([])
    expect(go).toEqual([adminArn, demo.readOnlyArn].map((arn) => `my-team ${demo.sandbox}/${arn}`))
    await world.aws.advance(30 * 24 * 60 * minute)
    await settle(served.runner)
    expect((await inAws(world)).groups).toContain('my-team')
    expect(await membersIn('my-team')).toEqual([dev, 'new@example.com'])
  })
})

describe('FAQ: how it works with nested access lists', () => {
  const owners = [{ name: ada }]

  test('all members reachable from the top are in a single flat group', async () => {
    const make = async () => {
      await put('inner', { title: 'inner', owners })
      await put('middle', { title: 'middle', owners })
      await put('top', { title: 'top', owners, grants: { roles: [readOnly] } })
      await add('top', 'middle', ada, 'list')
      await add('middle', 'inner', ada, 'list')
      await add('inner', auditor)
      await add('middle', auditor)
      await add('middle', dev)
      await add('top', mfa)
    }
    const { come, go } = await changed(make)
    expect(come).toEqual([
      'top',
      ...[auditor, dev, mfa].map((name) => `top: ${name}`),
      `top ${demo.sandbox}/${demo.readOnlyArn}`,
    ])
    expect(go).toEqual([])
  })

  test('the group is kept updated as members are added to nested lists', async () => {
    expect(await changed(() => add('inner', newcomer))).toEqual({ come: [`top: ${newcomer}`], go: [] })
  })

  test('and as they are removed, unless another way still leads to them', async () => {
    expect(await changed(() => remove('inner', auditor))).toEqual(nothing)
    expect(await changed(() => remove('middle', auditor))).toEqual({ come: [], go: [`top: ${auditor}`] })
  })

  test('and as a nested list itself is taken out', async () => {
    const { come, go } = await changed(() => remove('top', 'middle', 'list'))
    expect(come).toEqual([])
    expect(go).toEqual([dev, newcomer].map((name) => `top: ${name}`).sort())
  })
})

describe('FAQ: what becomes of the group of a list that is deleted', () => {
  async function deleteList(name: string): Promise<void> {
    await removeResource(served.deps, { kind: 'access_list', name, dryRun: false }, admin, desk)
  }
  async function muchLater(): Promise<void> {
    await world.aws.advance(30 * 24 * 60 * minute)
    await settle(served.runner)
  }

  test('one made here goes, with what it gave', async () => {
    await changed(() => deleteList('by-name'))
    await muchLater()
    const { groups, assignments } = await inAws(world)
    expect(groups).not.toContain('by-name')
    expect(assignments.filter((line) => line.startsWith('by-name '))).toEqual([])
  })

  test('an imported one goes because a person deleted its list, and others stay', async () => {
    await changed(() => deleteList('my-team'))
    await muchLater()
    expect((await inAws(world)).groups).toEqual(
      [...asFound.groups.filter((name) => name !== 'my-team'), 'by-role', 'top'].sort(),
    )
  })
})
