/**
 * @module The changes that make Identity Center equal to what is desired: compared by users, groups, assignments and
 * members, guarded, ordered. The same input gives the same plan, whatever the order of its parts. What was not read is not
 * concluded from, what has no link is not touched, what is not known to be unwanted is not taken away.
 */
import { sortSetAside } from '../entitlement/build-desired.js'
import type { Instant } from '../time.js'
import { waitForWhatIsBeyond } from './beyond.js'
import { countAssignments, diffAssignments, diffDeletions } from './diff-assignments.js'
import { diffGroups } from './diff-groups.js'
import { diffMembers } from './diff-members.js'
import { diffUsers, noteOpenSessions } from './diff-users.js'
import type { PlanInput } from './input.js'
import { compareTexts, digestKeys } from './keys.js'
import { judgeUrgency, orderDrafts } from './order.js'
import type { Action, ActionKey, Drift, Plan, PlannedAction } from './plan.js'
import { maxNewAssignments, PlanState, type Draft } from './plan-state.js'
import { holdByPolicy } from './policy.js'
import { holdRestored } from './hold-restored.js'
import { putBackHeld } from './put-back.js'

export { unresolvedName, type PlanInput } from './input.js'
export { removalOf } from './policy.js'

/** The plan as of `input.now`. Costs go with what is desired, seen and owned, not with their product. */
export function makePlan(input: PlanInput): Plan {
  const state = new PlanState(input)
  diffUsers(state)
  diffGroups(state)
  const single = diffAssignments(state)
  diffMembers(state, single)
  waitForWhatIsBeyond(state)
  noteFoundOfLocked(state)
  diffDeletions(state)
  noteOpenSessions(state)
  if (state.leftAlone > 0) {
    state.notes.push(
      `Left as they are: ${countAssignments(state.leftAlone)} of ours in accounts that the account filters leave out, that are not active, or that we cannot change. Nothing is given or taken away there.`,
    )
  }
  if (state.unassignable > 0) {
    state.notes.push(
      `Not made: ${countAssignments(state.unassignable)} of permission sets that are provisioned in the management account, which a delegated administrator cannot assign to anybody. Use other permission sets in the management account than elsewhere, or connect from the management account.`,
    )
  }
  if (state.newAssignments > maxNewAssignments) {
    state.notes.push(
      `Of ${state.newAssignments} new assignments the first ${maxNewAssignments} are in this plan; the others follow.`,
    )
  }
  dropImpossible(state)
  holdByPolicy(state)
  putBackHeld(state)
  holdRestored(state)
  settleOrder(state)
  const drafts = orderDrafts(state.drafts)
  const urgency = judgeUrgency(drafts)
  const actions = drafts.map((draft) => planAction(state, draft, urgency(draft)))
  return {
    actions,
    heldDigest: digestKeys(actions.filter(({ holds }) => holds.length > 0).map(({ action }) => action.key)),
    drift: sortDrift(state),
    setAside: sortSetAside([...input.desired.setAside, ...state.setAside]),
    unwanted: listUnwanted(state).sort((a, b) => compareTexts(`${a.kind} ${a.name}`, `${b.kind} ${b.name}`)),
    nextChangeAt: state.nextChangeAt,
    notes: [...input.desired.notes, ...state.notes],
  }
}

/**
 * The actions that can be begun by and by: not held, not waiting after a failure, and all that they wait for are so,
 * too. In the order of the plan.
 */
export function executableActions({ actions }: Plan, now: Instant): Action[] {
  const able = new Set<string>()
  const executable: Action[] = []
  for (const { action, holds, notBefore } of actions) {
    if (holds.length > 0 || (notBefore !== undefined && notBefore > now)) continue
    if (!action.after.every((key) => able.has(key))) continue
    able.add(action.key)
    executable.push(action)
  }
  return executable
}

function planAction(state: PlanState, draft: Draft, priority: Action['priority']): PlannedAction {
  const { key, change, because, after } = draft
  const ratherAfter = [...after].filter((before) => isEager(state, draft, before)).sort()
  const approvedBy = state.approvedBy(key)
  const action: Action = {
    ...{ key, priority, after: [...after].sort(), because, ...change },
    ...(ratherAfter.length > 0 && { ratherAfter }),
  }
  return {
    action: draft.mustGo || approvedBy !== undefined ? { ...action, uncounted: true } : action,
    holds: approvedBy === undefined ? draft.holds : [],
    approvedBy,
    notBefore: state.waitsUntil(key),
    ...(draft.ended !== undefined && { ended: draft.ended }),
  }
}

/** Without what it has to wait for an action cannot be done, nor what waits for it. */
function dropImpossible({ drafts }: PlanState): void {
  const waiting = new Map<string, string[]>()
  const dropped: string[] = []
  for (const { key, after } of drafts.values()) {
    for (const before of after) {
      if (!drafts.has(before)) dropped.push(key)
      const of = waiting.get(before)
      if (of === undefined) waiting.set(before, [key])
      else of.push(key)
    }
  }
  for (let key = dropped.pop(); key !== undefined; key = dropped.pop()) {
    if (drafts.delete(key)) dropped.push(...(waiting.get(key) ?? []))
  }
}

/** Turns what is better done before into what has to be, where it can be done at all. */
function settleOrder(state: PlanState): void {
  for (const draft of state.drafts.values()) {
    for (const [key, { evenHeld }] of draft.rather) {
      const before = state.drafts.get(key)
      if (before === undefined || state.waitsUntil(key) !== undefined) continue
      if (evenHeld || state.canRun(before)) draft.after.add(key)
    }
  }
}

/**
 * Sessions end before what they use (T21), and what they use ends all the same where that cannot be done: it is of
 * another service, or another call. A deactivation that waits for a person is waited for.
 */
function isEager(state: PlanState, { rather }: Draft, key: ActionKey): boolean {
  const before = state.drafts.get(key)
  return rather.has(key) && before?.change.kind === 'user.deactivate' && state.canRun(before)
}

/** A lock takes away what import found, too, and nobody here knows afterwards that it was there. */
function noteFoundOfLocked(state: PlanState): void {
  const counts = new Map<string, number>()
  for (const { change } of state.drafts.values()) {
    if (change.kind !== 'assignment.delete' || change.principal.kind !== 'user') continue
    const { name, awsId } = change.principal
    if (name === undefined || awsId === undefined || state.lockedUser(awsId) === undefined) continue
    const reasons = state.assignmentRows(`user/${awsId}`).get(change.pair) ?? []
    if (reasons.some(({ kind }) => kind === 'found')) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  for (const [name, count] of counts) {
    state.notes.push(
      `${name} is locked: ${countAssignments(count)} that import found will be removed and will not come back when the lock ends.`,
    )
  }
}

/** A user whose name somebody had before is known as such until nothing of the earlier one is left (T7). */
function listUnwanted({ unwanted, stillRecycled }: PlanState): Plan['unwanted'][number][] {
  return unwanted.filter(
    ({ kind, name, since }) => kind !== 'user' || since !== undefined || !stillRecycled.has(name),
  )
}

function sortDrift({ drift, drafts }: PlanState): Drift[] {
  const place = ({ kind, principal, target }: Drift): string =>
    `${kind} ${principal.kind} ${principal.name ?? ''} ${target ?? ''}`
  return drift
    .map((row) => (row.action === undefined || drafts.has(row.action) ? row : { ...row, action: undefined }))
    .sort((a, b) => compareTexts(place(a), place(b)))
}
