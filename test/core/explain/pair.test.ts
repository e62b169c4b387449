import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { explainPair, type PairQuestion } from '../../../src/core/explain/pair.js'
import { resolveAssignmentRole, buildAssignmentRole } from '../../../src/core/inventory/assignment-role.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import type { AccountAssignmentMatcher, Role } from '../../../src/core/role/role.js'
import { demoInventory } from '../../support/inventory.js'
import { buildRole } from '../role/build.js'

const inventory = demoInventory()
const arn = 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-3c4d5e6f708192a3'
const id = '555555555555'
const ids = { accountId: id, permissionSetArn: arn }
const pairRole = 'ReadOnlyAccess-on-production-555555555555'
const subject = 'ReadOnlyAccess on production (555555555555)'
const lock = {
  name: 'incident-7',
  target: { kind: 'user', name: 'alice' },
  message: undefined,
  expiresAt: undefined,
} as const

type Entries = readonly AccountAssignmentMatcher[]

function grant(name: string, allow: Entries, deny: Entries = []): Role {
  const role = buildRole(name, 'v8')
  return {
    ...role,
    allow: { ...role.allow, accountAssignments: allow },
    deny: { ...role.deny, accountAssignments: deny },
  }
}

function ask(roles: readonly Role[], more: Partial<PairQuestion> = {}) {
  return explainPair({
    user: { name: 'alice' },
    roles,
    missingRoles: [],
    allRoles: [],
    locks: [],
    inventory,
    account: 'production',
    permissionSet: 'ReadOnlyAccess',
    ...more,
  })
}

const here = { account: id, permissionSet: arn }
const gives = grant('gives', [here])
const wide = grant('wide', [{ account: '*', permissionSet: '*' }])
const denies = grant('denies', [], [{ account: '*', permissionSet: arn }])
const elsewhere = grant('elsewhere', [{ account: '666666666666', permissionSet: '*' }])
const otherSets = grant('other-sets', [{ account: id, permissionSet: '*/ps-1a2b3c4d5e6f7081' }])

describe('why somebody has a permission set', () => {
  test('the role that gives it is named, with the entry', () => {
    expect(ask([gives, elsewhere])).toEqual({
      user: 'alice',
      subject,
      effect: 'allow',
      says: `alice has ${subject}.`,
      reasons: [
        {
          role: 'gives',
          version: 'v8',
          rule: 'account_assignments',
          effect: 'allow',
          says: `Role "gives" (v8) allows it: account_assignments has {account: "${id}", permission_set: "${arn}"}.`,
        },
      ],
      changes: [{ kind: 'remove_role', role: 'gives', says: 'Without role "gives" this would be refused.' }],
    })
  })

  test('where two roles give it, it hangs on neither', () => {
    expect(ask([gives, wide]).changes).toEqual([])
  })

  test('an account assignment role gives it too', () => {
    const pair = resolveAssignmentRole(inventory, pairRole)
    const role = pair && buildAssignmentRole(pair)
    expect(ask(role ? [role] : [])).toMatchObject({
      effect: 'allow',
      changes: [{ kind: 'remove_role', role: pairRole }],
    })
  })
})

describe('why somebody does not have it', () => {
  test('roles of which one side matches are told, and what would give it', () => {
    const { effect, says, reasons, changes } = ask([otherSets, elsewhere], {
      allRoles: [wide, gives, denies],
    })
    expect({ effect, says }).toEqual({
      effect: 'deny',
      says: `alice does not have ${subject}: no role gives it.`,
    })
    expect(reasons.map((reason) => reason.says)).toEqual([
      'No role has an entry in account_assignments that matches both the account and the permission set.',
      'Role "elsewhere" (v8) does not allow it: it gives this permission set in other accounts.',
      'Role "other-sets" (v8) does not allow it: in this account it gives other permission sets.',
    ])
    expect(changes.map(({ kind, role }) => `${kind} ${role}`)).toEqual([
      `add_role ${pairRole}`,
      'add_role gives',
      'add_role wide',
      'edit_role elsewhere',
      'edit_role other-sets',
    ])
    expect(parse(changes.at(-1)?.yaml ?? '')).toEqual({
      spec: { allow: { account_assignments: [{ account: id, permission_set: arn }] } },
    })
  })

  test('a denial is told with both ways to lift it', () => {
    const { says, reasons, changes } = ask([gives, denies])
    expect(says).toBe(`alice does not have ${subject}: a role denies it.`)
    expect(reasons[0]?.says).toBe(
      `Role "denies" (v8) denies it: deny.account_assignments has {account: "*", permission_set: "${arn}"}.`,
    )
    expect(changes).toEqual([
      { kind: 'remove_role', role: 'denies', says: 'Take the role "denies" away.' },
      {
        kind: 'edit_role',
        role: 'denies',
        says: `Take {account: "*", permission_set: "${arn}"} out of deny.account_assignments of role "denies".`,
      },
    ])
  })

  test('two denials leave no single change', () => {
    expect(ask([gives, denies, { ...denies, name: 'denies-too' }]).changes).toEqual([])
  })

  test('a denial without any allowance leaves no single change', () => {
    expect(ask([denies], { allRoles: [gives] }).changes).toEqual([])
  })

  test('a lock stands above the roles', () => {
    expect(ask([gives], { locks: [lock] })).toMatchObject({
      effect: 'deny',
      says: `alice does not have ${subject}: a lock is in force.`,
      reasons: [
        {
          rule: 'lock',
          effect: 'deny',
          says: expect.stringContaining('Lock "incident-7" on user "alice" is in force'),
        },
        { role: 'gives', effect: 'allow' },
      ],
      changes: [{ kind: 'remove_lock', says: 'Remove the lock "incident-7".' }],
    })
    expect(ask([gives], { locks: [lock, { ...lock, name: 'b' }] }).changes).toEqual([])
    expect(ask([], { locks: [lock], allRoles: [gives] }).changes).toEqual([])
  })

  test('roles that do not exist are told', () => {
    const { says, reasons } = ask([], { missingRoles: ['gone'] })
    expect(says).toBe(`alice does not have ${subject}: there is no role that exists.`)
    expect(reasons.map((reason) => reason.says)).toContain('Role "gone" does not exist and grants nothing.')
  })

  test('of very many roles that would give it the narrowest are told and the others counted', () => {
    const allRoles = Array.from({ length: 30 }, (_, at) =>
      grant(`r${String(at).padStart(2, '0')}`, at % 2 ? [here] : wide.allow.accountAssignments),
    )
    const { changes, moreChanges } = ask([], { allRoles })
    expect(changes).toHaveLength(20)
    expect(changes.slice(0, 3).map(({ role }) => role)).toEqual([pairRole, 'r01', 'r03'])
    expect(moreChanges).toBe(11)
  })
})

