/**
 * @module What is believed no more and has to be read anew before the next plan: after an answer that was lost, after a
 * failure that says that AWS holds something else, and when a person asks. One or two calls each, never the whole.
 */
import { principalKey, type PrincipalKind } from '../core/identity-center/observation.js'
import { AwsCallError, type AwsFailure, type CallOptions } from '../core/governor/call.js'
import type { Gate } from '../core/governor/outages.js'
import type { Action } from '../core/plan/plan.js'
import { second, type Instant } from '../core/time.js'
import type { Cycle } from './cycle.js'
import { readGroups, readUsers } from './read-lists.js'
import { commitRead } from './read-one.js'
import type { SeenWrite } from './seen.js'

/** One thing that is believed no more. */
export type Doubted =
  | { readonly what: 'user' | 'group'; readonly name: string }
  /** Of the group with this id. */
  | { readonly what: 'members'; readonly id: string }
  /** `pair`: one that nothing else may tell of, since its answer was lost. */
  | {
      readonly what: 'assignments'
      readonly kind: PrincipalKind
      readonly id: string
      readonly pair?: string
    }

/** After which a read that was refused is tried again. */
const pause = 5 * second

export class Reread {
  readonly userNames = new Set<string>()
  readonly groupNames = new Set<string>()
  readonly members = new Set<string>()
  /** By principal key. */
  readonly assignments = new Map<string, { readonly kind: PrincipalKind; readonly id: string }>()
  /** A name was not found: only the whole list tells what became of the object. */
  allUsers = false
  allGroups = false
  /** Before this nothing that could not be read is tried again. */
  notBefore: Instant = 0
  readonly #pairs = new Map<string, Set<string>>()

  get isEmpty(): boolean {
    return this.gates.length === 0
  }

  add(doubted: Doubted): void {
    switch (doubted.what) {
      case 'user':
        this.userNames.add(doubted.name)
        return
      case 'group':
        this.groupNames.add(doubted.name)
        return
      case 'members':
        this.members.add(doubted.id)
        return
      case 'assignments': {
        const { kind, id, pair } = doubted
        const key = principalKey(kind, id)
        this.assignments.set(key, { kind, id })
        if (pair !== undefined) this.#pairs.set(key, new Set([...this.pairsOf(key), pair]))
      }
    }
  }

  isDue(now: Instant): boolean {
    return !this.isEmpty && now >= this.notBefore
  }

  /** Whether it has not been read yet. */
  waitsFor(doubted: Doubted): boolean {
    switch (doubted.what) {
      case 'user':
        return this.allUsers || this.userNames.has(doubted.name)
      case 'group':
        return this.allGroups || this.groupNames.has(doubted.name)
      case 'members':
        return this.members.has(doubted.id)
      case 'assignments':
        return this.assignments.has(principalKey(doubted.kind, doubted.id))
    }
  }

  pairsOf(principal: string): ReadonlySet<string> {
    return this.#pairs.get(principal) ?? new Set()
  }

  /** By which services what waits can be read. */
  get gates(): readonly Gate[] {
    const { userNames, groupNames, members, assignments } = this
    const gates: Gate[] = []
    if (userNames.size + groupNames.size > 0) gates.push('scim read')
    if (members.size > 0 || this.allUsers || this.allGroups) gates.push('identitystore read')
    if (assignments.size > 0) gates.push('sso-admin read')
    return gates
  }

  putBehind(principal: string): void {
    const of = this.assignments.get(principal)
    if (of === undefined) return
    this.assignments.delete(principal)
    this.assignments.set(principal, of)
  }

  assignmentsRead(principal: string): void {
    this.assignments.delete(principal)
    this.#pairs.delete(principal)
  }
}

/**
 * Reads everything that waits, as far as the services answer. What cannot be read now goes on waiting, behind the rest.
 * @throws AwsCallError where nothing can be read at all (`unauthorized`).
 */
