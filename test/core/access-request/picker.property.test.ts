import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeItem } from '../../../src/core/access-request/may-request.js'
import type { HeldRole, PickerPerson } from '../../../src/core/access-request/picker-rows.js'
import { preparePicker } from '../../../src/core/access-request/picker-rows.js'
import { listPicker, type PickedSet, type PickerPageInput } from '../../../src/core/access-request/picker.js'
import type { Requester, RequestWorld } from '../../../src/core/access-request/world.js'
import type { TimeBoxedGrant } from '../../../src/core/entitlement/input.js'
import { pairKey } from '../../../src/core/identity-center/observation.js'
import { assignmentRoleRef, listRoleNames } from '../../../src/core/inventory/assignment-role.js'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import { finish } from '../../../src/core/role/pattern-places.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import type { AccountAssignmentMatcher, RequestConditions, Role } from '../../../src/core/role/role.js'
import { buildInventory } from '../../support/inventory.js'
import { buildWorld, now, requester as buildRequester, role } from './build.js'

const inventory = buildInventory({ accounts: 12, permissionSets: 7 })
const pairs = inventory.accounts.flatMap(({ id }) =>
  inventory.permissionSets.map(({ arn }) => ({ accountId: id, permissionSetArn: arn })),
)
const names = pairs.flatMap(({ accountId, permissionSetArn }) =>
  listRoleNames(inventory, assignmentRoleRef(accountId, permissionSetArn)),
)

const piece = fc
  .tuple(fc.constantFrom(...names), fc.nat({ max: 40 }), fc.integer({ min: 1, max: 10 }))
  .map(([text, from, length]) => text.slice(from % text.length).slice(0, length))
