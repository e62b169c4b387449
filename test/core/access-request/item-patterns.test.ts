/** What patterns of a rule or a webhook are about. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  coverItems,
  describeItems,
  noteUnknownUnits,
  type ItemPatterns,
} from '../../../src/core/access-request/item-patterns.js'
import { admin, adminOnProd, aws, buildWorld, inventory, item, prod, readOnDev, role } from './build.js'

const none: ItemPatterns = { accounts: [], organizationalUnits: [], permissionSets: [], roles: [], apps: [] }

/** Whether it is about `adminOnProd` with the account in this unit. */
function covers(ouPath: string | undefined, patterns: Partial<ItemPatterns>, formerNames = true): boolean {
  const accounts = inventory.accounts.map((one) => (one.id === prod && ouPath ? { ...one, ouPath } : one))
  const world = buildWorld([], { inventory: { ...inventory, revision: ouPath ?? '-', accounts } })
  return coverItems({ ...none, ...patterns }, world, { formerNames })(item(adminOnProd))
}

describe('patterns of items', () => {
  test.each<[string, string | undefined, Partial<ItemPatterns>, boolean]>([
    ['nothing', 'Root/Production', {}, false],
    [
      'its unit',
      'Root/Production',
      { organizationalUnits: ['Root/Production'], permissionSets: ['*'] },
      true,
    ],
    [
      'a unit around it',
      'Root/Production/EU',
      { organizationalUnits: ['Root'], permissionSets: ['*'] },
      true,
    ],
    [
      'a name that begins alike',
      'Root/Prod-2',
      { organizationalUnits: ['Root/Prod'], permissionSets: ['*'] },
      false,
    ],
    ['a unit within its own', 'Root', { organizationalUnits: ['Root/EU'], permissionSets: ['*'] }, false],
    [
      'its unit with another set',
      'Root',
      { organizationalUnits: ['Root'], permissionSets: ['ReadOnly'] },
      false,
    ],
    [
      'its unit with its set by ARN',
      'Root',
      { organizationalUnits: ['Root'], permissionSets: [admin] },
      true,
    ],
    ['its unit without a set', 'Root', { organizationalUnits: ['Root'] }, false],
    ['its account by id', undefined, { accounts: [prod], permissionSets: ['Admin'] }, true],
    ['its account by name', undefined, { accounts: ['prod*'], permissionSets: ['A*'] }, true],
    ['applications', undefined, { apps: ['*'] }, false],
  ])('that name %s', (_, ouPath, patterns, expected) => {
    expect(covers(ouPath, patterns)).toBe(expected)
  })

  test('take an account of an unknown unit for any where all is meant that may be, and for none otherwise', () => {
    const patterns = { organizationalUnits: ['Root/Production'], permissionSets: ['*'] }
    expect([covers(undefined, patterns), covers(undefined, patterns, false)]).toEqual([true, false])
    expect(covers(undefined, { permissionSets: ['*'] })).toBe(false)
    expect(covers(undefined, { ...patterns, permissionSets: ['ReadOnly'] })).toBe(false)
  })

  test('take the former name of an account where all is meant that may be, and not otherwise (T25)', () => {
    const patterns = { accounts: ['main'], permissionSets: ['*'] }
    expect([covers(undefined, patterns), covers(undefined, patterns, false)]).toEqual([true, false])
  })

  test('name roles and applications by themselves', () => {
    const world = buildWorld([role('deploy')])
    const about = coverItems({ ...none, roles: ['dep*'], apps: ['aws'] }, world, { formerNames: false })
    const items = [item({ kind: 'role', name: 'deploy' }), item(aws), item(readOnDev)]
    expect(items.map(about)).toEqual([true, true, false])
  })

  test('of a unit are about an account wherever within it', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _-]{0,8}$/)
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (path, cut, other) => {
        const unit = path.slice(0, (cut % path.length) + 1).join('/')
        const patterns = { organizationalUnits: [unit], permissionSets: ['*'] }
        expect(covers(path.join('/'), patterns)).toBe(true)
        expect(covers(`${unit}${other}`, patterns)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  test('of a unit that holds no account are told, where units are known', () => {
    const organizationalUnits = ['Workloads', 'Root', 'Root/Production', '*/EU', 'root']
    const accounts = inventory.accounts.map((one) => ({ ...one, ouPath: 'Root/Production' }))
    expect(noteUnknownUnits({ organizationalUnits }, { accounts })).toEqual([
      'No account is in Workloads, root now; a unit is named by its whole path, such as Root/Production.',
    ])
    expect(noteUnknownUnits({ organizationalUnits }, inventory)).toEqual([])
  })

  test('are read in one line', () => {
    const patterns: ItemPatterns = {
      accounts: ['a', 'b', 'c', 'd'],
      organizationalUnits: ['Root/Production'],
      permissionSets: ['ReadOnly'],
      roles: ['deploy-*'],
      apps: ['wiki'],
    }
    expect(describeItems(patterns)).toBe(
      'ReadOnly on a, b, c and 1 more and in Root/Production; roles deploy-*; applications wiki',
    )
  })
})
