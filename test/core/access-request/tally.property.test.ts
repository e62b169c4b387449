import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RequestReview } from '../../../src/core/access-request/access-request.js'
import { judgeItemState } from '../../../src/core/access-request/tally.js'
import type { ReviewThreshold } from '../../../src/core/role/role.js'
import { foldName } from '../../../src/core/user/user.js'
import { adminOnProd, item, now, request, threshold } from './build.js'

const { id } = item(adminOnProd)
const seniors = 'contains(reviewer.roles, "senior")'

const reviews: fc.Arbitrary<readonly RequestReview[]> = fc.array(
  fc
    .record({
      author: fc.constantFrom('alice', 'ALICE', 'bob', 'Bob', 'carol', 'dave', 'erin'),
      word: fc.constantFrom('approve', 'approve', 'deny', 'nothing'),
      senior: fc.boolean(),
      reason: fc.constantFrom('', 'ok'),
    })
    .map(({ author, word, senior, reason }) => ({
      author,
      at: now,
      approve: word === 'approve' ? [id] : [],
      deny: word === 'deny' ? [id] : [],
      reason,
      annotations: {},
      authorRoles: senior ? ['senior'] : [],
      authorTraits: {},
    })),
  { maxLength: 8 },
)

const thresholds: fc.Arbitrary<readonly ReviewThreshold[]> = fc.array(
  fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 2 }),
      fc.constantFrom(undefined, seniors, 'review.reason == "ok"', 'no expression at all'),
    )
    .map(([approve, deny, filter]) => threshold(approve, deny, filter)),
  { minLength: 1, maxLength: 3 },
)

function judge(
  given: readonly RequestReview[],
  terms: readonly ReviewThreshold[],
  counts?: (one: RequestReview) => boolean,
) {
  const about = item(adminOnProd, { thresholds: terms })
  return judgeItemState(about, request([about], { reviews: given }), counts)
}

/** The same, counted by hand. */
function countAccepted(
  given: readonly RequestReview[],
  filter: string | undefined,
  word: 'approve' | 'deny',
) {
  const first = new Map<string, RequestReview>()
  for (const one of given) {
    const isAbout = one.approve.length + one.deny.length > 0
    if (isAbout && !first.has(foldName(one.author))) first.set(foldName(one.author), one)
  }
  first.delete('alice')
  const accepts = (one: RequestReview): boolean => {
    if (filter === undefined) return true
    if (filter === seniors) return one.authorRoles.includes('senior')
    return filter === 'review.reason == "ok"' && one.reason === 'ok'
  }
  return [...first.values()].filter((one) => one[word].length > 0 && accepts(one)).length
}

describe('an item', () => {
  test('is decided by distinct authors that the filter of one threshold accepts, and by nobody else', () => {
    fc.assert(
      fc.property(reviews, thresholds, (given, terms) => {
        const isDenied = terms.some(({ deny, filter }) => countAccepted(given, filter, 'deny') >= deny)
        const isApproved = terms.some(
          ({ approve, filter }) => countAccepted(given, filter, 'approve') >= approve,
        )
        expect(judge(given, terms).state).toBe(isDenied ? 'denied' : isApproved ? 'approved' : 'pending')
      }),
      { numRuns: 500 },
    )
  })

  test('is never approved by one more denial, and never by fewer reviews that count', () => {
    fc.assert(
      fc.property(
        reviews,
        reviews,
        thresholds,
        fc.constantFrom('bob', 'carol', 'dave'),
        (given, more, terms, out) => {
          fc.pre(judge(given, terms).state !== 'approved')
          const denials = more.map((one) => ({ ...one, approve: [], deny: [id] }))
          expect(judge([...given, ...denials], terms).state).not.toBe('approved')
          const withDenial = judge(given, terms, (one) => one.author !== out || one.deny.length > 0)
          expect(withDenial.state).not.toBe('approved')
        },
      ),
      { numRuns: 500 },
    )
  })

  test('is never approved by the requester, however they write their name', () => {
    fc.assert(
      fc.property(reviews, thresholds, (given, terms) => {
        const own = given.map((one) => ({ ...one, author: one.authorRoles.length > 0 ? 'alice' : 'ALICE' }))
        expect(judge(own, terms)).toMatchObject({ state: 'pending', approvals: 0, denials: 0 })
      }),
    )
  })
})

test('the filter sees the request and the review', () => {
  const approval: RequestReview = {
    author: 'bob',
    at: now,
    approve: [id],
    deny: [],
    reason: 'looks right',
    annotations: { ticket: ['7'] },
    authorRoles: [],
    authorTraits: { team: ['payments'] },
  }
  for (const filter of [
    'contains(request.roles, "Admin-on-production-111111111111")',
    'request.reason == "a ticket"',
    'contains(review.annotations["ticket"], "7")',
    'contains(reviewer.traits["team"], "payments")',
  ]) {
    expect(judge([approval], [threshold(1, 1, filter)]).state).toBe('approved')
    expect(judge([approval], [threshold(1, 1, `!(${filter})`)]).state).toBe('pending')
  }
})
