/**
 * @module What has to change about the account assignments of our principals. In the ledger and no longer wanted: taken
 * away. There without being in the ledger: drift, left or reverted by policy. A principal without a link is never
 * looked at, and one whose assignments were not read gets nothing new. Accounts that the filters leave out are left
 * alone: a filter that is narrowed takes no access away, and once it is widened again the ledger still knows what is ours.
 */
import {
  principalKey,
  splitPairKey,
  type Link,
  type PairKey,
  type PrincipalKind,
} from '../identity-center/observation.js'
import { compareTexts } from './keys.js'
import type { ActionKey, EndOfRequests, Hold, Principal } from './plan.js'
import {
  found,
  hasFound,
  maxNewAssignments,
  principalOf,
  sameReasons,
  type Draft,
  type PlanState,
  type Reasons,
} from './plan-state.js'

type Pairs = ReadonlyMap<PairKey, Reasons>

const nothing: Pairs = new Map()

/** What binds single assignments to memberships, for denials that begin and end (T11). */
export interface SingleAssignments {
  /** By `memberKey`: what has to be there before the person leaves the group. */
  readonly creates: ReadonlyMap<string, readonly ActionKey[]>
  /** What goes once the person is in the group again. */
  readonly deletes: readonly { readonly member: string; readonly draft: Draft }[]
}

export function memberKey(list: string, user: string): string {
  return `${list}\n${user}`
}

export function diffAssignments(state: PlanState): SingleAssignments {
  const creates = new Map<string, ActionKey[]>()
  const deletes: { readonly member: string; readonly draft: Draft }[] = []
  const { desired } = state.input
  for (const link of state.links.group.values()) {
    diffPrincipal(state, link, desired.groups.get(link.name)?.pairs, creates, deletes)
  }
  for (const link of state.links.user.values()) {
    const user = desired.users.get(link.name)
    const wanted = user?.active === true ? (desired.userPairs.get(link.name) ?? nothing) : undefined
    diffPrincipal(state, link, wanted, creates, deletes)
  }
  for (const [list, after] of state.groupCreates) {
    createAll(state, 'group', list, desired.groups.get(list)?.pairs ?? nothing, after, creates)
  }
  for (const [user, after] of state.userCreates) {
    createAll(state, 'user', user, desired.userPairs.get(user) ?? nothing, after, creates)
  }
  return { creates, deletes }
}

/** `wanted` is undefined where nothing may stay: of locked users, and of principals that nothing here wants. */
function diffPrincipal(
  state: PlanState,
  link: Link,
  wanted: Pairs | undefined,
  creates: Map<string, ActionKey[]>,
  deletes: { readonly member: string; readonly draft: Draft }[],
): void {
  const { kind, name, awsId } = link
  if (state.isUnclear(kind, name) || state.isGone(link)) return
  if (state.isUnresolved(kind, name, awsId, 'assignments')) return
  // What ends does not wait for what becomes of the user or the group itself; what is given does.
  const mayGive = !state.isUnresolved(kind, name, awsId)
  const key = principalKey(kind, awsId)
  const observed = state.input.observation.assignments.get(key)
  const rows = state.assignmentRows(key)
  for (const [pair, reasons] of (mayGive ? wanted : undefined) ?? nothing) {
    wantPair(state, principalOf(link), pair, reasons, { observed, row: rows.get(pair) }, creates)
  }
  const isLocked = kind === 'user' && state.lockedUser(awsId) !== undefined
  const isRecycled = kind === 'user' && state.isRecycled(awsId)
  for (const [pair, reasons] of rows) {
    if (state.isLeftAlone(pair)) {
      state.leftAlone++
      continue
    }
    if (wanted?.has(pair) === true) continue
    if (kind === 'user' && wanted !== undefined && mayOwn(state, reasons)) continue
    const draft = dropPair(state, link, pair, reasons, {
      isThere: observed?.has(pair) ?? true,
      mayStay: wanted !== undefined && !isRecycled,
      isLocked,
    })
    if (draft === undefined) continue
    for (const reason of reasons) {
      if (reason.kind === 'list_member') deletes.push({ member: memberKey(reason.list, name), draft })
    }
  }
  for (const pair of observed ?? []) {
    if (rows.has(pair) || wanted?.has(pair) === true) continue
    revertPair(state, link, pair, isLocked)
  }
}

interface KnownPair {
  readonly observed: ReadonlySet<PairKey> | undefined
  readonly row: Reasons | undefined
}

