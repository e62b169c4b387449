import { expect, test } from 'vitest'
import type { AccessRequest } from '../../../src/core/access-request/access-request.js'
import { recheck, type RecheckFacts } from '../../../src/core/access-request/recheck.js'
import type { Reviewer } from '../../../src/core/access-request/world.js'
import {
  activeRequest,
  adminOnProd,
  buildWorld,
  item,
  now,
  readOnDev,
  requester,
  reviewer,
  reviewsAll,
  role,
  threshold,
} from './build.js'

const world = buildWorld([])
const asks = role('asks', { request: { roles: ['*'] } })
const onlyDev = role('only-dev', { request: { roles: ['ReadOnly-on-*'] } })
const ids = [adminOnProd, readOnDev].map((asked) => item(asked).id)

function approvedBy(...authors: readonly string[]): AccessRequest {
  return activeRequest(
    [
      item(adminOnProd, { thresholds: [threshold(2)] }),
      item(readOnDev, { roles: ['ReadOnly-on-development-222222222222'] }),
    ],
    {
      activatedAt: undefined,
      reviews: authors.map((author) => ({
        author,
        at: now,
        approve: ids,
        deny: [],
        reason: '',
        annotations: {},
        authorRoles: [],
        authorTraits: {},
      })),
    },
  )
}

const noRules = { rules: [], hidesDenial: false, writers: new Map(), onCall: new Map(), now, since: 0 }

function look(facts: Partial<RecheckFacts>, request = approvedBy('bob', 'carol')) {
  const everyone = (author: string): Reviewer => reviewer(author, [reviewsAll])
  const fallen = recheck(
    request,
    {
      requester: { ...requester([asks]), isLocked: false },
      reviewer: everyone,
      rules: noRules,
      extended: [],
      ...facts,
    },
    world,
  )
  return Object.fromEntries(fallen)
}

const prodOnly = (says: string) => ({ [ids[0] ?? '']: says })
const all = (says: string) => Object.fromEntries(ids.map((id) => [id, says]))

test('everything stays where everybody is as they were', () => {
  expect(look({})).toEqual({})
})

test('nothing is left of a request whose requester is gone or locked', () => {
  expect(look({ requester: undefined })).toEqual(all('The requester no longer exists.'))
  expect(look({ requester: { ...requester([asks]), isLocked: true } })).toEqual(
    all('The requester is locked.'),
  )
})

test('what the requester may no longer ask for falls away, but not a role that they hold by now', () => {
  expect(look({ requester: { ...requester([onlyDev]), isLocked: false } })).toEqual(
    prodOnly('The requester may no longer ask for it.'),
  )
  const deployer = role('deployer')
  const held = { ...requester([asks, deployer]), isLocked: false }
  const request = {
    ...approvedBy('bob'),
    items: [{ ...item({ kind: 'role', name: 'deployer' }), state: 'approved' as const }],
  }
  const reviews = request.reviews.map((one) => ({ ...one, approve: ['role/deployer'] }))
  const facts = {
    requester: held,
    reviewer: () => reviewer('bob', [reviewsAll]),
    rules: noRules,
    extended: [],
  }
  expect(recheck({ ...request, reviews }, facts, buildWorld([deployer])).size).toBe(0)
})

test('an approval of somebody who is gone, locked or may no longer review does not count', () => {
  const few = prodOnly('Too few of those who approved it may still do so.')
  const carolIs = (carol: Reviewer | undefined) => (author: string) =>
    author === 'carol' ? carol : reviewer(author, [reviewsAll])
  expect(look({ reviewer: carolIs(undefined) })).toEqual(few)
  expect(look({ reviewer: carolIs(reviewer('carol', [reviewsAll], { isLocked: true })) })).toEqual(few)
  expect(look({ reviewer: carolIs(reviewer('carol', [])) })).toEqual(few)
  expect(look({ reviewer: carolIs(reviewer('carol', [reviewsAll])) })).toEqual({})
  // Somebody else has the name by now (T7).
  expect(look({ reviewer: carolIs(reviewer('carol', [reviewsAll], { since: now + 1 })) })).toEqual(few)
  expect(look({ reviewer: carolIs(reviewer('carol', [reviewsAll], { since: now })) })).toEqual({})
  // A third approval makes up for the one that is lost.
  expect(look({ reviewer: carolIs(undefined) }, approvedBy('bob', 'carol', 'dave'))).toEqual({})
})

test('an extension of a request that was revoked gives nothing; of one that is over by itself it goes on', () => {
  const old = activeRequest([item(adminOnProd)])
  const [revoked, over] = [
    { ...old, state: 'revoked' as const },
    { ...old, state: 'expired' as const },
  ]
  const says = all('The request that it goes on with was revoked.')
  expect(look({ extended: [revoked] })).toEqual(says)
  // However far back that is.
  expect(look({ extended: [over, revoked] })).toEqual(says)
  expect(look({ extended: [over, over] })).toEqual({})
})

test('an item that was approved by a weaker threshold than the roles of now set falls away', () => {
  const strict = role('strict', { request: { roles: ['*'], thresholds: [threshold(3)] } })
  const now = (roles: (typeof asks)[]) => ({ requester: { ...requester(roles), isLocked: false } })
  expect(Object.keys(look(now([strict])))).toEqual(ids)
  expect(look(now([strict]), approvedBy('bob', 'carol', 'dave'))).toEqual({})
})

test('the filter of a threshold asks for roles that who approved had then and has now', () => {
  const filter = 'contains(reviewer.roles, "lead")'
  const asksLead = role('asks', { request: { roles: ['*'], thresholds: [threshold(1, 1, filter)] } })
  const by = (then: string[], now: string[]) => {
    const request = approvedBy('bob')
    const filtered = request.items.map((one) => ({
      ...one,
      terms: { ...one.terms, thresholds: [threshold(1, 1, filter)] },
    }))
    const reviews = request.reviews.map((one) => ({ ...one, authorRoles: then }))
    const facts = {
      requester: { ...requester([asksLead]), isLocked: false },
      reviewer: (name: string) => reviewer(name, [reviewsAll, ...now.map((one) => role(one))]),
    }
    return Object.keys(look(facts, { ...request, items: filtered, reviews }))
  }
  expect(by(['lead'], ['lead'])).toEqual([])
  expect(by(['lead'], [])).toEqual(ids)
  expect(by([], ['lead'])).toEqual(ids)
})
