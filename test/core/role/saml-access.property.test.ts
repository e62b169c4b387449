import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideRight } from '../../../src/core/role/right.js'
import type { Role } from '../../../src/core/role/role.js'
import {
  decideSamlAccess,
  type SamlAccessInput,
  type SamlDecision,
} from '../../../src/core/role/saml-access.js'
import { buildInput, buildRole, preference } from './build.js'
import { documentOf, labels, resource, role, roles, rule, selector, traits } from './generate.js'

const input: fc.Arbitrary<SamlAccessInput> = fc
  .record({
    roles,
    labels,
    traits,
    resource: fc.option(resource, { nil: undefined }),
    samlIdpEnabled: fc.constantFrom(true, true, true, true, false),
    requireSessionMfa: fc.constantFrom('off', 'off', 'off', 'session'),
    session: fc.record({
      mfa: fc.constantFrom('none', 'totp', 'passkey'),
      device: fc.constantFrom('none', 'trusted'),
    }),
  })
  .map(({ roles: held, labels: carried, traits: given, resource: facts, session, ...cluster }) =>
    buildInput(held, {
      user: { name: 'alice', traits: given },
      serviceProvider: { name: 'sp', entityId: 'urn:sp', labels: carried },
      resource: facts === undefined ? undefined : documentOf(facts),
      preference: { ...preference, ...cluster },
      session,
    }),
  )

/** How much a decision gives: nothing, access after a second factor, access. */
function access(decision: SamlDecision): number {
  return { deny: 0, step_up: 1, allow: 2 }[decision.effect]
}

const runs = { numRuns: 3000 }

describe('decisions about generated sets of roles', () => {
  test('do not depend on the order of roles, in any part', () => {
    fc.assert(
      fc.property(input, fc.infiniteStream(fc.nat()), (given, random) => {
        const shuffled = given.roles
          .map((one) => ({ one, at: Number(random.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one)
        expect(decideSamlAccess({ ...given, roles: shuffled })).toEqual(decideSamlAccess(given))
      }),
      runs,
    )
  })

  test('never give more when a role gets another denial', () => {
    const denial = fc.oneof(
      selector.map((denyLabels) => (one: Role): Role => ({
        ...one,
        deny: { ...one.deny, appLabels: denyLabels },
      })),
      rule.map((added) => (one: Role): Role => ({
        ...one,
        deny: { ...one.deny, rules: [...one.deny.rules, { where: undefined, ...added }] },
      })),
      fc.constant((one: Role): Role => ({ ...one, options: { ...one.options, samlIdpEnabled: false } })),
    )
    fc.assert(
      fc.property(input, denial, fc.nat(), (given, addDenial, at) => {
        // A selector replaces only an empty one: replacing another could take a denial away.
        const roles = given.roles.map((one, index) => {
          const changed = index === at % given.roles.length ? addDenial(one) : one
          const lost =
            Object.keys(one.deny.appLabels).length > 0 && changed.deny.appLabels !== one.deny.appLabels
          return lost ? one : changed
        })
        expect(access(decideSamlAccess({ ...given, roles }))).toBeLessThanOrEqual(
          access(decideSamlAccess(given)),
        )
      }),
      runs,
    )
  })

  test('never give more by a role that only denies', () => {
    fc.assert(
      fc.property(input, selector, (given, denyLabels) => {
        if (given.roles.length === 0) return
        const denier = buildRole('only-denies', 'v8', { denyLabels })
        const roles = [...given.roles, denier]
        expect(access(decideSamlAccess({ ...given, roles }))).toBeLessThanOrEqual(
          access(decideSamlAccess(given)),
        )
      }),
      runs,
    )
  })

  test('do not change by an unrelated v8 role where a v8 role decides already', () => {
    fc.assert(
      fc.property(input, (given) => {
        if (!given.roles.some(({ version, origin }) => version === 'v8' && origin === 'stored')) return
        // No generated expression finds this name among the roles of the person.
        const unrelated = buildRole('new', 'v8', {
          allowLabels: { 'no such label': ['x'] },
          options: { requireSessionMfa: 'hardware_key', deviceTrustMode: 'required' },
        })
        const roles = [...given.roles, unrelated]
        expect(access(decideSamlAccess({ ...given, roles }))).toBe(access(decideSamlAccess(given)))
      }),
      runs,
    )
  })

  test('always carry a reason of one sentence', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { reasons } = decideSamlAccess(given)
        expect(reasons.length).toBeGreaterThan(0)
        for (const { says } of reasons) expect(says).toMatch(/^[A-Z][^]*[.]$/)
      }),
      runs,
    )
  })
})

describe('rights of generated sets of roles', () => {
  const question = fc.record({
    right: fc.record({
      resource: fc.constantFrom('user', 'role', 'saml_idp_service_provider'),
      verb: fc.constantFrom('list', 'read', 'update', 'readnosecrets'),
    }),
    context: fc.record({
      user: traits.map((given) => ({ name: 'alice', roles: ['r'], traits: given })),
      resource: fc.option(resource.map(documentOf), { nil: undefined }),
    }),
  })
  const gives = { deny: 0, conditional: 1, allow: 2 }

  test('do not depend on the order of roles, in any part', () => {
    fc.assert(
      fc.property(roles, question, (held, { right, context }) => {
        expect(decideRight(held.toReversed(), right, context)).toEqual(decideRight(held, right, context))
      }),
      runs,
    )
  })

  test('never grow by a denial', () => {
    fc.assert(
      fc.property(roles, rule, question, (held, added, { right, context }) => {
        const more = [...held, buildRole('only-denies', 'v8', { denyRules: [added] })]
        expect(gives[decideRight(more, right, context).effect]).toBeLessThanOrEqual(
          gives[decideRight(held, right, context).effect],
        )
      }),
      runs,
    )
  })

  test('are the same without "where" as with one that always holds', () => {
    const always = 'user.metadata.name == "alice"'
    const replace = (one: Role, where: string | undefined): Role => ({
      ...one,
      allow: { ...one.allow, rules: one.allow.rules.map((each) => ({ ...each, where })) },
      deny: { ...one.deny, rules: one.deny.rules.map((each) => ({ ...each, where })) },
    })
    fc.assert(
      fc.property(fc.array(role, { maxLength: 4 }), question, (held, { right, context }) => {
        const plain = held.map((one) => replace(one, undefined))
        const conditional = held.map((one) => replace(one, always))
        const { effect, because } = decideRight(plain, right, context)
        expect(decideRight(conditional, right, context)).toMatchObject({ effect, because })
      }),
      runs,
    )
  })

  test('of a resource are never more than what is possible without knowing it', () => {
    fc.assert(
      fc.property(roles, question, (held, { right, context }) => {
        const open = decideRight(held, right, { user: context.user }).effect
        const known = decideRight(held, right, context).effect
        if (open !== 'conditional') expect(known).toBe(open)
        if (context.resource !== undefined) expect(known).not.toBe('conditional')
      }),
      runs,
    )
  })
})