function wantPair(
  state: PlanState,
  principal: Principal,
  pair: PairKey,
  reasons: Reasons,
  { observed, row }: KnownPair,
  creates: Map<string, ActionKey[]>,
): void {
  if (!isOpenAccount(state, pair)) return
  const { kind, awsId } = principal
  const isRecycled = kind === 'user' && awsId !== undefined && state.isRecycled(awsId)
  const all = row !== undefined && hasFound(row) && !isRecycled ? [...reasons, found] : reasons
  const isThere = observed?.has(pair)
  if (isThere === true || (isThere === undefined && row !== undefined)) {
    if (row === undefined || !sameReasons(row, all)) {
      const because = row === undefined ? 'is wanted and there already' : 'the reasons for it changed'
      state.draft(
        { kind: 'ledger.update', entry: 'assignment', principal, target: pair, reasons: all },
        because,
      )
    }
    return
  }
  if (isThere === undefined) return
  const draft = createPair(state, principal, pair, reasons, creates)
  if (row === undefined || draft === undefined) return
  state.drift.push({
    kind: 'assignment',
    principal,
    target: pair,
    says: `An assignment of ${principalWords(principal)} was removed in AWS.`,
    action: draft.key,
  })
}

function createAll(
  state: PlanState,
  kind: PrincipalKind,
  name: string,
  wanted: Pairs,
  after: ActionKey,
  creates: Map<string, ActionKey[]>,
): void {
  const principal = { kind, name, awsId: undefined }
  for (const [pair, reasons] of wanted) {
    if (state.newAssignments >= maxNewAssignments) {
      state.newAssignments += wanted.size
      return
    }
    if (isOpenAccount(state, pair)) createPair(state, principal, pair, reasons, creates)?.after.add(after)
  }
}

function createPair(
  state: PlanState,
  principal: Principal,
  pair: PairKey,
  reasons: Reasons,
  creates: Map<string, ActionKey[]>,
): Draft | undefined {
  if (state.input.unassignableSets?.has(splitPairKey(pair).permissionSetArn) === true) {
    state.unassignable++
    return undefined
  }
  if (++state.newAssignments > maxNewAssignments) return undefined
  const change = { kind: 'assignment.create', principal, pair, reasons } as const
  const draft = state.draft(change, 'is given here')
  for (const reason of reasons) {
    if (reason.kind !== 'list_member' || principal.name === undefined) continue
    const member = memberKey(reason.list, principal.name)
    const keys = creates.get(member)
    if (keys === undefined) creates.set(member, [draft.key])
    else keys.push(draft.key)
  }
  return draft
}

/** An account that left the organisation took its assignments with it: nothing is called for there. */
function isKnownAccount({ input: { knownAccounts, observation } }: PlanState, pair: PairKey): boolean {
  if (knownAccounts === undefined || observation.doubts.has('accounts')) return true
  return knownAccounts.has(splitPairKey(pair).accountId)
}

/** Whether anything may be changed there. */
function isOpenAccount(state: PlanState, pair: PairKey): boolean {
  return isKnownAccount(state, pair) && !state.isLeftAlone(pair)
}

function dropPair(
  state: PlanState,
  link: Link,
  pair: PairKey,
  reasons: Reasons,
  facts: { readonly isThere: boolean; readonly mayStay: boolean; readonly isLocked: boolean },
): Draft | undefined {
  const principal = principalOf(link)
  const update = (left: Reasons, because: string): void => {
    const change = { kind: 'ledger.update', entry: 'assignment', target: pair, reasons: left } as const
    state.draft({ ...change, principal }, because)
  }
  if (!isKnownAccount(state, pair)) {
    update([], 'the account left the organisation')
    return undefined
  }
  if (!facts.isThere) {
    update([], 'is gone in AWS and not wanted here')
    return undefined
  }
  if (facts.mayStay && hasFound(reasons)) {
    if (reasons.length > 1) update([found], 'the reasons for it changed')
    return undefined
  }
  const mustGo = facts.isLocked || reasons.every((reason) => hasEnded(state, link.name, reason))
  const change = { kind: 'assignment.delete', principal, pair, cause: 'unwanted' } as const
  const draft = state.draft(change, whyGone(state, link, facts.isLocked, mustGo ? reasons : undefined), {
    mustGo,
    ended: mustGo ? endOfRequests(state, reasons) : undefined,
    holds: mustGo ? [] : doubtfulRemoval(state),
  })
  followEnd(state, link, draft)
  return draft
}

/** A list that cannot be read does not say who owns it: what it gave its owners stays. */
function mayOwn(state: PlanState, reasons: Reasons): boolean {
  return reasons.some((reason) => reason.kind === 'list_owner' && state.isUnclear('group', reason.list))
}

/** Whether time ended it, for the user of that name. */
function hasEnded({ input }: PlanState, user: string, reason: Reasons[number]): boolean {
  const { desired, endedRequests, now } = input
  switch (reason.kind) {
    case 'request':
      return (
        reason.until <= now ||
        endedRequests?.has(reason.request) === true ||
        desired.endedPromotions?.has(reason.request) === true
      )
    case 'list_member':
      return desired.groups.get(reason.list)?.ended.has(user) ?? false
    case 'list_owner':
      return desired.endedOwners?.get(reason.list)?.has(user) ?? false
    default:
      return false
  }
}