export async function rereadAll(cycle: Cycle): Promise<void> {
  const { reread, outages, deps } = cycle
  await eachOf(cycle, 'scim read', reread.userNames, (name) => rereadUser(cycle, name))
  await eachOf(cycle, 'scim read', reread.groupNames, (name) => rereadGroup(cycle, name))
  if (reread.allUsers && (await tryRead(cycle, 'identitystore read', () => takeOver(readUsers, cycle)))) {
    reread.allUsers = false
  }
  if (reread.allGroups && (await tryRead(cycle, 'identitystore read', () => takeOver(readGroups, cycle)))) {
    reread.allGroups = false
  }
  await eachOf(cycle, 'identitystore read', reread.members, (id) => rereadMembers(cycle, id))
  for (const [key, { kind, id }] of [...reread.assignments]) {
    const isDone = await tryRead(cycle, 'sso-admin read', () => rereadAssignments(cycle, kind, id))
    if (isDone === undefined) break
    if (isDone) reread.assignmentsRead(key)
    else reread.putBehind(key)
  }
  const again = deps.timers.now() + pause
  reread.notBefore = Math.min(...reread.gates.map((gate) => outages.closedUntil(gate) ?? again))
}

/** A list that is doubted tells nothing about what is missing in it: its next read does. */
async function takeOver(
  read: (cycle: Cycle, options: CallOptions) => Promise<boolean>,
  cycle: Cycle,
): Promise<void> {
  await cycle.lease.keep()
  await read(cycle, { priority: 'interactive' })
}

/** What fails goes to the end, so that it never keeps the others waiting. */
async function eachOf(
  cycle: Cycle,
  gate: Gate,
  names: Set<string>,
  read: (name: string) => Promise<void>,
): Promise<void> {
  for (const name of [...names]) {
    const isDone = await tryRead(cycle, gate, () => read(name))
    if (isDone === undefined) return
    names.delete(name)
    if (!isDone) names.add(name)
  }
}

/** Whether it was read; undefined where it was not tried, since the service does not answer. */
async function tryRead(
  { outages, deps }: Cycle,
  gate: Gate,
  read: () => Promise<void>,
): Promise<boolean | undefined> {
  if (!outages.mayBegin(gate, deps.timers.now())) return undefined
  try {
    await read()
    outages.answered(gate, deps.timers.now())
    return true
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.failure === 'unauthorized') throw error
    if (error.failure === 'unknown_outcome') outages.unanswered(gate, deps.timers.now())
    else if (error.failure !== 'throttled') outages.answered(gate, deps.timers.now())
    return false
  }
}

export function readOptions({ lease }: Pick<Cycle, 'lease'>): CallOptions {
  return { priority: 'interactive', deadline: lease.deadline() }
}

/**
 * One user by userName. Where the name is gone the user may be, or may have another name now: only a whole list tells,
 * and `scan.ts` reads that next.
 */
async function rereadUser(cycle: Cycle, userName: string): Promise<void> {
  await cycle.lease.keep()
  const begunAt = cycle.deps.timers.now()
  const found = await cycle.scim.findUser(userName, readOptions(cycle))
  const others = [...cycle.seen.users.values()].filter((user) => user.userName === userName)
  if (others.some(({ id }) => id !== found?.id)) cycle.reread.allUsers = true
  if (found !== undefined) await commitRead(cycle, begunAt, [{ kind: 'user', id: found.id, value: found }])
}

async function rereadGroup(cycle: Cycle, displayName: string): Promise<void> {
  await cycle.lease.keep()
  const begunAt = cycle.deps.timers.now()
  const found = await cycle.scim.findGroup(displayName, readOptions(cycle))
  const others = [...cycle.seen.groups.values()].filter((group) => group.displayName === displayName)
  if (others.some(({ id }) => id !== found?.id)) cycle.reread.allGroups = true
  if (found !== undefined) await commitRead(cycle, begunAt, [{ kind: 'group', id: found.id, value: found }])
}

async function rereadMembers(cycle: Cycle, id: string): Promise<void> {
  await cycle.lease.keep()
  const begunAt = cycle.deps.timers.now()
  try {
    const members = new Set(await cycle.center.read.listMembers(id, readOptions(cycle)))
    await commitRead(cycle, begunAt, [{ kind: 'members', id, value: members }])
  } catch (error) {
    if (!isGone(error, cycle, 'group', id, begunAt)) throw error
    const gone: SeenWrite[] = [
      { kind: 'group', id, value: undefined },
      { kind: 'members', id, value: undefined },
    ]
    await commitRead(cycle, begunAt, gone)
  }
}

