import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainApplication, type ApplicationQuestion } from '../../../src/core/explain/application.js'
import type { Lock } from '../../../src/core/lock/lock.js'
import type { LabelSelector, Role, Rule } from '../../../src/core/role/role.js'
import { buildRole, preference } from '../role/build.js'
import { carryOut, decide, question } from './world.js'

const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ '*': ['*'] }) },
  {
    weight: 8,
    arbitrary: fc.dictionary(
      fc.constantFrom('env', 'team', 'no'),
      fc.uniqueArray(fc.constantFrom('prod', 'test', 'p*', '^pro.$', 'yes', '{{external.team}}'), {
        minLength: 1,
        maxLength: 2,
      }),
      { maxKeys: 2 },
    ),
  },
)
const denyReading: Rule = { resources: ['saml_idp_service_provider'], verbs: ['read'], where: undefined }

const expression = (seldom: number) =>
  fc.oneof(
    { weight: seldom, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'labels["env"] == "prod"',
        'labels["team"] != "test"',
        'contains(user.spec.roles, "a")',
        '!contains(user.spec.roles, "b")',
      ),
    },
  )
const looksAtRoles = ({ allow, deny }: Role): boolean =>
  [allow, deny].some(({ appLabelsExpression }) => appLabelsExpression?.includes('roles'))

const role = (name: string): fc.Arbitrary<Role> =>
  fc
    .record({
      version: fc.constantFrom('v5', 'v7', 'v8', 'v8', 'v8'),
      allowLabels: selector,
      denyLabels: fc.oneof({ weight: 7, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: selector }),
      allowExpression: expression(8),
      denyExpression: expression(16),
      denyRules: fc.constantFrom<Rule[]>([], [], [], [], [], [], [denyReading]),
      options: fc.record({
        requireSessionMfa: fc.constantFrom('off', 'off', 'off', 'session', 'hardware_key'),
        deviceTrustMode: fc.constantFrom('off', 'off', 'off', 'optional', 'required'),
        samlIdpEnabled: fc.constantFrom(true, true, true, true, true, false),
      }),
    } as const)
    .map(({ version, ...parts }) => buildRole(name, version, parts))

const all = fc.tuple(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(role))

const locks = fc.uniqueArray(fc.constantFrom('one', 'two'), { maxLength: 2 }).map((names) =>
  names.map((name): Lock => ({
    name,
    target: { kind: 'user', name: 'alice' },
    message: undefined,
    expiresAt: undefined,
  })),
)

const asked: fc.Arbitrary<ApplicationQuestion> = fc
  .record({
    all,
    held: fc.subarray([0, 1, 2, 3, 4, 5, 6], { maxLength: 5 }),
    labels: fc.dictionary(fc.constantFrom('env', 'team', 'no'), fc.constantFrom('prod', 'test', 'yes')),
    locks: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: locks }),
    cluster: fc.record({
      samlIdpEnabled: fc.constantFrom(true, true, true, true, true, false),
      deviceTrustMode: fc.constantFrom('off', 'off', 'off', 'off', 'required'),
      requireSessionMfa: fc.constantFrom('off', 'off', 'off', 'session', 'hardware_key'),
    } as const),
  })
  .map(({ all: roles, held, labels, locks: inForce, cluster }) =>
    question(
      held.flatMap((index) => roles[index] ?? []),
      { allRoles: roles, labels, locks: inForce, preference: { ...preference, ...cluster } },
    ),
  )

const runs = { numRuns: 1200 }

describe('explanations of generated worlds', () => {
  test('give the verdict of the decision', () => {
    fc.assert(
      fc.property(asked, (given) => {
        expect(explainApplication(given).effect).toBe(decide(given))
      }),
      runs,
    )
  })

  test('every change that is told, carried out as it is written, turns the decision', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(asked, (given) => {
        const { effect, changes } = explainApplication(given)
        for (const change of changes) {
          seen.set(change.kind, (seen.get(change.kind) ?? 0) + 1)
          const after = carryOut(given, change)
          if (change.kind === 'prove' && effect === 'step_up') expect(after).toBe('allow')
          else if (effect === 'deny') expect(after).not.toBe('deny')
          else expect(after).toBe('deny')
        }
      }),
      runs,
    )
    const kinds = [
      'add_role',
      'edit_application',
      'edit_cluster',
      'edit_role',
      'prove',
      'remove_lock',
      'remove_role',
    ]
    expect([...seen.keys()].sort()).toEqual(kinds)
  })

  test('no role whose adding or removing would turn it is left out', () => {
    fc.assert(
      fc.property(asked, (given) => {
        // A change of the list that turns what a condition on the list says of another role is not looked for.
        fc.pre(!given.allRoles.some(looksAtRoles))
        const { effect, changes } = explainApplication(given)
        const told = (kind: string) =>
          changes.flatMap((change) =>
            change.kind === kind && change.role !== undefined ? [change.role] : [],
          )
        const turned = (roles: readonly Role[]) =>
          (decide({ ...given, roles }) === 'deny') !== (effect === 'deny')
        const held = new Set(given.roles)
        const adding = given.allRoles.filter((one) => !held.has(one) && turned([...given.roles, one]))
        const removing = given.roles.filter((one) => turned(given.roles.filter((other) => other !== one)))
        if (effect === 'deny') expect(told('add_role').sort()).toEqual(adding.map(({ name }) => name).sort())
        expect(told('remove_role').sort()).toEqual(removing.map(({ name }) => name).sort())
      }),
      runs,
    )
  })

  test('the order of the roles changes no word', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const turned = {
          ...given,
          roles: [...given.roles].reverse(),
          allRoles: [...given.allRoles].reverse(),
        }
        expect(explainApplication(turned)).toEqual(explainApplication(given))
      }),
      { numRuns: 1500 },
    )
  })
})
