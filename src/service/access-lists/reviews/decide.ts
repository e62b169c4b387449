/**
 * @module Decisions on members of a list in the review in progress. They are kept as they are made, so that a review
 * can be left and gone on with, by any of the owners; nothing happens to anybody before it is submitted.
 */
import type { z } from 'zod'
import type { decideAnswer, decideRequest } from '../../../api/contract/access-lists.js'
import { memberKey } from '../../../core/access-list/review.js'
import type { ReviewDecision } from '../../../store/store.js'
import type { Authority } from '../../authority.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { assertLine } from '../edit-members.js'
import { assertAreMembers, openReview } from './reviewed.js'

export type DecideInput = z.infer<typeof decideRequest>

/**
 * First everything is forgotten, if so asked, then each is decided on, then the rest is kept.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND` also for somebody who is no member, `INVALID_INPUT`, `INVALID_RESOURCE`.
 */
export async function decide(
  deps: ResourceDeps,
  name: string,
  { decisions, keepRest, startOver }: DecideInput,
  authority: Authority,
): Promise<z.infer<typeof decideAnswer>> {
  await deps.catalog.read()
  return await deps.store.transaction(async (tx) => {
    const review = await openReview(deps, tx, name, authority)
    assertAreMembers(review, decisions)
    const stands = new Map(
      review.reviewed.map(({ member, decided }) => [memberKey(member), startOver ? undefined : decided]),
    )
    const now = { list: name, by: authority.name, at: review.now }
    const put = new Map<string, ReviewDecision>()
    const take = new Map<string, Pick<ReviewDecision, 'kind' | 'name'>>()
    for (const { kind, name: member, decision, note } of decisions) {
      const key = memberKey({ kind, name: member })
      put.delete(key)
      take.delete(key)
      if (decision === 'open') {
        take.set(key, { kind, name: member })
        stands.set(key, undefined)
        continue
      }
      if (note !== undefined) assertLine('note', note)
      const made = { ...now, kind, name: member, decision, note: note ?? stands.get(key)?.note ?? '' }
      put.set(key, made)
      stands.set(key, made)
    }
    if (keepRest) {
      for (const { member } of review.reviewed) {
        const key = memberKey(member)
        if (stands.get(key) !== undefined) continue
        const { kind, name: kept } = member
        const made: ReviewDecision = { ...now, kind, name: kept, decision: 'keep', note: '' }
        put.set(key, made)
        take.delete(key)
        stands.set(key, made)
      }
    }
    if (startOver) await tx.reviews.deleteDecisions(name)
    else await tx.reviews.deleteDecisions(name, [...take.values()])
    await tx.reviews.putDecisions([...put.values()])
    return countDecisions([...stands.values()])
  })
}

export function countDecisions(
  decided: readonly (Pick<ReviewDecision, 'decision'> | undefined)[],
): z.infer<typeof decideAnswer> {
  const kept = decided.filter((one) => one?.decision === 'keep').length
  const removed = decided.filter((one) => one?.decision === 'remove').length
  return { kept, removed, open: decided.length - kept - removed }
}
