import { describe, expect, test } from 'vitest'
import { emptyInventory, type Inventory } from '../../../src/core/inventory/inventory.js'
import { presetRoles } from '../../../src/core/role/presets.js'
import { parseRoleDocument } from '../../../src/kinds/role/form.js'
import { listNotes, ruleKinds } from '../../../src/kinds/role/notes.js'
import { openWorld } from '../../service/resources/world.js'
import { testKinds } from '../../support/kinds.js'

const admins = 'arn:aws:sso:::permissionSet/ssoins-1234567890123456/ps-1111111111111111'
const inventory: Inventory = {
  revision: '1',
  accounts: [{ id: '555555555555', name: 'production', formerNames: [], tags: {} }],
  permissionSets: [{ arn: admins, name: 'AdministratorAccess' }],
}

function notes(
  spec: unknown,
  { version = 'v8', of = inventory }: { version?: string; of?: Inventory | 'unseen' } = {},
): string[] {
  const document = { kind: 'role', version, metadata: { name: 'x' }, spec }
  return listNotes(parseRoleDocument(document).value, of === 'unseen' ? undefined : of)
}
const entry = (account: string, permission_set: string) => ({
  allow: { account_assignments: [{ account, permission_set }] },
})

describe('the effect of a role', () => {
  test.each(['v3', 'v4', 'v5', 'v6', 'v7'])(
    '%s opens every application, whatever labels it has',
    (version) => {
      const opens = `Role "x" (${version}) opens every application: roles up to v7 do not look at labels. Write v8 with app_labels to limit it.`
      expect(notes({}, { version })).toEqual([opens])
      expect(notes({ allow: { app_labels: { env: 'dev' } } }, { version })).toEqual([opens])
      expect(notes({ options: { idp: { saml: { enabled: true } } } }, { version })).toEqual([opens])
    },
  )

  test('up to v7 with idp.saml.enabled: false it forbids them all', () => {
    const spec = { options: { idp: { saml: { enabled: false } } }, allow: { app_labels: { env: 'dev' } } }
    expect(notes(spec, { version: 'v7' })).toEqual([
      'Role "x" forbids sign-in to every application to whoever holds it.',
    ])
  })

  test('a v8 role has a note only where it says nothing', () => {
    expect(notes({})).toEqual(['Role "x" neither allows nor denies anything.'])
    expect(notes({ allow: { app_labels: { env: 'dev' } } })).toEqual([])
  })
})

describe('entries of account_assignments', () => {
  test.each([
    ['<account_id>', '"<account_id>" is a placeholder; no account has this id.'],
    ['12', 'account "12" is no account id (12 digits), glob or ^pattern$: it matches nothing.'],
    [
      'production',
      'account "production" is no account id (12 digits), glob or ^pattern$: it matches nothing (did you mean 555555555555?).',
    ],
    ['111111111111', 'No account that is known has the id 111111111111; it gives nothing until one has.'],
    ['1111*', 'account "1111*" matches no account of the inventory.'],
    ['^1+$', 'account "^1+$" matches no account of the inventory.'],
  ])('an account %s matches nothing', (account, says) => {
    expect(notes(entry(account, '*'))).toEqual([says])
  })

  test.each(['555555555555', '5555*', '^5+$', '*'])('an account %s has no note', (account) => {
    expect(notes(entry(account, admins))).toEqual([])
  })

  test('a permission set by name is told its ARN', () => {
    expect(notes(entry('*', 'AdministratorAccess'))).toEqual([
      `permission_set "AdministratorAccess" is a name and matches nothing; write its ARN, arn:aws:sso:::permissionSet/INSTANCE/ID, a glob or a ^pattern$ (did you mean ${admins}?).`,
    ])
    expect(notes(entry('*', 'Other')).join()).toMatch(/^permission_set "Other" is a name [^?]*\$\.$/)
  })

  test('a permission set that is not there is told only where there is an inventory', () => {
    const guide = entry('555555555555', 'arn:aws:sso:::permissionSet/ssoins-1234/ps-5678')
    const says =
      'permission_set "arn:aws:sso:::permissionSet/ssoins-1234/ps-5678" matches no permission set of the inventory.'
    expect(notes(guide)).toEqual([says])
    expect(notes(guide, { of: emptyInventory })).toEqual([])
  })

  test('tell nothing of the inventory to whoever may not see it', () => {
    expect(notes(entry('111111111111', '*'), { of: 'unseen' })).toEqual([])
    expect(notes(entry('*', 'AdministratorAccess'), { of: 'unseen' }).join()).not.toContain('did you mean')
    expect(notes(entry('production', '*'), { of: 'unseen' }).join()).not.toContain('555555555555')
  })

  test('of deny are told too, once each, and never more than anyone reads', () => {
    const one = { account: '12', permission_set: '*' }
    expect(notes({ deny: { account_assignments: [one, one] } })).toEqual([
      'account "12" is no account id (12 digits), glob or ^pattern$: it matches nothing.',
    ])
    const many = [...Array(50).keys()].map((at) => ({ account: `a${at}`, permission_set: '*' }))
    const told = notes({ allow: { account_assignments: many } })
    expect(told).toHaveLength(11)
    expect(told.at(-1)).toBe('and 40 more of the same sort.')
  })
})

describe('kinds in rules', () => {
  test('that are misspelled are told with the nearest', () => {
    const rules = [{ resources: ['usr', 'user', '*'], verbs: ['list'] }]
    expect(notes({ allow: { rules } })).toEqual([
      '"usr" is not a kind that this gateway knows (did you mean user?); the rule has no effect on it.',
    ])
    expect(notes({ deny: { rules } })).toHaveLength(1)
  })

  test('are told as far as anyone reads', () => {
    const resources = [...Array(50).keys()].map((at) => `unheard_of_${at}`)
    const told = notes({ allow: { rules: [{ resources, verbs: ['list'] }] } })
    expect(told).toHaveLength(11)
    expect(told.at(-1)).toBe('and 40 more kinds that it does not know.')
  })

  test('that this gateway has, and those of its own roles, are known', () => {
    expect(testKinds().all.filter(({ name }) => !ruleKinds.includes(name))).toEqual([])
    for (const preset of presetRoles) {
      expect(listNotes(parseRoleDocument(preset).value, inventory)).toEqual([])
    }
  })
})

test('the column Allows says what a role up to v7 does with applications', async () => {
  const catalog = await (await openWorld()).deps.catalog.read()
  const kind = testKinds().known.role
  const allows = (version: string, spec: unknown, name = 'x') => {
    const { value } = parseRoleDocument({ kind: 'role', version, metadata: { name }, spec })
    const column = kind.columns.find(({ key }) => key === 'allows')
    return column?.of(value, catalog)
  }
  const spec = { allow: { app_labels: { env: 'dev' }, ...entry('*', '*').allow } }
  expect(allows('v7', spec)).toBe('every application, account_assignments')
  expect(allows('v7', { ...spec, options: { idp: { saml: { enabled: false } } } })).toBe(
    'no application (idp.saml off), account_assignments',
  )
  expect(allows('v8', spec)).toBe('app_labels, account_assignments')
  expect(allows('v7', entry('*', '*'), 'Admin-on-production-555555555555')).toBe('account_assignments')
})
