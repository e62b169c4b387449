/** Random access lists, people and memberships for property tests, small enough to collide often; and a slow judge. */
import fc from 'fast-check'
import {
  noRequirements,
  type AccessListMember,
  type Requirements,
} from '../../../src/core/access-list/access-list.js'
import type { ListToFlatten } from '../../../src/core/access-list/flatten.js'
import type { ReviewSchedule } from '../../../src/core/access-list/review-schedule.js'
import { day } from '../../../src/core/time.js'
import type { LookUpPerson, OwnFacts } from '../../../src/core/access-list/judge-person.js'
import { meetsRequirements } from '../../../src/core/access-list/requirements.js'

export const now = 1000
const names = ['a', 'b', 'c', 'd', 'e', 'f']
const users = ['ann', 'bob', 'cat', 'dan']

export interface Graph {
  readonly lists: readonly ListToFlatten[]
  readonly members: readonly AccessListMember[]
  readonly people: ReadonlyMap<string, OwnFacts | 'unreadable'>
}

export function member(
  list: string,
  kind: 'user' | 'list',
  name: string,
  expiresAt?: number,
): AccessListMember {
  return { list, kind, name, awsUserId: undefined, joinedAt: 0, expiresAt, addedBy: 'admin', reason: '' }
}

/** Frozen since `at`, where that has come. */
function frozenAt(at: number): ReviewSchedule {
  const whenOverdue = { then: 'freeze', afterMs: 0 } as const
  return { dueAt: at, everyMonths: 6, dayOfMonth: 1, noticeMs: 30 * day, whenOverdue }
}

export function isFrozen(review: ReviewSchedule | undefined): boolean {
  return review !== undefined && review.dueAt <= now
}

/** In the middle of the instants at which people join; most lists are not frozen. */
const reviews = fc.constantFrom(undefined, undefined, undefined, now - 5, now - 3, now + 1)

const requirements: fc.Arbitrary<Requirements> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(noRequirements) },
  fc.record({
    roles: fc.uniqueArray(fc.constantFrom('r', 's'), { maxLength: 2 }),
    traits: fc.constantFrom<Requirements['traits']>({}, { team: ['x'] }, { team: ['x', 'y'] }),
  }),
)

const target = fc.oneof(
  fc.constantFrom(...names).map((name) => ({ kind: 'list' as const, name })),
  fc.constantFrom(...users, 'nobody').map((name) => ({ kind: 'user' as const, name })),
)

const person = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      roles: fc.uniqueArray(fc.constantFrom('r', 's'), { maxLength: 2 }),
      traits: fc.constantFrom<OwnFacts['traits']>({}, { team: ['x'] }, { team: ['y', 'x'] }),
    }),
  },
  fc.constant('unreadable' as const),
)

export const graphs: fc.Arbitrary<Graph> = fc
  .record({
    lists: fc.tuple(
      ...names.map((name) =>
        fc.oneof(
          { weight: 1, arbitrary: fc.constant<ListToFlatten>({ name }) },
          {
            weight: 9,
            arbitrary: fc.record({
              name: fc.constant(name),
              membershipRequires: requirements,
              ownershipRequires: requirements,
              review: reviews.map((at) => (at === undefined ? undefined : frozenAt(at))),
              owners: fc.array(
                target.map((one) => ({ ...one, description: '' })),
                { maxLength: 3 },
              ),
            }),
          },
        ),
      ),
    ),
    rows: fc.uniqueArray(
      fc.record({
        list: fc.constantFrom(...names),
        to: target,
        expiresAt: fc.constantFrom(undefined, undefined, undefined, now, now + 1),
        joinedAt: fc.constantFrom(0, 0, 0, now - 6, now - 4, now - 2, now),
      }),
      { maxLength: 24, selector: ({ list, to }) => `${list} ${to.kind} ${to.name}` },
    ),
    people: fc.tuple(...users.map((name) => person.map((facts) => [name, facts] as const))),
  })
  .map(({ lists, rows, people }) => ({
    lists,
    members: rows.map(({ list, to, expiresAt, joinedAt }) => ({
      ...member(list, to.kind, to.name, expiresAt),
      joinedAt,
    })),
    people: new Map(people),
  }))

export function lookUp({ people }: Pick<Graph, 'people'>): LookUpPerson {
  return (name) => people.get(name)
}

function meets(required: Requirements | undefined, facts: OwnFacts | 'unreadable' | undefined): boolean {
  const asked = required ?? noRequirements
  if (asked.roles.length === 0 && Object.keys(asked.traits).length === 0) return true
  return facts !== undefined && facts !== 'unreadable' && meetsRequirements(asked, facts)
}

/**
 * Whether a user counts in a list: from first principles, by a walk down that never passes a list twice. Rows that are
 * newer than `until` do not count: below a frozen list, those that came after the freeze and after the row that led on.
 */
export function isMember(
  graph: Graph,
  list: string,
  user: string,
  passed = new Set<string>(),
  until = Infinity,
): boolean {
  const of = graph.lists.find(({ name }) => name === list)
  if (of === undefined || passed.has(list) || !meets(of.membershipRequires, graph.people.get(user)))
    return false
  return graph.members.some((row) => {
    if (row.list !== list || (row.expiresAt ?? Infinity) <= now || row.joinedAt > until) return false
    const since = isFrozen(of.review) ? Math.max(of.review?.dueAt ?? 0, row.joinedAt) : Infinity
    return row.kind === 'user'
      ? row.name === user
      : isMember(graph, row.name, user, new Set([...passed, list]), Math.min(until, since))
  })
}

export function isOwner(graph: Graph, list: string, user: string): boolean {
  const of = graph.lists.find(({ name }) => name === list)
  const facts = graph.people.get(user)
  if (facts === undefined || !meets(of?.ownershipRequires, facts)) return false
  return (of?.owners ?? []).some(({ kind, name }) =>
    kind === 'user' ? name === user : isMember(graph, name, user),
  )
}

export const everybody = [...users, 'nobody']
