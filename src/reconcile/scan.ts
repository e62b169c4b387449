/**
 * @module A full look at AWS: users, groups, members, assignments, accounts, permission sets. Every read is taken over
 * when it is whole, so a look that breaks off leaves what was read and loses nothing else. It goes through the governor
 * with the priority that it is given, in slices, and never keeps a change waiting.
 */
import type { AssignmentRow } from '../aws/identity-center.js'
import { AwsCallError, type CallPriority, type CallOptions } from '../core/governor/call.js'
import {
  pairKey,
  principalKey,
  splitPairKey,
  type PairKey,
  type PrincipalKey,
  type PrincipalKind,
} from '../core/identity-center/observation.js'
import { pagesByPrincipal, planAssignmentScan, scanPeriod } from '../core/plan/scan-plan.js'
import { day } from '../core/time.js'
import type { Progress as TellProgress } from '../service/identity-center/sync-port.js'
import { commit, type Cycle } from './cycle.js'
import { noteNames } from './notes.js'
import { readAccounts, readGroups, readPermissionSets, readUsers } from './read-lists.js'
import type { SeenWrite } from './seen.js'

export interface ScanOptions {
  readonly priority: CallPriority
  /** `all`: also principals that are not ours, for the preview of an import. `owned`: what the sync looks after. */
  readonly scope: 'all' | 'owned'
  readonly progress: TellProgress
  /** Ends it where it stands. */
  readonly signal: AbortSignal
}

export interface ScanTotals {
  readonly accounts: number
  readonly permissionSets: number
  readonly groups: number
  readonly assignments: number
}

interface PrincipalRef {
  readonly kind: PrincipalKind
  readonly id: string
}

/** Reads under way at once; how fast they go is the governor's. */
const atOnce = 8

/** @throws AwsCallError where a read failed; what was read before it stays. */
export async function scan(
  cycle: Cycle,
  { priority, scope, progress, signal }: ScanOptions,
): Promise<ScanTotals> {
  const { deps, settings, reading, seen, center, lease } = cycle
  const begunAt = deps.timers.now()
  const options: CallOptions = { priority, signal }
  const keep = () => lease.keep()
  progress({ says: 'Asking who we are at AWS.', done: 0 })
  const facts = await center.read.describeInstance(options)
  const management = facts.managementAccountId
  reading.managementAccountId = management
  reading.identityStore = { instanceArn: settings.instanceArn, id: facts.identityStoreId }
  reading.mayAskByPrincipal = management === undefined || management === facts.callerAccountId
  for (const [says, read] of [
    ['Reading accounts.', readAccounts],
    ['Reading permission sets.', readPermissionSets],
    ['Reading users.', readUsers],
    ['Reading groups.', readGroups],
  ] as const) {
    progress({ says })
    await keep()
    await read(cycle, options)
  }
  const groups = [...seen.groups.keys()].filter((id) => scope === 'all' || isOwned(cycle, 'group', id)).sort()
  const users = [...seen.users.keys()].filter((id) => scope === 'all' || isOwned(cycle, 'user', id)).sort()
  let done = 0
  const { pairsDeniedAt } = reading
  const { by, calls } = planAssignmentScan({
    principals: groups.length + users.length,
    principalPages: pagesByPrincipal({
      ...{ groups, users },
      ownOf: (kind, id) => seen.assignments.get(principalKey(kind, id))?.size ?? 0,
      membersOf: (id) => seen.members.get(id) ?? [],
    }),
    accounts: seen.accounts.size,
    provisionedPairs: reading.provisionedPairs,
    mayAskByPrincipal: reading.mayAskByPrincipal,
    mayAskByPair: pairsDeniedAt === undefined || begunAt - pairsDeniedAt >= day,
  })
  const total = groups.length + calls
  // The calls are an estimate: where there are more, the whole grows with them.
  const advance = () => {
    done += 1
    progress({ done, total: Math.max(total, done) })
  }
  progress({ says: 'Reading members of groups and account assignments.', done: 0, total })
  const readMembers = async (id: string): Promise<void> => {
    const mark = seen.markOfRead(cycle.deps.timers.now())
    const members = await center.read.listMembers(id, options)
    await takeOver(cycle, mark, { kind: 'members', id, value: new Set(members) })
    advance()
  }
  const principals: PrincipalRef[] = [
    ...groups.map((id) => ({ kind: 'group' as const, id })),
    ...users.map((id) => ({ kind: 'user' as const, id })),
  ]
  const readAssignments = async (): Promise<void> => {
    if (by === 'principal' || !(await mayReadByPair(cycle, options, advance))) {
      await readByPrincipal(cycle, principals, options, advance)
    }
  }
  // Side by side: they are of two services, whose limits AWS counts apart.
  await allEnded([inParallel(groups, keep, readMembers), readAssignments()])
  const tookMs = deps.timers.now() - begunAt
  const scanCalls = { ssoAdmin: calls + seen.permissionSets.size / 100, identitystore: groups.length }
  const everyMs = scanPeriod(scanCalls, settings.rateShare, settings.scanIntervalMs)
  reading.lastScan = { at: deps.timers.now(), tookMs, everyMs }
  await commit(cycle, {}, (tx) => tx.notes.put(noteNames.reading(settings.name), reading))
  const assignments = [...seen.assignments.values()].reduce((sum, pairs) => sum + pairs.size, 0)
  progress({
    says: `${seen.users.size} users, ${seen.groups.size} groups and ${assignments} account assignments were found.`,
  })
  return {
    accounts: seen.accounts.size,
    permissionSets: seen.permissionSets.size,
    groups: seen.groups.size,
    assignments,
  }
}

