/**
 * @module Promotion: in place of access for a time the requester becomes a member of a list that grants all that was
 * asked for. Offered to whoever may review everything, with why where it cannot be; member and request are written in one
 * transaction, so that there is neither a gap nor both.
 */
import type { z } from 'zod'
import type { PromotionsAnswer, promoteAccessRequest } from '../../api/contract/access-requests.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import {
  judgePromotion,
  promote,
  promotionReason,
  type Promotion,
  type PromotionList,
} from '../../core/access-request/promotion.js'
import type { RecheckFacts } from '../../core/access-request/recheck.js'
import { reviewJudge } from '../../core/access-request/reviewers.js'
import { refuse } from '../../core/access-request/transition.js'
import type { Reviewer } from '../../core/access-request/world.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import type { StoreTransaction } from '../../store/store.js'
import { commitEdit, placeMember } from '../access-lists/edit-members.js'
import { findFreeze, sayGrantsRemoved, sayManagedElsewhere } from '../access-lists/managed.js'
import { editAs } from '../access-lists/put-member.js'
import { loadViewer, rightsOn } from '../access-lists/rights.js'
import { loadStanding } from '../access-lists/standing.js'
import { changeRequest, type Change, type ChangedRequest } from './change-request.js'
import type { AccessRequestDeps } from './deps.js'
import { assertRequestFree } from './locked.js'
import { loadRecheck } from './pass-time.js'
import { createReadings } from './readings.js'
import { confirmListChange } from '../access-lists/confirm-list-change.js'
import { requireMfa } from './require-mfa.js'
import { loadRequestViewer, noSuchRequest, seesRequest, type Asking, type RequestViewer } from './viewer.js'

/** Lists that are told of: those that can be chosen come first. */
const maxOffered = 50

/**
 * The lists that could take the place of the request.
 * @throws GatewayError `NOT_FOUND`, `FORBIDDEN` for whoever may not review all of it.
 */
export async function listPromotions(
  deps: AccessRequestDeps,
  id: string,
  asking: Asking,
): Promise<PromotionsAnswer> {
  const viewer = await loadRequestViewer(deps, deps.store, await deps.catalog.read(), asking)
  const request = await deps.store.accessRequests.find(id)
  if (request === undefined || !seesRequest(viewer, request)) throw noSuchRequest(id)
  const { judge } = await promotionJudge(deps, deps.store, viewer, request)
  const offered = viewer.view.accessLists().flatMap(({ value }) => judge(value) ?? [])
  return {
    items: offered
      .sort((a, b) => Number(b.possible) - Number(a.possible) || (a.title < b.title ? -1 : 1))
      .slice(0, maxOffered)
      .map(({ list, title, possible, says, beyond }) => ({
        list,
        title,
        possible,
        says,
        beyond: [...beyond],
      })),
  }
}

export type PromoteInput = z.infer<typeof promoteAccessRequest>

/**
 * Makes the requester a member of the list, and the request promoted.
 * @throws GatewayError as `changeRequest`; `CONFLICT` where the list cannot be chosen, with why.
 */
export async function promoteRequest(
  deps: AccessRequestDeps,
  change: Omit<Change, 'revision'>,
  { list: name, expires, reason, mfaProof }: PromoteInput,
): Promise<ChangedRequest> {
  const readings = createReadings()
  const expiresAt = readings.instant('expires', expires)
  if (expiresAt !== undefined && expiresAt <= deps.clock.now()) readings.refuse('expires', 'lies in the past')
  readings.assertNone()
  return await changeRequest(deps, change, async (standing) => {
    const { tx, viewer, request } = standing
    await assertRequestFree(tx, viewer.view, request, viewer.now)
    const { judge, looked } = await promotionJudge(deps, tx, viewer, request)
    const list = viewer.view.accessList(name)
    const offered = list && judge(list)
    if (list === undefined || offered === undefined) {
      return refuse(
        'conflict',
        `You see no access list "${name.slice(0, 200)}" that grants everything asked for.`,
      )
    }
    if (!offered.possible) return refuse('conflict', offered.says)
    const by = { reviewer: reviewerOf(viewer), at: viewer.now, reason }
    const promoted = promote(request, list, by, looked, viewer.world)
    if (!promoted.ok) return promoted
    const { reviewer } = by
    const review = { reason, annotations: {} }
    const decision = { by: change.by, reviewer, items: request.items, review, proof: mfaProof }
    const mfa = await requireMfa(standing, decision)
    const edit = await editAs(deps, tx, name, change.by.authority)
    const told = oneLine(promotionReason(request, reason))
    await placeMember(edit, { kind: 'user', name: request.user, expiresAt, reason: told })
    await commitEdit(deps, edit, change.origin)
    await confirmListChange(deps, edit, change.by.authority, mfa)
    return { ...promoted, mfa }
  })
}

/** What a member row says is one line. */
function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}

interface PromotionJudge {
  readonly judge: (list: AccessList) => Promotion | undefined
  /** Everybody as they are now, with who promotes. */
  readonly looked: RecheckFacts
}

async function promotionJudge(
  deps: Pick<AccessRequestDeps, 'kinds' | 'clock'>,
  store: Pick<StoreTransaction, 'accessRequests' | 'members' | 'onCall'>,
  viewer: RequestViewer,
  request: AccessRequest,
): Promise<PromotionJudge> {
  const { view, world, now, authority } = viewer
  const reviewer = reviewerOf(viewer)
  const mayReview = reviewJudge(reviewer, request, world)
  const barred = request.items.map(mayReview).find(({ may }) => !may)
  if (barred !== undefined) {
    const says = 'Only somebody who may review everything that is asked for promotes a request.'
    throw new GatewayError('FORBIDDEN', says)
  }
  const people = await loadRecheck(store, view, request, now)
  const { requester } = people
  if (requester === undefined) throw new GatewayError('CONFLICT', 'The requester no longer exists.')
  const lists = await loadViewer(deps, store, view, authority)
  const own = view.user(request.user)
  const standing = own && (await loadStanding(store.members, view, own, now))
  const frozen = new Map<string, string>()
  for (const { value: list } of view.accessLists()) {
    const says = await findFreeze(store, view, list, now)
    if (says !== undefined) frozen.set(list.name, says)
  }
  const looked: RecheckFacts = {
    ...people,
    reviewer: (author) => (author === reviewer.name ? reviewer : people.reviewer(author)),
  }
  const facts = { requester, own, reviewer, looked }
  const judge = (list: AccessList): Promotion | undefined => {
    // Of one that the reviewer does not see they are not told that it exists.
    if (rightsOn(lists, list.name).sight === 'none') return undefined
    const candidate: PromotionList = {
      list,
      isMember: standing?.members.has(list.name) === true,
      closed: sayManagedElsewhere(view, list) ?? frozen.get(list.name) ?? sayGrantsRemoved(view, list, now),
      mayAddMembers: rightsOn(lists, list.name).members,
    }
    return judgePromotion(request, candidate, facts, world, now)
  }
  return { judge, looked }
}

function reviewerOf({ reviewer }: RequestViewer): Reviewer {
  if (reviewer !== undefined) return reviewer
  throw new GatewayError('FORBIDDEN', 'Only people review requests; sign in as a person.')
}
