import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findAccountHolders, holdsSet, type HoldersInput } from '../../../src/core/insight/account-holders.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import type { Role } from '../../../src/core/role/role.js'
import { buildAssignmentRole } from '../../../src/core/inventory/assignment-role.js'
import { buildAccount, buildInventory, buildPermissionSet } from '../../support/inventory.js'

const inventory = buildInventory({ accounts: 2, permissionSets: 3 })
const account = buildAccount(1)
const other = buildAccount(0)
const sets = [0, 1, 2].map((number) => buildPermissionSet(number))

const side = fc.array(
  fc.record({
    account: fc.constantFrom(account.id, other.id, '*'),
    permissionSet: fc.constantFrom('*', ...sets.map(({ arn }) => arn)),
  }),
  { maxLength: 2 },
)
const names = ['r1', 'r2', 'r3']
const held = fc.subarray(names)
const world = fc.record({
  roles: fc.tuple(...names.map(() => fc.record({ allow: side, deny: fc.oneof(fc.constant([]), side) }))),
  own: held,
  byList: held,
  isMember: fc.boolean(),
})

const base = buildAssignmentRole({ account, permissionSet: buildPermissionSet(1) })

test('everybody holds what the decision on their roles, own ones and those of lists, allows', () => {
  fc.assert(
    fc.property(world, ({ roles: sides, own, byList, isMember }) => {
      const roles = new Map(
        sides.map(({ allow, deny }, at): [string, Role] => [
          names[at] ?? '',
          {
            ...base,
            name: names[at] ?? '',
            allow: { ...base.allow, accountAssignments: allow },
            deny: { ...base.deny, accountAssignments: deny },
          },
        ]),
      )
      const input = buildInput(roles, own, byList, isMember)
      const counting = [...new Set([...own, ...(isMember ? byList : [])])].flatMap(
        (name) => roles.get(name) ?? [],
      )
      const [holder] = findAccountHolders(input, { account }).holders
      for (const permissionSet of sets) {
        const pair = { accountId: account.id, permissionSetArn: permissionSet.arn }
        const expected = decidePair(counting, pair).effect === 'allow'
        expect(holder !== undefined && holdsSet(holder, inventory, permissionSet)).toBe(expected)
        const alone = findAccountHolders(input, { account, permissionSet }).holders
        expect(alone.length > 0).toBe(expected)
      }
    }),
    { numRuns: 200 },
  )
})

function buildInput(
  roles: ReadonlyMap<string, Role>,
  own: readonly string[],
  byList: readonly string[],
  isMember: boolean,
): HoldersInput {
  return {
    users: [{ name: 'ann', lock: undefined, roles: own, traits: {}, origin: { kind: 'local' }, labels: {} }],
    lists: [
      {
        name: 'team',
        title: 'Team',
        description: '',
        type: 'standard',
        owners: [],
        membershipRequires: { roles: [], traits: {} },
        ownershipRequires: { roles: [], traits: {} },
        grants: { roles: byList, traits: {} },
        ownerGrants: { roles: [], traits: {} },
        review: undefined,
        origin: { kind: 'local' },
      },
    ],
    members: isMember
      ? [
          {
            list: 'team',
            kind: 'user',
            name: 'ann',
            awsUserId: undefined,
            joinedAt: 0,
            expiresAt: undefined,
            addedBy: 'x',
            reason: '',
          },
        ]
      : [],
    inventory,
    grants: [],
    inAws: [],
    roleOf: (name) => roles.get(name),
    whenOverdue: undefined,
    now: 1000,
  }
}
