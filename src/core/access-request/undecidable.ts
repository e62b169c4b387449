/**
 * @module Items that wait and that nobody can come to approve: told before somebody waits in vain. Each item has thresholds of
 * its own, and people of its own who may review it; of those the filter of a threshold leaves some out. What a filter asks
 * of the review itself nobody knows yet, so whoever may give one is taken to meet it.
 */
import type { AccessRequest, ItemId, RequestItem } from './access-request.js'
import { rolesOfRequest } from './may-request.js'
import { judgeRequestCondition } from './request-condition.js'
import { saidBy } from './review.js'
import { decisionJudge } from './review-mfa.js'
import { reviewJudge } from './reviewers.js'
import { tallyOf } from './tally.js'
import type { Reviewer, RequestWorld } from './world.js'

export interface Undecidable {
  /** Those of which the same is to be said, in the order of the request. */
  readonly items: readonly ItemId[]
  /** Whether somebody may review them at all; `without_means`: of those nobody can give the second factor that it takes. */
  readonly reviewed: 'yes' | 'without_means' | 'no'
  /** Of the threshold that lacks the fewest: what it needs, and how many approvals it may come to have. */
  readonly needed: number
  readonly possible: number
}

/** `reviewers` are all who may review anything of it. */
export function findUndecidable(
  request: AccessRequest,
  reviewers: readonly Reviewer[],
  world: Pick<RequestWorld, 'inventory' | 'preference'>,
): Undecidable[] {
  if (request.state !== 'pending') return []
  const roleNames = rolesOfRequest(request.items, world)
  const tally = tallyOf(request, roleNames)
  const people = reviewers.map((reviewer) => ({
    may: reviewJudge(reviewer, request, world),
    can: decisionJudge(reviewer, request, world),
    said: saidBy(request, reviewer.name),
    accepts: filterJudge(request, reviewer, roleNames),
  }))
  const groups = new Map<string, Undecidable>()
  for (const item of request.items) {
    if (item.state !== 'pending') continue
    const open = people.filter(({ may, said }) => !said.has(item.id) && may(item).may)
    const able = open.filter(({ can }) => can(item))
    const closest = tally(item)
      .thresholds.map(({ threshold: { approve, filter }, approvals }) => ({
        needed: approve,
        possible: approvals + able.filter(({ accepts }) => filter === undefined || accepts(filter)).length,
      }))
      .reduce((a, b) => (b.needed - b.possible < a.needed - a.possible ? b : a))
    if (closest.possible >= closest.needed) continue
    const reviewed = able.length > 0 ? 'yes' : open.length > 0 ? 'without_means' : 'no'
    addTo(groups, item, { ...closest, reviewed })
  }
  return [...groups.values()]
}

/** Sentences for whoever asks. `nameOf` as they see the item. */
export function describeUndecidable(
  groups: readonly Undecidable[],
  { items }: Pick<AccessRequest, 'items'>,
  nameOf: (item: ItemId) => string,
): string[] {
  return groups.map(({ items: ids, reviewed, needed, possible }) => {
    const isAll = ids.length === items.length
    const names = listNames(ids.map(nameOf))
    const what = isAll ? 'it' : names
    if (reviewed === 'without_means') {
      return `Nobody can decide on ${what} now: whoever may review it needs a second factor for that (require_session_mfa) of which they have none that is allowed here. Tell an administrator.`
    }
    if (reviewed === 'no') {
      return `Nobody may review ${what} now: no person but you has a role whose review_requests cover it. Tell an administrator.`
    }
    const subject = isAll ? 'It needs' : ids.length === 1 ? `${names} needs` : `${names} each need`
    const approvals = `${needed} ${needed === 1 ? 'approval' : 'approvals'}`
    const given =
      possible === 0 ? 'none that counts' : `only ${possible} that ${possible === 1 ? 'counts' : 'count'}`
    return `${subject} ${approvals}, and ${given} can be given.`
  })
}

function addTo(
  groups: Map<string, Undecidable>,
  { id }: RequestItem,
  found: Omit<Undecidable, 'items'>,
): void {
  const key = found.reviewed === 'yes' ? `${found.possible} of ${found.needed}` : found.reviewed
  const known = groups.get(key)
  groups.set(key, { ...(known ?? found), items: [...(known?.items ?? []), id] })
}

function filterJudge(
  { reason, annotations }: AccessRequest,
  { roleNames: roles, traits }: Reviewer,
  roleNames: readonly string[],
): (filter: string) => boolean {
  const review = { reason: '', annotations: {} }
  const known = new Map<string, boolean>()
  return (filter) => {
    let accepts = known.get(filter)
    if (accepts === undefined) {
      const facts = { roles: roleNames, reason, annotations, review, reviewer: { roles, traits } }
      accepts = /\breview\./.test(filter) || judgeRequestCondition(filter, facts).holds
      known.set(filter, accepts)
    }
    return accepts
  }
}

const shownNames = 3

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, shownNames)
  const more = names.length - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more} more`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`
}
