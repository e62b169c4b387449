/**
 * @module Decisions on members of a list in the review in progress. They are kept as they are made, so that a review
 * can be left and gone on with, by any of the owners; nothing happens to anybody before it is submitted. The audit log
 * has each change of them.
 */
import type { z } from 'zod'
import type { decideAnswer, decideRequest } from '../../../api/contract/access-lists.js'
import { memberKey, type MemberKey } from '../../../core/access-list/review.js'
import type { ReviewDecision } from '../../../store/store.js'
import type { Authority } from '../../authority.js'
import type { RequestOrigin } from '../../context.js'
import { record } from '../../people/record.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { assertLine } from '../edit-members.js'
import { assertNotFinished } from './finished-meanwhile.js'
import { assertAreMembers, assertSame, digestOf, openReview } from './reviewed.js'

export type DecideInput = z.infer<typeof decideRequest>

/**
 * First everything is forgotten, if so asked, then each is decided on, then the rest is kept.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND` also for somebody who is no member, `INVALID_INPUT`, `INVALID_RESOURCE`.
 */
export async function decide(
  deps: ResourceDeps,
  name: string,
  { decisions, keepRest, startOver, digest, lastFinished }: DecideInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<z.infer<typeof decideAnswer>> {
  await deps.catalog.read()
  return await deps.store.transaction(async (tx) => {
    const review = await openReview(deps, tx, name, authority)
    await assertNotFinished(tx, review.list, lastFinished)
    if (keepRest) assertSame(review, digest)
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
    const before = new Map(
      review.reviewed.map(({ member, decided, lapsed }) => [memberKey(member), decided ?? lapsed]),
    )
    const changes = findChanges({ before: startOver ? new Map() : before, put, take })
    if (changes.length > 0 || (startOver && [...before.values()].some((one) => one !== undefined))) {
      const { title } = review.list
      const fields = {
        ...fieldsOf({ name, title, by: authority.name, changes }),
        ...(startOver && { started_over: true }),
      }
      const facts = {
        event: 'access_list.review.update',
        success: true,
        user: authority.name,
        fields,
      } as const
      await record(deps, tx, facts, origin)
    }
    if (startOver) await tx.reviews.deleteDecisions(name)
    else await tx.reviews.deleteDecisions(name, [...take.values()])
    await tx.reviews.putDecisions([...put.values()])
    const after = review.reviewed.map((one) => ({ ...one, decided: stands.get(memberKey(one.member)) }))
    return {
      ...countDecisions([...stands.values()]),
      // Whoever did not see what stood before has not seen what stands now.
      ...(digest === digestOf(review.reviewed) && { digest: digestOf(after) }),
    }
  })
}

interface Change extends MemberKey {
  readonly decision: ReviewDecision['decision'] | 'open'
  readonly note: string
}

/** What stands otherwise than before; whoever decides the same as another did answers for it from now on. */
function findChanges({
  before,
  put,
  take,
}: {
  readonly before: ReadonlyMap<string, ReviewDecision | undefined>
  readonly put: ReadonlyMap<string, ReviewDecision>
  readonly take: ReadonlyMap<string, MemberKey>
}): Change[] {
  const made = [...put].flatMap(([key, { kind, name, decision, note, by }]): Change[] => {
    const was = before.get(key)
    const isSame = was?.decision === decision && was.note === note && was.by === by
    return isSame ? [] : [{ kind, name, decision, note }]
  })
  const taken = [...take].flatMap(([key, { kind, name }]): Change[] =>
    before.get(key) === undefined ? [] : [{ kind, name, decision: 'open', note: '' }],
  )
  return [...made, ...taken]
}

/** Decisions that an event tells; a collector takes no event of any length. */
const maxTold = 200
const maxNoteTold = 200

function fieldsOf({
  name,
  title,
  by,
  changes,
}: {
  readonly name: string
  readonly title: string
  readonly by: string
  readonly changes: readonly Change[]
}) {
  return {
    name,
    access_list_name: name,
    access_list_title: title,
    updated_by: by,
    count: changes.length,
    decisions: changes.slice(0, maxTold).map(({ kind, name: member, decision, note }) => ({
      member_name: member,
      membership_kind: kind,
      decision,
      ...(note !== '' && { note: note.slice(0, maxNoteTold) }),
    })),
  }
}

export function countDecisions(
  decided: readonly (Pick<ReviewDecision, 'decision'> | undefined)[],
): z.infer<typeof decideAnswer> {
  const kept = decided.filter((one) => one?.decision === 'keep').length
  const removed = decided.filter((one) => one?.decision === 'remove').length
  return { kept, removed, open: decided.length - kept - removed }
}
