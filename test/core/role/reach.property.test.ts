import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import {
  countReach,
  listReach,
  maxPairsOnPage,
  maxRolesNamed,
  prepareReach,
} from '../../../src/core/role/reach.js'
import type { AccountAssignmentMatcher, Role } from '../../../src/core/role/role.js'
import { buildInventory } from '../../support/inventory.js'
import { buildRole } from './build.js'

const inventory = buildInventory({ accounts: 24, permissionSets: 12 })

type Entries = readonly AccountAssignmentMatcher[]

function grant(name: string, allow: Entries, deny: Entries = []): Role {
  const role = buildRole(name, 'v8')
  return {
    ...role,
    allow: { ...role.allow, accountAssignments: allow },
    deny: { ...role.deny, accountAssignments: deny },
  }
}

/** Matches as the specification says, the slow way; regular expressions of these tests mean the same everywhere. */
function covers(pattern: string, text: string): boolean {
  if (pattern.startsWith('^') && pattern.endsWith('$')) return new RegExp(pattern).test(text)
  const quoted = pattern.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`))
  return new RegExp(`^${quoted.join('.*')}$`).test(text)
}

function hits(entries: Entries, account: string, arn: string): boolean {
  return entries.some((entry) => covers(entry.account, account) && covers(entry.permissionSet, arn))
}

/** `<account id> <arn>: roles` for every pair that is reached. */
function naiveReach(roles: readonly Role[], { accounts, permissionSets }: Inventory): Map<string, string[]> {
  const reached = new Map<string, string[]>()
  for (const { id } of accounts) {
    for (const { arn } of permissionSets) {
      if (roles.some(({ deny }) => hits(deny.accountAssignments, id, arn))) continue
      const giving = roles.filter(({ allow }) => hits(allow.accountAssignments, id, arn))
      if (giving.length > 0) reached.set(`${id} ${arn}`, giving.map(({ name }) => name).sort())
    }
  }
  return reached
}

function fullReach(roles: readonly Role[], of: Inventory, limit = 5, search?: string): Map<string, string[]> {
  const reached = new Map<string, string[]>()
  let after: string | undefined
  do {
    const page = listReach(roles, of, { after, limit, search })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    for (const { account, permissionSets } of page.items) {
      expect(permissionSets.length).toBeGreaterThan(0)
      for (const { permissionSet, roles: names, moreRoles } of permissionSets) {
        expect(moreRoles).toBe(0)
        reached.set(`${account.id} ${permissionSet.arn}`, [...names])
      }
    }
    after = page.next
  } while (after !== undefined)
  return reached
}

const ids = inventory.accounts.map(({ id }) => id)
const arns = inventory.permissionSets.map(({ arn }) => arn)
function patternsOf(texts: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.tuple(fc.constantFrom(...texts), fc.nat({ max: 80 }), fc.integer({ min: 1, max: 12 }))
  const cut = piece.map(([text, from, length]) => text.slice(from % text.length).slice(0, length))
  return fc.oneof(
    fc.constant('*'),
    fc.constantFrom(...texts),
    fc.constant('999999999999'),
    cut.map((text) => `*${text}*`),
    fc.tuple(cut, cut).map(([a, b]) => `*${a}*${b}*`),
    cut.map((text) => `^.*(${text}|00).*$`),
    fc.constantFrom(...texts).map((text) => `^${text}$`),
    cut.map((text) => `^${text}|7$`),
  )
}
const entries = fc.array(fc.record({ account: patternsOf(ids), permissionSet: patternsOf(arns) }), {
  maxLength: 4,
})
const denials = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Entries>([]) },
  { weight: 1, arbitrary: entries },
)
const roleSets = fc
  .array(fc.tuple(entries, denials), { maxLength: 6 })
  .map((parts) => parts.map(([allow, deny], at) => grant(`role-${at}`, allow, deny)))

describe('what roles reach', () => {
  test('the pages say the same as the naive evaluation, with every role that gives a pair', () => {
    fc.assert(
      fc.property(roleSets, fc.integer({ min: 1, max: 30 }), (roles, limit) => {
        const expected = naiveReach(roles, inventory)
        expect(fullReach(roles, inventory, limit)).toEqual(expected)
        const accounts = new Set([...expected.keys()].map((key) => key.slice(0, 12))).size
        expect(countReach(roles, inventory)).toEqual({ accounts, pairs: expected.size })
      }),
      { numRuns: 300 },
    )
  })

  test('the pages say the same where others prepare the same patterns at the same time, or gave up half-way', () => {
    const step = fc.record({ worker: fc.nat({ max: 2 }), steps: fc.integer({ min: 1, max: 20 }) })
    fc.assert(
      fc.property(roleSets, roleSets, fc.array(step, { maxLength: 12 }), (roles, others, turns) => {
        const fresh = buildInventory({ accounts: 40, permissionSets: 34 })
        const workers = [roles, others, roles].map((some) => prepareReach(some, fresh))
        for (const { worker, steps } of turns) {
          for (let at = 0; at < steps; at++) workers[worker]?.next()
        }
        expect(fullReach(roles, fresh, 50)).toEqual(naiveReach(roles, fresh))
        for (const work of workers) while (work.next().done !== true);
        expect(fullReach(others, fresh, 50)).toEqual(naiveReach(others, fresh))
      }),
      { numRuns: 50 },
    )
  })

  test('one decision says the same as the naive evaluation, and names the roles that decided', () => {
    fc.assert(
      fc.property(roleSets, fc.constantFrom(...ids), fc.constantFrom(...arns), (roles, id, arn) => {
        const decision = decidePair(roles, { accountId: id, permissionSetArn: arn })
        const expected = naiveReach(roles, inventory).get(`${id} ${arn}`)
        expect(decision.effect).toBe(expected === undefined ? 'deny' : 'allow')
        if (expected !== undefined) expect(decision.reasons.map(({ role }) => role)).toEqual(expected)
      }),
    )
  })

  test('the order of roles never matters', () => {
    fc.assert(
      fc.property(roleSets, fc.nat(), (roles, turn) => {
        const at = roles.length === 0 ? 0 : turn % roles.length
        const turned = [...roles.slice(at), ...roles.slice(0, at)].reverse()
        expect(listReach(turned, inventory, { limit: 50 })).toEqual(
          listReach(roles, inventory, { limit: 50 }),
        )
        const pair = {
          accountId: ids[turn % ids.length] ?? '',
          permissionSetArn: arns[turn % arns.length] ?? '',
        }
        expect(decidePair(turned, pair)).toEqual(decidePair(roles, pair))
      }),
    )
  })

  test('taking a role without denials away, or adding a denial, never adds a pair', () => {
    fc.assert(
      fc.property(roleSets, entries, entries, (roles, allow, deny) => {
        const all = fullReach([...roles, grant('more', allow)], inventory)
        const less = [...fullReach(roles, inventory).keys()]
        expect(less.filter((key) => !all.has(key))).toEqual([])
        const denied = [...fullReach([...roles, grant('less', [], deny)], inventory).keys()]
        expect(denied.filter((key) => !less.includes(key))).toEqual([])
      }),
    )
  })

  test('a search keeps exactly the pairs whose names have all words', () => {
    const roles = [grant('all', [{ account: '*', permissionSet: '*' }])]
    for (const search of ['prod', 'READONLY', 'readonly payments', 'only-2-on-pay', 'nothing-like-this']) {
      const found = [...fullReach(roles, inventory, 5, search).keys()]
      const expected = inventory.accounts.flatMap((account) =>
        inventory.permissionSets
          .filter(({ name }) => {
            const text = `${name}-on-${account.name}-${account.id}`.toLowerCase()
            return search
              .toLowerCase()
              .split(' ')
              .every((word) => text.includes(word))
          })
          .map(({ arn }) => `${account.id} ${arn}`),
      )
      expect(found.sort()).toEqual(expected.sort())
      expect(listReach(roles, inventory, { search, limit: 1 }).total.pairs).toBe(expected.length)
    }
  })
})

describe('denials', () => {
  const everything = grant('all', [{ account: '*', permissionSet: '*' }])
  const [id = '', other = ''] = ids
  const [arn = ''] = arns

  test('a denied pair hides that pair and nothing else of the account', () => {
    const roles = [everything, grant('no', [], [{ account: id, permissionSet: arn }])]
    expect(countReach(roles, inventory)).toEqual({ accounts: 24, pairs: 24 * 12 - 1 })
    expect(fullReach(roles, inventory).has(`${id} ${arn}`)).toBe(false)
    expect(fullReach(roles, inventory).has(`${id} ${arns[1]}`)).toBe(true)
  })

  test('an account disappears once all of its permission sets are denied, one by one as well as by *', () => {
    const one = grant('no', [], [{ account: id, permissionSet: '*' }])
    const each = grant(
      'no',
      [],
      arns.map((permissionSet) => ({ account: id, permissionSet })),
    )
    for (const denying of [one, each]) {
      const page = listReach([everything, denying], inventory, { limit: 50 })
      expect(page.items.map(({ account }) => account.id)).not.toContain(id)
      expect(page.items.map(({ account }) => account.id)).toContain(other)
      expect(page.total).toEqual({ accounts: 23, pairs: 23 * 12 })
    }
  })

  test('a decision tells the denial first and still names who would allow', () => {
    const roles = [
      everything,
      grant(
        'no',
        [],
        [
          { account: id, permissionSet: '*-x' },
          { account: id, permissionSet: '*' },
        ],
      ),
    ]
    const decision = decidePair(roles, { accountId: id, permissionSetArn: arn })
    expect(decision).toMatchObject({ effect: 'deny', because: 'denied_by_role' })
    expect(decision.reasons.map(({ says }) => says)).toEqual([
      `Role "no" (v8) denies it: deny.account_assignments has {account: "${id}", permission_set: "*"}.`,
      'Role "all" (v8) allows it: account_assignments has {account: "*", permission_set: "*"}.',
    ])
    expect(decidePair(roles, { accountId: other, permissionSetArn: arn })).toMatchObject({
      effect: 'allow',
      because: 'allowed_by_role',
    })
  })

  test('nothing is given by default, nor by an entry of which only one side matches', () => {
    const half = grant('half', [
      { account: id, permissionSet: 'arn:other' },
      { account: 'other', permissionSet: arn },
    ])
    for (const roles of [[], [half]]) {
      const decision = decidePair(roles, { accountId: id, permissionSetArn: arn })
      expect(decision).toMatchObject({ effect: 'deny', because: 'no_role_matches' })
      expect(countReach(roles, inventory)).toEqual({ accounts: 0, pairs: 0 })
    }
  })
})

describe('bounds of a page', () => {
  test('a page ends after the account that reaches the bound of pairs, and the next one goes on', () => {
    const big = buildInventory({ accounts: 40, permissionSets: 150 })
    const all = grant('all', [{ account: '*', permissionSet: '*' }])
    const page = listReach([all], big, { limit: 40 })
    expect(page.items).toHaveLength(Math.ceil(maxPairsOnPage / 150))
    expect(page.total).toEqual({ accounts: 40, pairs: 6000 })
    expect(fullReach([all], big, 40).size).toBe(6000)
  })

  test('of many roles that give a pair some are named and the others counted', () => {
    const roles = Array.from({ length: maxRolesNamed + 3 }, (_, at) =>
      grant(`r${String(at).padStart(2, '0')}`, [{ account: '*', permissionSet: '*' }]),
    )
    const set = listReach(roles, inventory, { limit: 1 }).items[0]?.permissionSets[0]
    expect(set?.roles).toEqual(roles.slice(0, maxRolesNamed).map(({ name }) => name))
    expect(set?.moreRoles).toBe(3)
  })

  test('a cursor that no page gave is refused', () => {
    expect(() => listReach([], inventory, { after: '["a"]', limit: 1 })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: 'the cursor belongs to no page of this list; start from the first one',
      }),
    )
  })
})
