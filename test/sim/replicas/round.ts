/**
 * @module One point: what people should have is changed, and the replica that syncs is killed after the k-th thing that it
 * did to AWS. Another one must go on, and in AWS and in the books nothing may be lost, doubled or beyond what is wanted.
 */
import { z } from 'zod'
import type { Prng } from '../../../src/emulator/prng.js'
import { systemClock } from '../../../src/lib/clock.js'
import {
  lists,
  nothing,
  pairs,
  people,
  plugin,
  type AwsEvent,
  type AwsState,
  type ReplicaWorld,
  type Wanted,
} from './world.js'

export interface RoundResult {
  readonly problems: readonly string[]
  /** What happened, for people. */
  readonly says: string
  /** From the death to the moment at which another one held the lease; undefined where nobody had to. */
  readonly leaseMs: number | undefined
  /** From the death to the first change of AWS by another one. */
  readonly goesOnMs: number | undefined
}

/** Another set of wishes. */
export function edit(prng: Prng, { roles, members }: Wanted): Wanted {
  const flip = (some: readonly string[], all: readonly string[], share: number) =>
    all.filter((one) => some.includes(one) !== prng.chance(share))
  return {
    roles: new Map([...roles].map(([name, some]) => [name, flip(some, pairs, 0.3)])),
    members: new Map([...members].map(([name, some]) => [name, flip(some, people, 0.4)])),
  }
}

export interface RoundOptions {
  /** After which it is a failure that everything is not as it should be. */
  readonly longestMs: number
  /** What happens to the one that syncs; it is killed where this is left out. */
  readonly strike?: (victim: string) => Promise<void>
}

export async function playRound(
  world: ReplicaWorld,
  prng: Prng,
  before: Wanted,
  { longestMs, strike = (victim) => world.kill(victim) }: RoundOptions,
): Promise<RoundResult & { readonly wanted: Wanted }> {
  const wanted = edit(prng, before)
  const since = (await world.events(0)).at(-1)?.id ?? 0
  const victim = await until(longestMs, () => world.holder())
  const at = 1 + prng.below(Math.max(1, countChanges(before, wanted)))
  // Some calls take their time, so that it dies between a call and its answer now and then.
  const seed = prng.below(1_000_000)
  const slow = { kind: 'slow', delayMs: 200 }
  await world.control('POST', 'faults', { operation: '*', probability: 0.2, seed, times: 1000, fault: slow })
  await world.want(wanted)
  const hasBegun = await until(longestMs, async () =>
    (await world.events(since)).filter(isChange).length >= at ? true : undefined,
  ).catch(() => false)
  await strike(victim)
  const diedAt = systemClock.now()
  const heir = until(longestMs, async () => {
    const holder = await world.holder()
    return holder === undefined || holder === victim ? undefined : systemClock.now()
  })
  const problems: string[] = hasBegun ? [] : [`the ${at}th change did not come`]
  const [tookAt] = await Promise.all([
    heir.catch(() => undefined),
    until(longestMs, async () => ((await isDone(world, wanted)) ? true : undefined)).catch(async () => {
      problems.push(`not everything was done: ${JSON.stringify(await differences(world, wanted))}`)
    }),
  ])
  if (tookAt === undefined) problems.push('nobody took the lease')
  await world.control('DELETE', 'faults')
  const state = await world.state()
  problems.push(...checkEvents(await world.events(since), state, wanted), ...(await checkBooks(world)))
  const byHeir = (await world.store.changes.list(plugin, { limit: 100 })).filter(
    ({ holder, begunAt }) => holder !== victim && begunAt >= diedAt,
  )
  const firstAt = byHeir.length === 0 ? undefined : Math.min(...byHeir.map(({ begunAt }) => begunAt))
  const goesOnMs = firstAt && firstAt - diedAt
  const leaseMs = tookAt && tookAt - diedAt
  const says = `${victim} died after ${at} changes; lease taken after ${leaseMs} ms, went on after ${goesOnMs ?? '-'} ms`
  return { problems, says, wanted, leaseMs, goesOnMs }
}