const namePatterns = fc.oneof(
  fc.constant('*'),
  fc.constant('*-on-*prod*'),
  fc.constantFrom(...names),
  piece.map((text) => `*${text}*`),
  fc.tuple(piece, piece).map(([a, b]) => `*${a}*${b}*`),
  fc.constantFrom('^ReadOnly.*$', '^.*-on-.*$', '^.*-(prod|dev)-[0-9]+-.*$', '^Deploy|1$', '^search-[ab]$'),
)
const entries: fc.Arbitrary<AccountAssignmentMatcher[]> = fc.array(
  fc.record({
    account: fc.constantFrom('*', '*1*', '^1.*3$', ...inventory.accounts.map(({ id }) => id)),
    permissionSet: fc.constantFrom('*', '*/ps-*3*', ...inventory.permissionSets.map(({ arn }) => arn)),
  }),
  { maxLength: 3 },
)
const searchNames = ['search-a', 'search-b', 'search-c']
const request: fc.Arbitrary<Partial<RequestConditions>> = fc.record({
  roles: fc.array(namePatterns, { maxLength: 2 }),
  searchAsRoles: fc.subarray([...searchNames, 'gone']),
  claimsToRoles: fc.array(
    fc.record({
      claim: fc.constantFrom('team', 'gone', '__proto__'),
      value: fc.constantFrom('sre', 's*', 'other'),
      roles: fc.array(fc.constantFrom(...names, '*'), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 1 },
  ),
})
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const someRole = (name: string): fc.Arbitrary<Role> =>
  fc
    .record({
      gives: entries,
      denies: rarely(entries),
      request: rarely(request),
      denyRequest: rarely(request),
    })
    .map(({ gives, denies = [], request: asks, denyRequest }) =>
      role(name, {
        gives,
        denies,
        ...(asks !== undefined && { request: asks }),
        ...(denyRequest !== undefined && { denyRequest }),
      }),
    )
const asking = fc
  .tuple(request, rarely(request), rarely(entries))
  .map(([asks, denyRequest, denies = []]) =>
    role('asking', { request: asks, denies, ...(denyRequest !== undefined && { denyRequest }) }),
  )
const heldRoles = fc
  .tuple(asking, fc.tuple(...['one', 'two', 'three'].map(someRole)), fc.boolean())
  .map(([first, others, turn]) => (turn ? [...others, first] : [first, ...others]))
const searchRoles = fc.tuple(...searchNames.map(someRole))
const grants = fc
  .array(fc.tuple(fc.constantFrom(...pairs), fc.integer({ min: 1, max: 100 })), { maxLength: 4 })
  .map((some) =>
    some.map(([{ accountId, permissionSetArn }, after]): TimeBoxedGrant => ({
      user: 'alice',
      pair: pairKey(accountId, permissionSetArn),
      request: 'r-1',
      until: now + after * 60_000,
    })),
  )

const held = (roles: readonly Role[]): HeldRole[] =>
  roles.map((one) => ({ role: one, says: `by the role ${one.name}` }))
const everything = { show: 'all', knowsAll: true, limit: 5 } as const

function worldOf(roles: readonly Role[], of: Inventory = inventory): RequestWorld {
  return buildWorld(roles, { inventory: of })
}

function requesterOf(roles: readonly Role[]): Requester {
  return buildRequester(roles, { traits: { team: ['sre'] } })
}

/** `<account id> <arn>`: what the pages say of it. */
function pick(
  person: PickerPerson,
  world: RequestWorld,
  page: Omit<PickerPageInput, 'after'> = everything,
): Map<string, PickedSet> {
  const picked = new Map<string, PickedSet>()
  let after: string | undefined
  do {
    const { items, next, total } = listPicker(person, world, { ...page, after })
    expect(items.length).toBeLessThanOrEqual(page.limit)
    for (const { account, permissionSets } of items) {
      expect(permissionSets.length).toBeGreaterThan(0)
      for (const one of permissionSets) picked.set(`${account.id} ${one.permissionSet.arn}`, one)
    }
    after = next
    if (after === undefined) {
      const accounts = new Set([...picked.keys()].map((key) => key.slice(0, 12))).size
      expect(total).toEqual({ accounts, pairs: picked.size })
    }
  } while (after !== undefined)
  return picked
}

const keyOf = ({ accountId, permissionSetArn }: (typeof pairs)[number]) => `${accountId} ${permissionSetArn}`

describe('the picker', () => {
  test('says of every pair what `judgeItem` says of it', () => {
    let met = 0
    fc.assert(
      fc.property(heldRoles, searchRoles, (roles, others) => {
        const world = worldOf([...roles, ...others])
        const requester = requesterOf(roles)
        const picked = pick({ held: [], grants: [], requester }, world)
        expect(picked.size).toBe(pairs.length)
        for (const pair of pairs) {
          const verdict = judgeItem(requester, { kind: 'assignment', ...pair }, world)
          const one = picked.get(keyOf(pair))
          expect([pair, one?.state]).toEqual([pair, verdict.ok ? 'requestable' : 'no'])
          if (verdict.ok) {
            met++
            const allowing = verdict.terms.allowedBy
            // At most three are named, in the order in which the person has them.
            const named = allowing.filter((name) => one?.says.includes(name))
            expect(named.length).toBe(Math.min(allowing.length, 3))
          } else {
            expect(one?.says.startsWith('denied by the role')).toBe(/ denies /.test(verdict.says))
          }
        }
      }),
      { numRuns: 200 },
    )
    expect(met).toBeGreaterThan(1000)
  })

  test('says of every pair whether the person has it, by roles that count in AWS or by a request, unless a role denies it', () => {
    fc.assert(
      fc.property(heldRoles, searchRoles, grants, (roles, others, live) => {
        const world = worldOf([...roles, ...others])
        const requester = requesterOf(roles)
        const picked = pick({ held: held(roles), grants: live, requester }, world)
        for (const pair of pairs) {
          const { effect, because } = decidePair(roles, pair)
          const key = pairKey(pair.accountId, pair.permissionSetArn)
          const until = live.filter((one) => one.pair === key).map((one) => one.until)
          const byRequest = until.length > 0 && because !== 'denied_by_role'
          const one = picked.get(keyOf(pair))
          expect([pair, one?.state === 'have']).toEqual([pair, effect === 'allow' || byRequest])
          expect(one?.until).toBe(effect === 'deny' && byRequest ? Math.max(...until) : undefined)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('shows a part of the pairs, and of what is neither had nor to be asked for only where both sides are known', () => {
    fc.assert(
      fc.property(heldRoles, searchRoles, grants, (roles, others, live) => {
        const world = worldOf([...roles, ...others])
        const person = { held: held(roles), grants: live, requester: requesterOf(roles) }
        const all = pick(person, world)
        const of = (...states: string[]) => [...all].filter(([, { state }]) => states.includes(state))
        expect([...pick(person, world, { show: 'have', knowsAll: false, limit: 3 })]).toEqual(of('have'))
        expect([...pick(person, world, { show: 'requestable', knowsAll: false, limit: 3 })]).toEqual(
          of('have', 'requestable'),
        )
        const known = pick(person, world, { show: 'all', knowsAll: false, limit: 3 })
        const accounts = new Set([...known.keys()].map((key) => key.slice(0, 12)))
        for (const [key, one] of of('have', 'requestable')) expect(known.get(key)).toEqual(one)
        for (const [key, one] of known) {
          expect(one).toEqual(all.get(key))
          expect(accounts.has(key.slice(0, 12))).toBe(true)
        }
        if (of('have', 'requestable').length === 0) {
          for (const { says } of known.values()) expect(says).toMatch(/^(denied by|no role)/)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('is the same whether the patterns were tried before or not', () => {
    fc.assert(
      fc.property(heldRoles, searchRoles, (roles, others) => {
        const fresh = buildInventory({ accounts: 12, permissionSets: 7 })
        const person = { held: held(roles), grants: [], requester: requesterOf(roles) }
        finish(preparePicker(person, worldOf([...roles, ...others], fresh)))
        const prepared = pick(person, worldOf([...roles, ...others], fresh))
        expect([...prepared]).toEqual([...pick(person, worldOf([...roles, ...others]))])
      }),
      { numRuns: 50 },
    )
  })
})
