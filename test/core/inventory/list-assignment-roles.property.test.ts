import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignmentRoleName } from '../../../src/core/inventory/assignment-role.js'
import { emptyInventory, type Inventory } from '../../../src/core/inventory/inventory.js'
import {
  listAssignmentRoles,
  type AssignmentRolePlace,
} from '../../../src/core/inventory/list-assignment-roles.js'
import { buildInventory } from '../../support/inventory.js'

/** Names from few letters, so that words often lie across the border between set and account. */
const name = fc.stringMatching(/^[ano-]{1,5}$/)
const inventories: fc.Arbitrary<Inventory> = fc
  .tuple(
    fc.uniqueArray(name, { maxLength: 6 }),
    fc.array(fc.tuple(name, fc.nat({ max: 999 })), { maxLength: 8 }),
  )
  .map(([sets, accounts]) => ({
    revision: 'r',
    permissionSets: sets.map((set, at) => ({
      name: set,
      arn: `arn:aws:sso:::permissionSet/ssoins-1/ps-${at}`,
    })),
    accounts: [...new Map(accounts.map(([text, id]) => [id, text]))].map(([id, text]) => ({
      id: String(id).padStart(12, '0'),
      name: text,
      formerNames: [],
      tags: {},
    })),
  }))
const searches = fc
  .array(fc.stringMatching(/^[aNo0-9-]{1,8}$/), { maxLength: 3 })
  .map((words) => words.join('  '))
/** Words cut out of whole names, most of them across a border. */
const cuts = fc
  .array(fc.tuple(name, name, fc.nat({ max: 9 }), fc.integer({ min: 1, max: 14 })), {
    minLength: 1,
    maxLength: 2,
  })
  .map((parts) =>
    parts.map(([set, account, from, length]) => `${set}-on-${account}-0`.slice(from, from + length)),
  )
  .map((words) => words.join(' '))

/** Every pair by name, found the slow way. */
function findNames(inventory: Inventory, search: string): string[] {
  const words = search.toLowerCase().split(/\s+/)
  return inventory.permissionSets
    .flatMap((permissionSet) =>
      inventory.accounts.map((account) => assignmentRoleName({ account, permissionSet })),
    )
    .filter((one) => words.every((word) => one.toLowerCase().includes(word)))
}

function readAll(inventory: Inventory, search: string, limit: number): string[] {
  const names: string[] = []
  let from: AssignmentRolePlace | undefined
  do {
    const page = listAssignmentRoles(inventory, { search, from, limit })
    expect(page.pairs.length).toBeLessThanOrEqual(limit)
    names.push(...page.pairs.map(assignmentRoleName))
    from = page.next
  } while (from !== undefined)
  return names
}

describe('listing of account assignment roles', () => {
  test('pages together hold exactly the names that have all words, each once', () => {
    fc.assert(
      fc.property(
        inventories,
        fc.oneof(searches, cuts),
        fc.integer({ min: 1, max: 7 }),
        (inventory, search, limit) => {
          const names = readAll(inventory, search, limit)
          const expected = findNames(inventory, search)
          expect([...names].sort()).toEqual(expected.sort())
          expect(listAssignmentRoles(inventory, { search, limit }).total).toBe(expected.length)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('the order is by permission set, then account, whatever order the inventory has', () => {
    fc.assert(
      fc.property(inventories, searches, (inventory, search) => {
        const reversed = {
          ...inventory,
          accounts: inventory.accounts.toReversed(),
          permissionSets: inventory.permissionSets.toReversed(),
        }
        expect(readAll(reversed, search, 3)).toEqual(readAll(inventory, search, 50))
      }),
    )
  })

  test('a page goes on where it stopped when the last item shown is gone', () => {
    const inventory = buildInventory({ accounts: 10, permissionSets: 4 })
    const all = readAll(inventory, '', 100)
    const first = listAssignmentRoles(inventory, { limit: 13 })
    const last = first.pairs.at(-1)
    const without = {
      ...inventory,
      accounts: inventory.accounts.filter(({ id }) => id !== last?.account.id),
    }
    const rest = listAssignmentRoles(without, { from: first.next, limit: 100 })
    const gone = `-${last?.account.id}`
    expect(rest.pairs.map(assignmentRoleName)).toEqual(all.slice(13).filter((one) => !one.endsWith(gone)))
    const withoutSet = {
      ...inventory,
      permissionSets: inventory.permissionSets.filter(({ arn }) => arn !== last?.permissionSet.arn),
    }
    const others = listAssignmentRoles(withoutSet, { from: first.next, limit: 100 })
    expect(others.pairs.map(assignmentRoleName)).toEqual(all.slice(20))
  })

  test('an empty inventory has no page', () => {
    expect(listAssignmentRoles(emptyInventory, { limit: 10 })).toEqual({
      pairs: [],
      next: undefined,
      total: 0,
    })
  })

  test.each(['', 'x', '[]', '["a"]', '["a","b","c",4]', '["a","b","c","d","e"]', '{"length":4}'])(
    'the cursor %j is refused',
    (after) => {
      const inventory = buildInventory({ accounts: 1, permissionSets: 1 })
      expect(() => listAssignmentRoles(inventory, { from: { after, skip: 0 }, limit: 1 })).toThrow(
        expect.objectContaining({
          code: 'INVALID_INPUT',
          message: 'the cursor belongs to no page of this list; start from the first one',
        }),
      )
    },
  )

  test('a thousand accounts with 750 permission sets are counted, searched and paged without their product', () => {
    const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
    expect(listAssignmentRoles(inventory, { limit: 50 }).total).toBe(750_000)
    const page = listAssignmentRoles(inventory, { search: 'readonly-2-ON payments prod', limit: 500 })
    expect(page.total).toBe(25)
    expect(page.pairs.every(({ permissionSet }) => permissionSet.name === 'ReadOnly-2')).toBe(true)
    expect(page.pairs.every(({ account }) => account.name.startsWith('payments-prod-'))).toBe(true)
  })
})
