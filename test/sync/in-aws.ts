/** What the emulator holds, as sorted lines that tests compare, and worlds that are in step when a test begins. */
import { z } from 'zod'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { demo } from '../emulator/aws-world.js'
import { scanned, settle, SyncWorld, type Settings } from '../reconcile/sync-world.js'

export const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`
export const sandboxBilling = `assignment/${demo.sandbox}/${demo.billingArn}`

const stateForm = z.object({
  users: z.array(
    z.object({ id: z.string(), userName: z.string(), active: z.boolean(), displayName: z.string() }),
  ),
  groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  memberships: z.array(z.object({ groupId: z.string(), userId: z.string() })),
  assignments: z.array(
    z.object({
      principalType: z.string(),
      principalId: z.string(),
      accountId: z.string(),
      permissionSetArn: z.string(),
    }),
  ),
})

export interface InAws {
  /** `ann@example.com`, with `(off)` behind the deactivated. */
  readonly users: readonly string[]
  readonly groups: readonly string[]
  /** `team: ann@example.com`. */
  readonly members: readonly string[]
  /** `team 777777777777/arn:…`; by user name or group name. */
  readonly assignments: readonly string[]
  readonly idOf: (name: string) => string | undefined
}

export async function inAws({ aws }: SyncWorld): Promise<InAws> {
  const only = 'users,groups,memberships,assignments'
  const state = stateForm.parse(await aws.control('GET', `state?only=${only}`))
  const names = new Map([
    ...state.users.map(({ id, userName }) => [id, userName] as const),
    ...state.groups.map(({ id, displayName }) => [id, displayName] as const),
  ])
  const name = (id: string): string => names.get(id) ?? `(gone) ${id}`
  return {
    users: state.users.map(({ userName, active }) => (active ? userName : `${userName} (off)`)).sort(),
    groups: state.groups.map(({ displayName }) => displayName).sort(),
    members: state.memberships.map(({ groupId, userId }) => `${name(groupId)}: ${name(userId)}`).sort(),
    assignments: state.assignments
      .map((row) => `${name(row.principalId)} ${row.accountId}/${row.permissionSetArn}`)
      .sort(),
    idOf: (wanted) => [...names].find(([, one]) => one === wanted)?.[0],
  }
}

/** Lines of ours: those that were not there before. */
export function added(before: InAws, after: InAws): Omit<InAws, 'idOf'> {
  const less = (key: 'users' | 'groups' | 'members' | 'assignments') =>
    after[key].filter((line) => !before[key].includes(line))
  return {
    users: less('users'),
    groups: less('groups'),
    members: less('members'),
    assignments: less('assignments'),
  }
}

export interface Scene {
  readonly world: SyncWorld
  readonly runner: PluginSyncRunner
  /** Before the sync did anything. */
  readonly before: InAws
}

/** A world with what `make` puts here, read and brought in step. */
export async function inStep(
  make: (world: SyncWorld) => Promise<void>,
  settings: Settings = {},
): Promise<Scene> {
  const world = await SyncWorld.open(settings)
  const before = await inAws(world)
  await make(world)
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  return { world, runner, before }
}

export function people(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `p${String(at).padStart(3, '0')}@example.com`)
}

/** People, all of them members of one list that reads the sandbox. */
export function team(count: number): (world: SyncWorld) => Promise<void> {
  return async (world) => {
    for (const name of people(count)) await world.user(name)
    await world.list('team', [sandboxReadOnly], people(count))
  }
}

export async function leave(world: SyncWorld, names: readonly string[]): Promise<void> {
  for (const name of names) await world.store.members.delete('team', 'user', name, world.timers.now())
}

/** Of `world.calls()`. */
export const callsForm = z.object({ calls: z.record(z.string(), z.number()) })

/** The calls that `work` makes, by operation. */
export async function callsOf(
  world: SyncWorld,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const counts = async () => callsForm.parse(await world.calls()).calls
  const earlier = await counts()
  await work()
  const later = Object.entries(await counts())
  const more = later.map(([name, count]) => [name, count - (earlier[name] ?? 0)] as const)
  return Object.fromEntries(more.filter(([, count]) => count > 0))
}
