/** What pages of lists keep from one state to the next says what pages say that are made from nothing. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { hour } from '../../../src/core/time.js'
import { systemAuthority, type Authority } from '../../../src/service/authority.js'
import { listCards, type ListCardsInput } from '../../../src/service/access-lists/list-cards.js'
import { Catalog } from '../../../src/service/resources/catalog.js'
import type { ResourceDeps } from '../../../src/service/resources/deps.js'
import type { Store } from '../../../src/store/store.js'
import { adminsName, openWorld, role, rule, start, user, type World } from '../resources/world.js'

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const
const people = ['ann', 'bob', 'aud'] as const
const aName = fc.constantFrom(...names)
const aPerson = fc.constantFrom(...people)

const aList = fc.record({
  title: fc.constantFrom('Alpha', 'beta', 'Gamma', 'delta'),
  owners: fc.uniqueArray(
    fc.oneof(
      aPerson.map((name) => ({ name, membership_kind: 'user' })),
      aName.map((name) => ({ name, membership_kind: 'list' })),
    ),
    { maxLength: 3, selector: ({ name }) => name },
  ),
  grants: fc.constantFrom({ roles: ['granted'] }, { roles: ['other'] }, { roles: [adminsName] }, {}),
  membership_requires: fc.constantFrom({}, { traits: { team: ['red'] } }),
  ownership_requires: fc.constantFrom({}, { traits: { team: ['red'] } }),
  audit: fc.constantFrom(
    { next_audit_date: '2026-03-03T00:00:00Z' },
    { next_audit_date: '2026-03-20T00:00:00Z' },
    { next_audit_date: '2026-09-01T00:00:00Z' },
  ),
})

type Step = (world: World) => Promise<unknown>

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(aName, aList).map(([name, spec]) => putList(name, spec)) },
  {
    weight: 2,
    arbitrary: aName.map(
      (name): Step =>
        (world) =>
          world.remove('access_list', name),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(aPerson, fc.constantFrom('red', 'blue')).map(
      ([name, team]): Step =>
        (world) =>
          world.apply(person(name, team)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('granted', 'other', '*').map(
      (asked): Step =>
        (world) =>
          world.apply(role('asks', { allow: { request: { roles: [asked] } } })),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(aName, fc.oneof(aPerson, aName), fc.option(fc.integer({ min: 1, max: 500 }))).map(
      ([list, name, hours]): Step =>
        (world) =>
          putMember(world, list, name, hours),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(aName, aPerson).map(
      ([list, name]): Step =>
        ({ store, clock }) =>
          store.members.delete(list, 'user', name, clock.now()),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 300 }).map((hours): Step => ({ clock }) => {
      clock.advance(hours * hour)
      return Promise.resolve()
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('one', 'two').map((name): Step => ({ aws }) => {
      const [account] = aws.inventory.accounts
      if (account !== undefined)
        aws.inventory = { ...aws.inventory, revision: name, accounts: [{ ...account, name }] }
      return Promise.resolve()
    }),
  },
)

function putList(name: string, spec: object): Step {
  return (world) => world.apply({ kind: 'access_list', version: 'v1', metadata: { name }, spec })
}

function person(name: string, team: string) {
  const roles = { ann: ['asks'], bob: [], aud: ['some', 'asks'] }[name] ?? []
  return user(name, { roles, traits: { team: [team] } })
}

function putMember({ store }: World, list: string, name: string, hours: number | null): Promise<unknown> {
  const kind = (people as readonly string[]).includes(name) ? ('user' as const) : ('list' as const)
  const expiresAt = hours === null ? undefined : start + hours * hour
  return store.members.put([
    { list, kind, name, expiresAt, awsUserId: undefined, joinedAt: start, addedBy: 'x', reason: '' },
  ])
}

/** A gateway that was started just now: it keeps nothing yet. */
function startAnew({ deps, aws }: World): ResourceDeps {
  const { store, logger, kinds } = deps
  const members = new Proxy(store.members, {
    get: (of, key) => {
      const value: unknown = Reflect.get(of, key)
      return typeof value === 'function'
        ? (...args: unknown[]): unknown => Reflect.apply(value, of, args)
        : value
    },
  })
  const own = new Proxy<Store>(store, {
    get: (of, key) => (key === 'members' ? members : (Reflect.get(of, key) as unknown)),
  })
  const catalog = new Catalog({ store: own, logger, kinds, inventory: () => Promise.resolve(aws.inventory) })
  return { ...deps, store: own, catalog }
}

async function pages(deps: ResourceDeps): Promise<unknown> {
  const view = await deps.catalog.read()
  const viewers: Authority[] = [systemAuthority]
  for (const name of people) {
    const one = view.user(name)
    if (one === undefined) throw new Error(`${name} is not there`)
    viewers.push({
      name,
      kind: 'person',
      user: one,
      roles: view.rolesOf(one).roles,
      inventory: view.inventory,
    })
  }
  const inputs: ListCardsInput[] = [
    { filter: 'all', sort: 'title', limit: 3 },
    { filter: 'all', sort: 'due', limit: 20 },
    { filter: 'due', sort: 'due', limit: 20 },
    { filter: 'joinable', sort: 'title', search: 'a', limit: 20 },
  ]
  const told: unknown[] = []
  for (const viewer of viewers) {
    for (const input of inputs) told.push(await listCards(deps, input, viewer))
  }
  return {
    told,
    owned: [...people, ...names].map((name) => [
      view.listsOwnedBy('user', name),
      view.listsOwnedBy('list', name),
    ]),
  }
}

test('after any changes, on every gateway', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step: aStep, late: fc.boolean() }), { minLength: 5, maxLength: 25 }),
      async (steps) => {
        const world = await openWorld()
        await world.apply([
          role('granted', { allow: {} }),
          role('other', { allow: {} }),
          role('asks', { allow: { request: { roles: ['granted'] } } }),
          rule('some', 'access_list', ['read'], 'contains(resource.spec.grants.roles, "other")'),
          ...people.map((name) => person(name, 'red')),
        ])
        for (const name of names)
          await world.apply({
            kind: 'access_list',
            version: 'v1',
            metadata: { name },
            spec: { title: name, owners: ['ann'] },
          })
        // The second one is asked now and then, so that it has many changes to see at once.
        const second = startAnew(world)
        for (const { step, late } of steps) {
          await step(world).catch((error: unknown) => {
            // A circle of lists, or a list that is owned by one that is to go.
            if (!(error instanceof GatewayError)) throw error
          })
          const anew = await pages(startAnew(world))
          expect(await pages(world.deps)).toEqual(anew)
          if (late) expect(await pages(second)).toEqual(anew)
        }
      },
    ),
    { numRuns: 25 },
  )
})
