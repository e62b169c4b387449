import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LabelSelector, Role } from '../../../src/core/role/role.js'
import {
  decideSamlAccess,
  type SamlAccessInput,
  type SamlDecision,
} from '../../../src/core/role/saml-access.js'
import { hour, minute } from '../../../src/core/time.js'
import { buildInput, buildRole, preference } from './build.js'

const labelKeys = ['env', 'team', 'site']
const labelValues = ['prod', 'test', 'sre', '*', 'p*d', '^pro.$', '{{external.team}}', 'x-{{internal.site}}*']

const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ '*': ['*'] }) },
  {
    weight: 6,
    arbitrary: fc.dictionary(
      fc.constantFrom(...labelKeys),
      fc.uniqueArray(fc.constantFrom(...labelValues), { minLength: 1, maxLength: 3 }),
      { maxKeys: 2 },
    ),
  },
)
const rule = fc.record({
  resources: fc.constantFrom(['saml_idp_service_provider'], ['user'], ['*']),
  verbs: fc.constantFrom(['list'], ['read'], ['delete'], ['*']),
})
const rareRules = fc.oneof(
  { weight: 9, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(rule) },
)
const rareSelector = fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: selector })

const role: fc.Arbitrary<Role> = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 3 }),
    version: fc.constantFrom('v3', 'v6', 'v7', 'v8', 'v8'),
    allowLabels: selector,
    denyLabels: rareSelector,
    allowRules: rareRules,
    denyRules: rareRules,
    options: fc.record({
      maxSessionTtlMs: fc.constantFrom(hour, 8 * hour, 30 * hour),
      clientIdleTimeoutMs: fc.constantFrom(undefined, minute, hour),
      requireSessionMfa: fc.constantFrom('off', 'off', 'off', 'session', 'hardware_key'),
      deviceTrustMode: fc.constantFrom('off', 'optional', 'off', 'required', 'required-for-humans'),
      samlIdpEnabled: fc.constantFrom(true, true, true, true, false),
    }),
  })
  .map(({ name, version, ...parts }) => buildRole(name, version, parts))

const roles = fc.uniqueArray(role, { maxLength: 5, selector: ({ name }) => name })

const input: fc.Arbitrary<SamlAccessInput> = fc
  .record({
    roles,
    labels: fc.dictionary(fc.constantFrom(...labelKeys), fc.constantFrom('prod', 'test', 'sre', 'x-ber1')),
    traits: fc.dictionary(
      fc.constantFrom('team', 'site'),
      fc.array(fc.constantFrom('sre', 'prod', 'ber', '*', '')),
    ),
    samlIdpEnabled: fc.constantFrom(true, true, true, true, false),
    requireSessionMfa: fc.constantFrom('off', 'off', 'off', 'session'),
    session: fc.record({ mfa: fc.boolean(), device: fc.constantFrom('none', 'trusted') }),
  })
  .map(({ roles: held, labels, traits, session, ...cluster }) =>
    buildInput(held, {
      user: { name: 'alice', traits },
      serviceProvider: { name: 'sp', entityId: 'urn:sp', labels },
      preference: { ...preference, ...cluster },
      session,
    }),
  )

/** How much a decision gives: nothing, access after a second factor, access. */
function access(decision: SamlDecision): number {
  return { deny: 0, step_up: 1, allow: 2 }[decision.effect]
}

/** The specification once more, by enumeration and JavaScript's own expressions. */
function bruteForce({
  roles: held,
  preference: cluster,
  serviceProvider,
  user,
  session,
}: SamlAccessInput): number {
  const expand = (value: string): string[] => {
    const [, prefix = '', trait = '', suffix = ''] = /^(.*)\{\{\w+\.(\w+)\}\}(.*)$/.exec(value) ?? []
    if (trait === '') return [value.startsWith('^') ? value : quote(value)]
    return (user.traits[trait] ?? [])
      .filter((text) => text !== '')
      .map((text) => quote(`${prefix}\0${suffix}`).replace('\0', () => escape(text)))
  }
  const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const quote = (text: string) => `^${text.split('*').map(escape).join('[^]*')}$`
  const hits = (wanted: LabelSelector): boolean => {
    if (Object.keys(wanted).length === 0) return false
    return Object.entries(wanted).every(([key, values]) => {
      if (key === '*') return true
      const label = serviceProvider.labels[key]
      return label !== undefined && values.flatMap(expand).some((source) => new RegExp(source).test(label))
    })
  }
  const old = held.filter(({ version }) => version !== 'v8')
  const v8 = held.filter(({ version }) => version === 'v8')
  const denies =
    !cluster.samlIdpEnabled ||
    held.length === 0 ||
    old.some(({ options }) => !options.samlIdpEnabled) ||
    v8.some(({ deny }) => hits(deny.appLabels)) ||
    held.some(({ deny }) =>
      deny.rules.some(
        ({ resources, verbs }) =>
          (resources.includes('*') || resources.includes('saml_idp_service_provider')) &&
          (verbs.includes('*') || verbs.includes('list') || verbs.includes('read')),
      ),
    )
  const v8Matching = v8.filter(({ allow }) => hits(allow.appLabels))
  if (denies || (v8.length > 0 && v8Matching.length === 0)) return 0
  const devices = v8Matching.map(({ options }) => options.deviceTrustMode)
  if (devices.some((mode) => mode.startsWith('required')) && session.device !== 'trusted') return 0
  const factors = [...old, ...v8Matching].map(({ options }) => options.requireSessionMfa)
  factors.push(cluster.requireSessionMfa)
  if (factors.some((mode) => mode.startsWith('hardware'))) return 0
  return factors.includes('session') && !session.mfa ? 1 : 2
}

const runs = { numRuns: 3000 }

describe('decisions about generated sets of roles', () => {
  test('agree with an independent evaluator, which meets every outcome often', () => {
    const seen = [0, 0, 0]
    fc.assert(
      fc.property(input, (given) => {
        const expected = bruteForce(given)
        seen[expected] = (seen[expected] ?? 0) + 1
        expect(access(decideSamlAccess(given))).toBe(expected)
      }),
      runs,
    )
    expect(Math.min(...seen)).toBeGreaterThan(30)
  })

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
        deny: { ...one.deny, rules: [...one.deny.rules, added] },
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
        if (!given.roles.some(({ version }) => version === 'v8')) return
        const unrelated = buildRole('unrelated', 'v8', {
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