function isOwned({ owned }: Pick<Cycle, 'owned'>, kind: PrincipalKind, id: string): boolean {
  return owned.has(principalKey(kind, id))
}

async function readByPrincipal(
  cycle: Cycle,
  principals: readonly PrincipalRef[],
  options: CallOptions,
  advance: () => void,
): Promise<void> {
  await inParallel(
    principals,
    () => cycle.lease.keep(),
    async ({ kind, id }) => {
      const mark = cycle.seen.markOfRead(cycle.deps.timers.now())
      const pairs = await cycle.center.read.listAssignmentsOfPrincipal(kind, id, options)
      await takeOver(cycle, mark, { kind: 'assignments', id: principalKey(kind, id), value: new Set(pairs) })
      advance()
    },
  )
}

/**
 * Reads by pair, which the least policy does not allow: then everything is read by principal, where that is allowed,
 * and it is remembered, so that the next looks do not try in vain.
 */
async function mayReadByPair(cycle: Cycle, options: CallOptions, advance: () => void): Promise<boolean> {
  const { reading, deps } = cycle
  try {
    await readByPair(cycle, options, advance)
    delete reading.pairsDeniedAt
    return true
  } catch (error) {
    const isDenied = error instanceof AwsCallError && error.failure === 'denied'
    if (!isDenied || !reading.mayAskByPrincipal) throw error
    reading.pairsDeniedAt = deps.timers.now()
    return false
  }
}

/** Nothing is concluded about anyone before the last pair was read. */
async function readByPair(cycle: Cycle, options: CallOptions, advance: () => void): Promise<void> {
  const { seen, center, reading, lease } = cycle
  const mark = seen.markOfRead(cycle.deps.timers.now())
  const keep = () => lease.keep()
  const pairs: PairKey[] = []
  await inParallel([...seen.accounts.keys()].sort(), keep, async (accountId) => {
    for (const arn of await center.read.listProvisionedSets(accountId, options))
      pairs.push(pairKey(accountId, arn))
    advance()
  })
  const rows: AssignmentRow[] = []
  await inParallel(pairs.sort(), keep, async (pair) => {
    rows.push(...(await center.read.listAssignmentsOfPair(pair, options)))
    advance()
  })
  reading.provisionedPairs = pairs.length
  reading.managementSets = pairs.flatMap((pair) => {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    return accountId === reading.managementAccountId ? [permissionSetArn] : []
  })
  const found = new Map<PrincipalKey, Set<PairKey>>()
  for (const id of seen.users.keys()) found.set(principalKey('user', id), new Set())
  for (const id of seen.groups.keys()) found.set(principalKey('group', id), new Set())
  // Principals that are on no list are gone; their rows are left-overs that are not ours to judge.
  for (const { principalKind, principalId, pair } of rows) {
    found.get(principalKey(principalKind, principalId))?.add(pair)
  }
  const writes = [...found].map(([id, value]): SeenWrite => ({ kind: 'assignments', id, value }))
  const news = writes.filter((write) => isNews(cycle, mark, write))
  for (let at = 0; at < news.length; at += 500) await commit(cycle, { seen: news.slice(at, at + 500) })
}

async function takeOver(cycle: Cycle, mark: number, write: SeenWrite): Promise<void> {
  if (isNews(cycle, mark, write)) await commit(cycle, { seen: [write] })
}

/** Not where it says what is known, and not where a change of ours is newer than the read. */
function isNews({ seen }: Cycle, mark: number, { kind, id, value }: SeenWrite): boolean {
  if (seen.isNewerThan(mark, kind, id)) return false
  if (!(value instanceof Set)) return true
  const known = kind === 'members' ? seen.members.get(id) : seen.assignments.get(id)
  return known === undefined || known.size !== value.size || [...known].some((one) => !value.has(one))
}

/** @throws the failure of the first that failed, once all have ended. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const ended of await Promise.allSettled(works)) {
    if (ended.status === 'rejected') throw ended.reason
  }
}

/** @throws the first failure, once everything that had begun has ended. */
async function inParallel<T>(
  items: readonly T[],
  before: () => Promise<void>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  let failure: { readonly thrown: unknown } | undefined
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failure !== undefined) return
      try {
        await before()
        await work(item)
      } catch (thrown) {
        failure ??= { thrown }
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (failure !== undefined) throw failure.thrown
}
