/**
 * @module Promotion: the requester becomes a member of an access list that grants everything asked for. Offered with why
 * where it cannot be, and never around the thresholds of the request (T27), nor around the look before access begins (T28).
 */
import type { AccessList } from '../access-list/access-list.js'
import { asksForNothing } from '../access-list/requirements.js'
import { judgePerson, whyNotWords, type OwnFacts } from '../access-list/judge-person.js'
import { presentRoleName } from '../inventory/assignment-role.js'
import { decidePair } from '../role/pair-access.js'
import type { Role } from '../role/role.js'
import { formatInstant, type Instant } from '../time.js'
import { requestTimes, type AccessRequest, type RequestItem } from './access-request.js'
import { isActive } from './grants.js'
import { canSignIn } from './may-request.js'
import { recheck, tooFewApprovals, type RecheckFacts } from './recheck.js'
import { addReview, decideItems, saidBy } from './review.js'
import { isRuleAuthor } from './review-rule.js'
import { reviewJudge } from './reviewers.js'
import { countGiven } from './snapshot.js'
import { tallyOf } from './tally.js'
import { made, refuse, withEntry, type Step } from './transition.js'
import { everyRoleName, type Requester, type Reviewer, type RequestWorld } from './world.js'

/** One access list as the service sees it for this requester and reviewer. */
export interface PromotionList {
  readonly list: AccessList
  readonly isMember: boolean
  /**
   * Why nobody adds a member here by hand: managed as code or by a directory; frozen, or without its grants, after an
   * overdue review.
   */
  readonly closed: string | undefined
  /** Whether the reviewer may add members: an owner, or by a right. */
  readonly mayAddMembers: boolean
}

export interface Promotion {
  readonly list: string
  readonly title: string
  readonly possible: boolean
  /** Why it cannot be chosen, or what it gives beside. */
  readonly says: string
  /** What it gives beyond what was asked for, as names. */
  readonly beyond: readonly string[]
}

export interface PromotionFacts {
  readonly requester: Requester
  /** What the requester holds by themselves: only that counts for requirements of lists. */
  readonly own: OwnFacts | undefined
  readonly reviewer: Reviewer
  /** For the look before access begins; who promotes is among the reviewers. */
  readonly looked: RecheckFacts
}

/** The list as a promotion; undefined where it does not grant everything asked for, so that it is not offered. */
export function judgePromotion(
  request: AccessRequest,
  candidate: PromotionList,
  { requester, own, reviewer, looked }: PromotionFacts,
  world: RequestWorld,
  now: Instant,
): Promotion | undefined {
  const { list } = candidate
  if (!givesAll(request.items, list, requester, world)) return undefined
  const roles = rolesGivenBy(list, world)
  const beyond = listBeyond(request.items, list, roles, world)
  const barred = whyNot(candidate, request.user, own)
  const step =
    barred === undefined
      ? promote(request, list, { reviewer, at: now, reason: '' }, looked, world)
      : undefined
  const refusal = barred ?? (step?.ok === false ? step.says : undefined)
  return {
    list: list.name,
    title: list.title,
    possible: refusal === undefined,
    says:
      refusal ??
      (beyond.length === 0
        ? 'It gives nothing beyond what was asked for.'
        : `It also gives ${beyond.join(', ')}.`),
    beyond,
  }
}

export interface PromoteBy {
  readonly reviewer: Reviewer
  readonly at: Instant
  readonly reason: string
}

/**
 * Makes the request `promoted`; whoever calls adds the member in the same transaction. It counts as the reviewer's
 * approval of every item and needs every threshold met by it, by people who may still review what the requester may still
 * ask for. What the request gave in AWS stays until the membership has taken over there (`core/entitlement/handed-over.ts`).
 */
export function promote(
  request: AccessRequest,
  target: Pick<AccessList, 'name' | 'title'>,
  { reviewer, at, reason }: PromoteBy,
  looked: RecheckFacts,
  world: RequestWorld,
): Step {
  const isPending = request.state === 'pending' && at < request.pendingUntil
  if (!isPending && !isActive(request, at)) {
    return refuse(
      'conflict',
      request.state === 'approved' && request.activatedAt === undefined
        ? 'The access that was approved has not begun yet.'
        : 'Only a request that waits, or that gives access now, can be promoted.',
    )
  }
  const judge = reviewJudge(reviewer, request, world, { reason, annotations: {} })
  for (const item of request.items) {
    const { may, says } = judge(item)
    if (!may) return refuse('forbidden', `${item.id}: ${says}`)
    if (item.state === 'denied')
      return refuse('conflict', `${item.id} was denied, and the list would give it.`)
  }
  const approved = isPending ? approveAll(request, { reviewer, at, reason }, world) : made(request)
  if (!approved.ok) return approved
  const lacking = lookAgain(approved.request, { reviewer, at, reason }, looked, world)
  if (lacking !== undefined) return lacking
  const { resolvedAt, endsAt } = approved.request
  return made(
    withEntry(
      {
        ...approved.request,
        state: 'promoted',
        resolvedAt: resolvedAt ?? at,
        endsAt: endsAt === undefined ? undefined : Math.max(endsAt, at + requestTimes.afterPromotion),
        promotedTo: { list: target.name, title: target.title },
      },
      {
        at,
        by: reviewer.name,
        what: 'promoted',
        says: reason === '' ? target.title : `${target.title}: ${reason}`,
      },
    ),
  )
}