/** The last of their ends; the ledger does not know when somebody ended one before its time. */
function endOfRequests({ input: { now } }: PlanState, reasons: Reasons): EndOfRequests | undefined {
  const ends = reasons.flatMap((reason) => (reason.kind === 'request' ? reason.until : []))
  if (ends.length === 0) return undefined
  const last = Math.max(...ends)
  return { at: last <= now ? last : undefined }
}

/** Why an assignment goes that requests alone gave. */
export const requestOver = 'the request is over or locked'

/** `ended` are the reasons where time ended them all. */
function whyGone(state: PlanState, link: Link, isLocked: boolean, ended: Reasons | undefined): string {
  if (isLocked) return state.lockedUser(link.awsId)?.lockSays ?? 'locked'
  if (ended === undefined) return 'is not given here any more'
  return ended.every(({ kind }) => kind === 'request') ? requestOver : 'the membership ended'
}

/** Pairs that seem not to be given any more may be pairs that were not read. */
export function doubtfulRemoval({ input: { observation } }: PlanState): readonly Hold[] {
  if (!observation.doubts.has('accounts') && !observation.doubts.has('permission_sets')) return []
  return [
    {
      rule: 'doubtful_read',
      says: 'The last read of accounts or permission sets found far fewer than the one before; access is not taken away because of it.',
    },
  ]
}

function revertPair(state: PlanState, link: Link, pair: PairKey, isLocked: boolean): void {
  if (!isOpenAccount(state, pair)) return
  const principal = principalOf(link)
  const key = principalKey(link.kind, link.awsId)
  let action: ActionKey | undefined
  if (state.input.settings.drift === 'revert' || isLocked || state.deletions.has(key)) {
    const because = isLocked
      ? (state.lockedUser(link.awsId)?.lockSays ?? 'locked')
      : 'was assigned in AWS and not here'
    const change = { kind: 'assignment.delete', principal, pair, cause: 'drift' } as const
    const draft = state.draft(change, because, {
      mustGo: isLocked,
      holds: isLocked ? [] : doubtfulRemoval(state),
    })
    followEnd(state, link, draft)
    action = draft.key
  }
  state.drift.push({
    kind: 'assignment',
    principal,
    target: pair,
    says: `${principalWords(principal)} has an assignment that was not made here.`,
    action,
  })
}

/** New sessions are blocked before assignments go (T21), and both before what they belong to. */
function followEnd(state: PlanState, link: Link, draft: Draft): void {
  const key = principalKey(link.kind, link.awsId)
  const deactivation = link.kind === 'user' ? state.deactivations.get(link.name) : undefined
  if (deactivation !== undefined) draft.rather.set(deactivation, { evenHeld: !draft.mustGo })
  const ofPrincipal = state.assignmentDeletes.get(key)
  if (ofPrincipal === undefined) state.assignmentDeletes.set(key, [draft.key])
  else ofPrincipal.push(draft.key)
}

/** "the user alice@example.com", "the access list platform-team". */
export function principalWords({ kind, name, awsId }: Principal): string {
  return kind === 'user' ? `the user ${name ?? awsId ?? ''}` : `the access list ${name ?? awsId ?? ''}`
}

export function countAssignments(count: number): string {
  return count === 1 ? '1 assignment' : `${count} assignments`
}

/** The deletions themselves, once it is known what has to go before them. */
export function diffDeletions(state: PlanState): void {
  const ordered = [...state.deletions].sort(([a], [b]) => compareTexts(a, b))
  for (const [key, { link, doubt }] of ordered) {
    const { observation } = state.input
    // Until it was read what the principal has, nothing is known about what would be left behind.
    const pairs = observation.assignments.get(key)
    if (pairs === undefined) continue
    const kept = [...pairs].filter((pair) => state.isLeftAlone(pair)).length
    if (kept > 0) {
      state.notes.push(
        `${principalWords(principalOf(link))} is not deleted: ${countAssignments(kept)} in accounts that are left alone would stay behind.`,
      )
      continue
    }
    const deactivation = link.kind === 'user' ? state.deactivations.get(link.name) : undefined
    const after = [
      ...(state.assignmentDeletes.get(key) ?? []),
      ...(deactivation === undefined ? [] : [deactivation]),
    ]
    const holds = doubt ? doubtfulRemoval(state) : []
    const { name, awsId } = link
    if (link.kind === 'user') {
      state.draft({ kind: 'user.delete', user: name, awsId }, 'is no user here any more', { after, holds })
    } else {
      const displayName = observation.groups?.get(awsId)?.displayName ?? name
      const change = { kind: 'group.delete', list: name, awsId, displayName } as const
      state.draft(change, 'no access list here wants it any more', { after, holds })
    }
  }
}