async function rereadAssignments(cycle: Cycle, kind: PrincipalKind, id: string): Promise<void> {
  await cycle.lease.keep()
  const begunAt = cycle.deps.timers.now()
  const key = principalKey(kind, id)
  try {
    const pairs = cycle.reading.mayAskByPrincipal
      ? await cycle.center.read.listAssignmentsOfPrincipal(kind, id, readOptions(cycle))
      : await pairsOneByOne(cycle, kind, id)
    await commitRead(cycle, begunAt, [{ kind: 'assignments', id: key, value: new Set(pairs) }])
  } catch (error) {
    if (!isGone(error, cycle, kind, id, begunAt)) throw error
    // Somebody deleted the principal: there is nothing to wait for.
    const gone: SeenWrite[] = [
      { kind, id, value: undefined },
      { kind: 'assignments', id: key, value: undefined },
    ]
    await commitRead(cycle, begunAt, gone)
  }
}

/** AWS knows no such principal: it is gone, or so new that AWS does not show it yet, which is read again. */
function isGone(
  error: unknown,
  { seen }: Cycle,
  kind: PrincipalKind,
  id: string,
  askedAt: Instant,
): error is AwsCallError {
  const isNotFound = error instanceof AwsCallError && error.failure === 'not_found'
  return isNotFound && !seen.isUnsettled(kind, id, askedAt)
}

/** As a delegated administrator: the pairs that the principal has or should have, each asked for. */
async function pairsOneByOne(cycle: Cycle, kind: PrincipalKind, id: string): Promise<string[]> {
  const principal = principalKey(kind, id)
  const candidates = new Set([
    ...(cycle.seen.assignments.get(principal) ?? []),
    ...cycle.ledger.pairsOf(principal),
    ...cycle.reread.pairsOf(principal),
  ])
  const pairs: string[] = []
  for (const pair of [...candidates].sort()) {
    await cycle.lease.keep()
    const rows = await cycle.center.read.listAssignmentsOfPair(pair, readOptions(cycle))
    if (rows.some((row) => row.principalKind === kind && row.principalId === id)) pairs.push(pair)
  }
  return pairs
}

/** What an action may have changed, or what its failure says that we believe wrongly. */
export function doubtsOf(
  { links, seen }: Pick<Cycle, 'links' | 'seen'>,
  action: Action,
  failure: AwsFailure,
): Doubted[] {
  switch (action.kind) {
    case 'user.create':
      return [{ what: 'user', name: action.attributes.userName }]
    case 'user.adopt':
      return [{ what: 'user', name: action.user }]
    case 'user.update':
    case 'user.activate':
    case 'user.deactivate':
    case 'user.delete': {
      const before = seen.users.get(action.awsId)?.userName ?? action.user
      const after = action.kind === 'user.update' ? action.changes.userName : undefined
      return [before, ...(after === undefined ? [] : [after])].map((name) => ({ what: 'user', name }))
    }
    case 'group.create':
    case 'group.delete':
      return [{ what: 'group', name: action.displayName }]
    case 'group.rename':
      return [action.displayName, action.from].map((name) => ({ what: 'group', name }))
    case 'group.adopt':
      return [{ what: 'members', id: action.awsId }]
    case 'members.add':
    case 'members.remove': {
      const id = action.awsId ?? links.id('group', action.list)
      const group: Doubted[] = id === undefined ? [] : [{ what: 'members', id }]
      if (failure !== 'not_found' && failure !== 'invalid') return group
      // One of them may be gone: of a few it is found out by name, of more by the next full look.
      const names = action.members.map(({ name }) => name).filter((name) => name !== '')
      return [...group, ...names.slice(0, 10).map((name): Doubted => ({ what: 'user', name }))]
    }
    case 'assignment.create':
    case 'assignment.delete': {
      const { kind, name, awsId } = action.principal
      const id = awsId ?? (name === undefined ? undefined : links.id(kind, name))
      return id === undefined ? [] : [{ what: 'assignments', kind, id, pair: action.pair }]
    }
    case 'ledger.update':
    case 'link.forget':
      return []
  }
}
