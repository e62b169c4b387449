/** A list under review with its people, and what they can do with it, as use cases. */
import { decide, type DecideInput } from '../../../../src/service/access-lists/reviews/decide.js'
import { getReview } from '../../../../src/service/access-lists/reviews/get-review.js'
import { listReviews } from '../../../../src/service/access-lists/reviews/list-reviews.js'
import { remindOwners } from '../../../../src/service/access-lists/reviews/remind.js'
import {
  submitReview,
  type SubmitReviewInput,
} from '../../../../src/service/access-lists/reviews/submit-review.js'
import { changeMembers } from '../../../../src/service/access-lists/change-members.js'
import { getList } from '../../../../src/service/access-lists/get-list.js'
import { putMember } from '../../../../src/service/access-lists/put-member.js'
import { putRequirements } from '../../../../src/service/access-lists/put-requirements.js'
import { removeMember } from '../../../../src/service/access-lists/remove-member.js'
import { desk, openWorld, role, start, user } from '../../resources/world.js'

const due = '2026-03-01T00:00:00Z'
export const overdue = (then: string) => ({ next_audit_date: due, when_overdue: { then } })

export const list = (name: string, spec: object = {}) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: { title: `The ${name}`, owners: ['ann', 'ola'], audit: { next_audit_date: due }, ...spec },
})

type Who = 'ann' | 'ola' | 'bob'

/** List a, due since yesterday, with the users bob and cat and the list nested in it; ann and ola own all lists. */
export async function openHouse(spec: object = {}) {
  const world = await openWorld()
  await world.apply([
    role('senior'),
    ...['ann', 'ola', 'bob', 'cat', 'dan'].map((name) => user(name)),
    list('nested'),
    list('a', spec),
  ])
  const member = (name: string, kind: 'user' | 'list' = 'user', of = 'a') => ({
    list: of,
    kind,
    name,
    awsUserId: undefined,
    joinedAt: start,
    expiresAt: undefined,
    addedBy: 'ann',
    reason: '',
  })
  await world.store.members.put([
    member('bob'),
    member('cat'),
    member('nested', 'list'),
    member('dan', 'user', 'nested'),
  ])
  const deps = {
    ...world.deps,
    syncs: { of: () => Promise.reject(new Error('there is no plugin')), wakeAll: () => undefined },
  }
  const as = (who: Who) => world.person(who)
  return {
    world,
    member,
    decide: async (input: Partial<DecideInput>, by: Who = 'ann') =>
      decide(deps, 'a', { decisions: [], keepRest: false, startOver: false, ...input }, await as(by), desk),
    submit: async (input: Partial<SubmitReviewInput> = {}, by: Who = 'ann') =>
      submitReview(
        deps,
        'a',
        { notes: '', keepRest: false, remove: [], dryRun: false, ...input },
        await as(by),
        desk,
      ),
    review: async (input: object = {}, by: Who = 'ann') =>
      getReview(deps, 'a', { show: 'all', limit: 50, ...input }, await as(by)),
    finished: async (input: object = {}) => listReviews(deps, 'a', { limit: 10, ...input }, await as('ann')),
    add: async (name: string) =>
      putMember(
        deps,
        { list: 'a', kind: 'user', name, expiresAt: undefined, reason: '' },
        await as('ann'),
        desk,
      ),
    take: async (name: string) =>
      removeMember(deps, { list: 'a', kind: 'user', name }, await as('ann'), desk),
    takeList: async (name: string) =>
      removeMember(deps, { list: 'a', kind: 'list', name }, await as('ann'), desk),
    /** Names of the lists of which owners are told now. */
    remind: async () => {
      await remindOwners({ ...deps, outgoing: { wake: () => undefined } })
      const events = await world.events()
      return events.filter(({ event }) => event === 'access_list.review.remind').map(({ name }) => name)
    },
    /** As it was applied. */
    list: list('a', spec),
    bulk: async (names: string) =>
      changeMembers(
        deps,
        'a',
        { names, reason: '', remove: [], addUnknown: false, dryRun: false },
        await as('ann'),
        desk,
      ),
    require: async (roles: string[], dryRun = false) =>
      putRequirements(deps, 'a', { roles, traits: {}, dryRun }, await as('ann'), desk),
    show: async (by: Who = 'ann') => getList(deps, 'a', await as(by)),
    members: async () => (await world.store.members.list('a')).map(({ name }) => name),
    document: async () => (await world.store.resources.find('access_list', 'a'))?.document,
  }
}

export const remove = (name: string, note?: string) => ({
  kind: 'user' as const,
  name,
  decision: 'remove' as const,
  ...(note !== undefined && { note }),
})
export const keep = (name: string, kind: 'user' | 'list' = 'user') => ({
  kind,
  name,
  decision: 'keep' as const,
})