function approveAll(request: AccessRequest, by: PromoteBy, world: RequestWorld): Step {
  const said = saidBy(request, by.reviewer.name)
  const approve = request.items.flatMap(({ id, state }) => (state === 'pending' && !said.has(id) ? [id] : []))
  const draft = { approve, deny: [], reason: by.reason, annotations: {} }
  const reviewed = approve.length === 0 ? request : addReview(request, by.reviewer, draft, by.at)
  const decided = decideItems(reviewed, world)
  if ('says' in decided) return refuse('conflict', decided.says)
  const open = decided.items.find(({ state }) => state !== 'approved')
  if (open === undefined) return made({ ...reviewed, items: decided.items })
  const { thresholds } = tallyOf(reviewed)(open)
  const needs = Math.min(...thresholds.map(({ threshold }) => threshold.approve))
  const has = Math.max(...thresholds.map(({ approvals }) => approvals))
  return refuse(
    'conflict',
    `${open.id} needs ${needs} ${needs === 1 ? 'approval' : 'approvals'} that count, and has ${has} with yours: another reviewer has to approve it first.`,
  )
}

/**
 * The look that access has before it begins, with the approval of who promotes; what the request gives already is looked
 * at like what it is to give. Rules approve access for a time: for a membership people alone have to be enough.
 */
function lookAgain(
  request: AccessRequest,
  by: PromoteBy,
  looked: RecheckFacts,
  world: RequestWorld,
): Step | undefined {
  const said = saidBy(request, by.reviewer.name)
  const approve = request.items.flatMap(({ id }) => (said.has(id) ? [] : [id]))
  const draft = { approve, deny: [], reason: by.reason, annotations: {} }
  const reviewed = approve.length === 0 ? request : addReview(request, by.reviewer, draft, by.at)
  const [fallen] = recheck(reviewed, looked, world, ({ author }) => !isRuleAuthor(author))
  if (fallen === undefined) return undefined
  const [id, says] = fallen
  const isByRule = reviewed.reviews.some(
    ({ author, approve }) => isRuleAuthor(author) && approve.includes(id),
  )
  return refuse(
    'conflict',
    says === tooFewApprovals && isByRule
      ? `What a rule approved does not count for a membership, and too few people have approved ${id}.`
      : `${id}: ${says}`,
  )
}

function whyNot(
  { list, isMember, closed, mayAddMembers }: PromotionList,
  user: string,
  own: OwnFacts | undefined,
): string | undefined {
  if (isMember) return `${user} is a member already.`
  if (closed !== undefined) return closed
  if (!asksForNothing(list.membershipRequires)) {
    const why = judgePerson(list.membershipRequires, () => own, user)
    if (why !== undefined) return `${user} ${whyNotWords(why)}, which members of the list need.`
  }
  return mayAddMembers ? undefined : 'You may not add members: only owners of the list do.'
}

/** Whether membership in the list would give the requester everything asked for. */
export function givesAll(
  items: readonly RequestItem[],
  list: AccessList,
  requester: Requester,
  world: RequestWorld,
): boolean {
  const roles = rolesGivenBy(list, world)
  if (roles.length === 0) return false
  const names = new Set(everyRoleName(world, list.grants.roles))
  const withList = { user: requester.user, roles: [...requester.roles, ...roles] }
  return items.every(({ asked }) => {
    switch (asked.kind) {
      case 'role':
        return names.has(asked.name)
      case 'assignment':
        return decidePair(roles, asked).effect === 'allow'
      case 'app': {
        const app = world.app(asked.name)
        return app !== undefined && canSignIn(withList, app, world)
      }
    }
  })
}

function rolesGivenBy({ grants }: AccessList, world: RequestWorld): Role[] {
  return grants.roles.flatMap((name) => world.role(name) ?? [])
}

function listBeyond(
  items: readonly RequestItem[],
  { grants }: AccessList,
  roles: readonly Role[],
  world: RequestWorld,
): string[] {
  const asked = new Set(items.flatMap((item) => (item.asked.kind === 'role' ? [item.asked.name] : [])))
  const pairs = items.flatMap((item) => (item.asked.kind === 'assignment' ? [item.asked] : []))
  const more = roles.filter((role) => {
    if (asked.has(role.name)) return false
    const wanted = pairs.filter((pair) => decidePair([role], pair).effect === 'allow').length
    return wanted === 0 || countGiven(role, world) > wanted
  })
  const traits = Object.keys(grants.traits).map((trait) => `the trait ${trait}`)
  return [...more.map(({ name }) => `the role ${presentRoleName(world.inventory, name)}`), ...traits].sort()
}

/** What the member row says about where it comes from. */
export function promotionReason({ id, createdAt }: AccessRequest, reason: string): string {
  const from = `Access request ${id} of ${formatInstant(createdAt)}`
  return reason === '' ? from : `${from}: ${reason}`
}