describe('which pair is asked about', () => {
  test.each([
    ['id and ARN', id, arn],
    ['a former name', 'prod', 'ReadOnlyAccess'],
  ])('%s', (_, account, permissionSet) => {
    expect(ask([gives], { account, permissionSet }).subject).toBe(subject)
  })

  test.each([
    ['an unknown account', { account: 'nowhere' }, 'NOT_FOUND', 'the inventory has no account "nowhere"'],
    [
      'an unknown permission set',
      { permissionSet: 'Root' },
      'NOT_FOUND',
      'the inventory has no permission set "Root"',
    ],
  ])('%s is refused', (_, more, code, message) => {
    expect(() => ask([], more)).toThrow(expect.objectContaining({ code, message }))
  })

  test('a name of several accounts wants the id, and a former name never hides a current one', () => {
    const twins = {
      ...inventory,
      accounts: [
        { id: '111111111111', name: 'twin', formerNames: [], tags: {} },
        { id: '222222222222', name: 'twin', formerNames: ['solo'], tags: {} },
        { id: '333333333333', name: 'solo', formerNames: [], tags: {} },
      ],
    }
    expect(() => ask([], { inventory: twins, account: 'twin' })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: '"twin" is the name of several accounts (111111111111, 222222222222); give the id',
      }),
    )
    expect(ask([], { inventory: twins, account: 'solo' }).subject).toBe(
      'ReadOnlyAccess on solo (333333333333)',
    )
  })
})

describe('changes', () => {
  const side = (...values: string[]) => fc.constantFrom('*', ...values)
  const entries = fc.array(
    fc.record({ account: side(id, '5*', '666666666666'), permissionSet: side(arn, '*/ps-3*', '*/ps-1*') }),
    { maxLength: 2 },
  )
  const rolesNamed = (prefix: string, maxLength: number) =>
    fc
      .array(fc.tuple(entries, fc.oneof(fc.constant([]), fc.constant([]), entries)), { maxLength })
      .map((parts) => parts.map(([allow, deny], at) => grant(`${prefix}${at}`, allow, deny)))

  test('each change of whole roles really turns the verdict, and none that would is missing', () => {
    fc.assert(
      fc.property(rolesNamed('held', 4), rolesNamed('other', 4), (roles, allRoles) => {
        const { effect, changes } = ask(roles, { allRoles })
        expect(effect).toBe(decidePair(roles, ids).effect)
        const turned = effect === 'allow' ? 'deny' : 'allow'
        const removable = roles.filter(
          (role) =>
            decidePair(
              roles.filter((one) => one !== role),
              ids,
            ).effect === turned,
        )
        expect(changes.filter(({ kind }) => kind === 'remove_role').map(({ role }) => role)).toEqual(
          removable.map(({ name }) => name),
        )
        const addable =
          effect === 'allow'
            ? []
            : allRoles.filter((role) => decidePair([...roles, role], ids).effect === 'allow')
        const added = changes.flatMap(({ kind, role }) =>
          kind === 'add_role' && role !== pairRole ? [role] : [],
        )
        expect(added.sort()).toEqual(addable.map(({ name }) => name).sort())
      }),
    )
  })
})
