/**
 * @module In which order the actions of a plan are begun, and how urgent each is. Access that has to end goes first;
 * then users, groups, members, assignments; removals go the other way round. Nothing stands before what it waits for.
 */
import type { Action, ActionKey } from './plan.js'
import type { Draft } from './plan-state.js'
import { compareTexts } from './keys.js'

/** Up to so many actions a plan is a small change that somebody waits for. */
const fewActions = 10
/** From so many actions on a plan is bulk work that lets others go first. */
const manyActions = 200
/** Changes of so few members of groups that exist are small, too, whatever else a plan has. */
const fewMembers = 10

function phaseOf({ change, mustGo }: Draft): number {
  switch (change.kind) {
    case 'user.deactivate':
      return 0
    case 'user.adopt':
      return 2
    case 'user.create':
    case 'user.update':
    case 'user.activate':
      return 3
    case 'group.adopt':
    case 'group.rename':
      return 4
    case 'group.create':
      return 5
    case 'members.add':
      return 6
    case 'assignment.create':
      return 7
    case 'assignment.delete':
      return mustGo ? 1 : 8
    case 'members.remove':
      return mustGo ? 1 : 9
    case 'group.delete':
      return 10
    case 'user.delete':
      return 11
    case 'ledger.update':
      return 12
    case 'link.forget':
      return 13
  }
}

/** By phase, what ended first first, and key; whatever an action waits for is put before it. */
export function orderDrafts(drafts: ReadonlyMap<ActionKey, Draft>): Draft[] {
  const sorted = [...drafts.values()]
    .map((draft) => ({ draft, phase: phaseOf(draft) }))
    .sort(
      (a, b) => a.phase - b.phase || compareEnds(a.draft, b.draft) || compareTexts(a.draft.key, b.draft.key),
    )
  const placed = new Set<ActionKey>()
  const ordered: Draft[] = []
  const place = (draft: Draft): void => {
    if (placed.has(draft.key)) return
    placed.add(draft.key)
    for (const key of [...draft.after].sort()) {
      const before = drafts.get(key)
      if (before !== undefined) place(before)
    }
    ordered.push(draft)
  }
  for (const { draft } of sorted) place(draft)
  return ordered
}

/** What ended at no known instant, by a lock or by a person, goes before what did. */
function compareEnds({ ended: a }: Draft, { ended: b }: Draft): number {
  return (a?.at ?? 0) - (b?.at ?? 0)
}

/** How urgent each action of a plan is. */
export function judgeUrgency(drafts: readonly Draft[]): (draft: Draft) => Action['priority'] {
  const all = drafts.length
  const small = drafts.filter(isSmall)
  const quick = new Set(small.length <= fewActions ? small : [])
  return (draft) => {
    if (all <= fewActions || draft.mustGo || quick.has(draft)) return 'urgent'
    if (draft.change.kind === 'user.deactivate' || isAwaited(draft)) return 'urgent'
    return all > manyActions ? 'bulk' : 'normal'
  }
}

/** A few people join or leave a group that has been there. */
function isSmall({ change }: Draft): boolean {
  if (change.kind !== 'members.add' && change.kind !== 'members.remove') return false
  return change.awsId !== undefined && change.members.length <= fewMembers
}

/** Somebody asked for it and waits. */
function isAwaited({ change }: Draft): boolean {
  return change.kind === 'assignment.create' && change.reasons.some(({ kind }) => kind === 'request')
}
