/** Pages of access lists cost the same however many lists there are, and pages of people know why each is in. */
import { expect, test } from 'vitest'
import { listCards, type ListCardsInput } from '../../../src/service/access-lists/list-cards.js'
import type { Store } from '../../../src/store/store.js'
import { openWorld, role, rule, user, type World } from '../resources/world.js'

const page: ListCardsInput = { filter: 'all', sort: 'title', limit: 20 }

async function openLists(count: number): Promise<World> {
  const world = await openWorld()
  await world.apply([
    role('granted', { allow: {} }),
    role('asks', { allow: { request: { roles: ['granted'] } } }),
    rule('some', 'access_list', ['read'], 'contains(resource.metadata.name, "1")'),
    user('ann', { roles: ['asks'] }),
    user('con', { roles: ['some'] }),
    ...Array.from({ length: count }, (_, index) => ({
      kind: 'access_list',
      version: 'v1',
      metadata: { name: `list-${index}` },
      spec: {
        title: `List ${String(index).padStart(4, '0')}`,
        owners: [index % 2 === 0 ? 'ann' : 'con'],
        grants: { roles: ['granted'] },
        audit: { next_audit_date: '2026-03-05T00:00:00Z' },
      },
    })),
  ])
  const facts = { awsUserId: undefined, joinedAt: 1, expiresAt: undefined, addedBy: 'x', reason: '' }
  await world.store.members.put([
    { list: 'list-0', kind: 'list', name: 'list-1', ...facts },
    { list: 'list-1', kind: 'user', name: 'ann', ...facts },
  ])
  return world
}

/** The store with the questions to it counted, those of the catalog too. */
function counted(store: Store): { readonly store: Store; readonly asked: () => number } {
  let asked = 0
  const watch = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (of, key) => {
        const value: unknown = Reflect.get(of, key)
        if (typeof value === 'function') {
          return (...args: unknown[]): unknown => {
            asked += 1
            return Reflect.apply(value, of, args)
          }
        }
        return value
      },
    })
  const rooms = { members: watch(store.members), audit: watch(store.audit) }
  return {
    store: new Proxy(store, { get: (of, key) => Reflect.get(rooms, key) ?? Reflect.get(of, key) }),
    asked: () => asked,
  }
}

test('a page asks the store as often for 200 lists as for 20', async () => {
  const questions = []
  for (const count of [20, 200]) {
    const world = await openLists(count)
    const { store, asked } = counted(world.store)
    const answer = await listCards({ ...world.deps, store }, page, await world.person('ann'))
    expect([answer.items.length, answer.counts.all, answer.counts.due]).toEqual([20, count, 1])
    questions.push(asked())
  }
  expect(questions[1]).toBe(questions[0])
  expect(questions[0]).toBeLessThan(6)
})

test('what is joinable, owned, due and inherited is told of each list', async () => {
  const world = await openLists(4)
  const ann = await world.person('ann')
  const { items, counts } = await listCards(world.deps, page, ann)
  expect(items.map(({ name, mine, couldAsk }) => [name, mine.owner, mine.member, couldAsk])).toEqual([
    ['list-0', 'explicit', 'inherited', false],
    ['list-1', 'none', 'explicit', false],
    ['list-2', 'explicit', 'none', true],
    ['list-3', 'none', 'none', true],
  ])
  expect(counts).toEqual({ all: 4, mine: 2, member: 2, due: 1, aws: 0, joinable: 2 })
  const due = await listCards(world.deps, { ...page, filter: 'due' }, ann)
  expect(due.items.map(({ name, review }) => [name, review.state, review.toDecide])).toEqual([
    ['list-0', 'soon', 1],
  ])
})

test('conditions of rules and ownership add up, and other lists stay hidden', async () => {
  const world = await openLists(4)
  const seen = await listCards(world.deps, page, await world.person('con'))
  expect(seen.items.map(({ name }) => name)).toEqual(['list-1', 'list-3'])
})
