import { describe, expect, test } from 'vitest'
import { isOwnRequest, mayReviewItem, mayReviewSome } from '../../../src/core/access-request/reviewers.js'
import type { ReviewConditions } from '../../../src/core/role/role.js'
import { adminOnProd, buildWorld, item, request, reviewer, role } from './build.js'

const world = buildWorld([])
const about = request([item(adminOnProd)], { annotations: { team: ['payments'] } })
const [only = item(adminOnProd)] = about.items

function judge(reviews: Partial<ReviewConditions>, deny?: Partial<ReviewConditions>) {
  const reviewing = role('reviews', { reviews, ...(deny === undefined ? {} : { denyReviews: deny }) })
  const bob = reviewer('bob', [reviewing], { traits: { team: ['payments'] } })
  return mayReviewItem(bob, about, only, world)
}

describe('who may review', () => {
  test('is whoever has review_requests for the role, by any of its names (T25)', () => {
    for (const roles of [['Admin-on-production-*'], ['Admin-on-main-111111111111'], ['*']]) {
      expect(judge({ roles })).toEqual({
        may: true,
        says: 'Your role reviews lets you review requests for Admin-on-production-111111111111.',
      })
    }
    expect(judge({ roles: ['Admin-on-development-*'] })).toEqual({
      may: false,
      says: 'No role of yours lets you review requests for Admin-on-production-111111111111.',
    })
    const claims = (value: string) => [{ claim: 'team', value, roles: ['Admin-on-production-111111111111'] }]
    expect(judge({ claimsToRoles: claims('payments') }).may).toBe(true)
    expect(judge({ claimsToRoles: claims('search') }).may).toBe(false)
  })

  test('needs one role of the item only, and a denial of that one', () => {
    const wide = { ...only, terms: { ...only.terms, roles: ['a', 'b'] } }
    const judgeWide = (reviews: string[], deny: string[]) =>
      mayReviewItem(
        reviewer('bob', [role('r', { reviews: { roles: reviews }, denyReviews: { roles: deny } })]),
        about,
        wide,
        world,
      )
    expect(judgeWide(['b'], []).may).toBe(true)
    expect(judgeWide(['*'], ['a']).may).toBe(true)
    expect(judgeWide(['*'], ['*'])).toEqual({ may: false, says: 'Your role r denies reviewing it.' })
    expect(judgeWide(['b'], ['b']).may).toBe(false)
  })

  test('holds to `where`, which counts only where it can be evaluated', () => {
    expect(
      judge({ roles: ['*'], where: 'contains(request.system_annotations["team"], "payments")' }).may,
    ).toBe(true)
    expect(judge({ roles: ['*'], where: 'contains(reviewer.traits["team"], "search")' }).may).toBe(false)
    expect(judge({ roles: ['*'], where: 'this is no expression' }).may).toBe(false)
  })

  test('is kept away by a deny whose `where` holds or cannot be evaluated', () => {
    const deny = (where: string, roles = ['*']) => judge({ roles: ['*'] }, { roles, where }).may
    expect(deny('contains(request.system_annotations["team"], "payments")')).toBe(false)
    expect(deny('this is no expression')).toBe(false)
    expect(deny('contains(request.system_annotations["team"], "search")')).toBe(true)
    expect(deny('contains(request.system_annotations["team"], "payments")', [])).toBe(false)
  })
})

describe('nobody reviews', () => {
  const all = role('all', { reviews: { roles: ['*'] } })

  test('a request of their own, in another spelling, or through a token or an identity of theirs (T29)', () => {
    for (const own of [
      reviewer('alice', [all]),
      reviewer('ALICE', [all]),
      reviewer('token/deploy', [all], { actsFor: ['Alice'] }),
    ]) {
      expect(mayReviewItem(own, about, only, world)).toEqual({
        may: false,
        says: 'Nobody reviews a request of their own.',
      })
      expect(isOwnRequest(own, about)).toBe(true)
    }
    expect(mayReviewSome(reviewer('token/deploy', [all], { actsFor: ['bob'] }), about, world)).toBe(true)
  })

  test('while locked', () => {
    expect(mayReviewSome(reviewer('bob', [all], { isLocked: true }), about, world)).toBe(false)
    expect(mayReviewSome(reviewer('bob', [all]), about, world)).toBe(true)
  })
})
