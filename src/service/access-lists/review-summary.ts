/** @module How the review of an access list stands, as cards and pages tell it. */
import type { reviewSummary } from '../../api/contract/access-lists.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import {
  overdueEffect,
  reviewState,
  stepOf,
  type ReviewFacts,
} from '../../core/access-list/review-schedule.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { z } from 'zod'
import type { CatalogView } from '../resources/catalog-view.js'

export type ReviewSummary = z.infer<typeof reviewSummary>

export const noReview: ReviewSummary = { state: 'none', inForce: 'nothing', decided: 0, toDecide: 0 }

/** The schedule of a list with what holds for all of them. */
export function reviewFactsOf(
  { review }: Pick<AccessList, 'review'>,
  catalog: CatalogView,
  hasMembers: boolean,
): ReviewFacts {
  return { review, preference: catalog.preference().accessListReviews, hasMembers }
}

/** `members` are the direct ones whose membership has not ended, `decided` those of them who are decided on. */
export function summariseReview(
  list: Pick<AccessList, 'review'>,
  catalog: CatalogView,
  { members, decided }: { readonly members: number; readonly decided: number },
  now: Instant,
): ReviewSummary {
  const facts = reviewFactsOf(list, catalog, members > 0)
  const state = reviewState(facts, now)
  if (facts.review === undefined || state === 'none') return noReview
  const step = stepOf(facts)
  return {
    state,
    dueAt: formatInstant(facts.review.dueAt),
    inForce: overdueEffect(facts, now),
    ...(step !== undefined && now < step.at && { nextStep: sayStep(step) }),
    decided,
    toDecide: members,
  }
}

function sayStep({ at, effect }: NonNullable<ReturnType<typeof stepOf>>): string {
  const day = formatInstant(at).slice(0, 10)
  return effect === 'frozen'
    ? `If nobody reviews it, nobody can be added from ${day} on.`
    : `If nobody reviews it, members and owners hold nothing by it from ${day} on.`
}