/** @throws Error where `look` answers undefined until the time is over. */
export async function until<T>(longestMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = systemClock.now() + longestMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (systemClock.now() > deadline) throw new Error(`nothing within ${longestMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The fewest changes of assignments and members that lead from one to the other. */
function countChanges(from: Wanted, to: Wanted): number {
  const differing = (a: readonly string[] = [], b: readonly string[] = []) =>
    a.filter((one) => !b.includes(one)).length + b.filter((one) => !a.includes(one)).length
  return [...to.roles].reduce((sum, [name, some]) => sum + differing(from.roles.get(name), some), 0)
}

const tables = ['users', 'groups', 'memberships', 'assignments']

/** Something in AWS is another than before; requests for assignments are none themselves. */
function isChange({ change }: AwsEvent): boolean {
  return change !== undefined && tables.includes(change.table)
}

/** Who has what, in words, as it should be and as it is. */
function rowsOf({ roles, members }: Wanted): Set<string> {
  return new Set([
    ...[...roles].flatMap(([name, some]) => some.map((pair) => `${name} has ${pair}`)),
    ...[...members].flatMap(([list, some]) => some.map((name) => `${name} is in ${list}`)),
    ...lists.map((list, at) => `${list} has ${pairs[at]}`),
  ])
}

function rowsIn(state: AwsState): string[] {
  const name = namesOf(state)
  return [
    ...state.assignments.map(
      ({ principalId, accountId, permissionSetArn }) =>
        `${name(principalId)} has ${accountId}/${permissionSetArn}`,
    ),
    ...state.memberships.map(({ userId, groupId }) => `${name(userId)} is in ${name(groupId)}`),
  ]
}

function namesOf({ users, groups }: AwsState): (id: unknown) => string {
  const names = new Map([
    ...users.map(({ id, userName }) => [id, userName] as const),
    ...groups.map(({ id, displayName }) => [id, displayName] as const),
  ])
  return (id) => names.get(String(id)) ?? `unknown ${String(id)}`
}

async function differences(world: ReplicaWorld, wanted: Wanted): Promise<object> {
  const [is, shall] = [new Set(rowsIn(await world.state())), rowsOf(wanted)]
  const open = (await world.store.changes.listOpen(plugin)).map(({ key }) => key)
  return {
    missing: [...shall].filter((row) => !is.has(row)),
    beyond: [...is].filter((row) => !shall.has(row)),
    open,
    told: world.told,
  }
}

export async function isDone(world: ReplicaWorld, wanted: Wanted): Promise<boolean> {
  const state = await world.state()
  const [is, shall] = [rowsIn(state), rowsOf(wanted)]
  if (state.outstanding.length > 0 || is.length !== shall.size || !is.every((row) => shall.has(row)))
    return false
  if (state.users.length < people.length) return false
  return (await world.store.changes.listOpen(plugin)).length === 0
}

/** Nothing that was given was beyond what is wanted, and nothing was given twice. */
function checkEvents(events: readonly AwsEvent[], state: AwsState, wanted: Wanted): string[] {
  const name = namesOf(state)
  const shall = rowsOf(wanted)
  const given = events.flatMap(({ change }) => {
    const row = change?.put
    if (row === undefined) return []
    if (change?.table === 'assignments')
      return [
        `${name(row['principalId'])} has ${String(row['accountId'])}/${String(row['permissionSetArn'])}`,
      ]
    return change?.table === 'memberships' ? [`${name(row['userId'])} is in ${name(row['groupId'])}`] : []
  })
  const twice = given.filter((row, index) => given.indexOf(row) !== index)
  const users = state.users.map(({ userName }) => userName)
  return [
    ...given.filter((row) => !shall.has(row)).map((row) => `given and not wanted: ${row}`),
    ...twice.map((row) => `given twice: ${row}`),
    ...users.filter((one, index) => users.indexOf(one) !== index).map((one) => `twice in AWS: ${one}`),
  ]
}

const phaseForm = z.object({ change_id: z.string(), phase: z.enum(['intent', 'outcome']) })

/** Each change has one intent and one outcome, and the audit log has no gap. */
async function checkBooks(world: ReplicaWorld): Promise<string[]> {
  const problems: string[] = []
  const open = await world.store.changes.listOpen(plugin)
  problems.push(...open.map(({ key }) => `an intent without outcome: ${key}`))
  const phases = new Map<string, string[]>()
  for (let cursor = 0; ;) {
    const page = await world.store.audit.list({ cursor, limit: 1000, order: 'asc' })
    for (const { sequence, json } of page) {
      if (sequence !== cursor + 1) problems.push(`event ${cursor + 1} is missing`)
      cursor = sequence
      const { success, data } = phaseForm.safeParse(JSON.parse(json))
      if (success) phases.set(data.change_id, [...(phases.get(data.change_id) ?? []), data.phase])
    }
    if (page.length < 1000) break
  }
  // The newest events may not be in the chain yet.
  for (const [id, found] of phases) {
    if (found.join() !== 'intent,outcome' && found.join() !== 'intent')
      problems.push(`${id}: ${found.join()}`)
  }
  return problems
}

/** The first sync is over: everybody is there, and nobody has anything but the lists. */
export async function settle(world: ReplicaWorld, longestMs: number): Promise<Wanted> {
  await until(longestMs, async () => ((await isDone(world, nothing)) ? true : undefined)).catch(async () => {
    throw new Error(`the first sync did not end: ${JSON.stringify(await differences(world, nothing))}`)
  })
  return nothing
}
