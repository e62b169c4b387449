/** @module 200 generated sets of roles, each asked everything, against the reference that shares no code. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decidePair } from '../../../src/core/role/pair-access.js'
import { decideRight, judgeRight } from '../../../src/core/role/right.js'
import { decideSamlAccess } from '../../../src/core/role/saml-access.js'
import { buildInput, preference } from './build.js'
import {
  accounts,
  documentOf,
  labels,
  meanings,
  permissionSets,
  resource,
  roles,
  traits,
} from './generate.js'
import { Reference, type Facts } from './reference.js'

const sets = fc.sample(roles, { numRuns: 200, seed: 20261122 })
const people = fc.sample(traits, { numRuns: 6, seed: 1 })
const applications = fc.sample(labels, { numRuns: 5, seed: 2 })
const resources = [undefined, ...fc.sample(resource, { numRuns: 5, seed: 3 })]
const reference = new Reference(meanings)

function count(seen: Map<string, number>, verdict: string): void {
  seen.set(verdict, (seen.get(verdict) ?? 0) + 1)
}

/** Agreement on one verdict alone would prove little. */
function expectAll(seen: Map<string, number>, verdicts: readonly string[], atLeast: number): void {
  expect([...seen.keys()].sort()).toEqual([...verdicts].sort())
  expect(Math.min(...seen.values())).toBeGreaterThan(atLeast)
}

describe('200 generated sets of roles', () => {
  test('hold what they are meant to: versions, denials, expressions, templates, patterns', () => {
    const texts = JSON.stringify(sets)
    for (const piece of [
      'v3',
      'v7',
      'v8',
      '{{external.team}}',
      '^pro.$',
      'p*d',
      'account_assignment',
      '"where":',
    ]) {
      expect(texts).toContain(piece)
    }
    const all = sets.flat()
    expect(all.filter(({ allow }) => allow.appLabelsExpression !== undefined).length).toBeGreaterThan(50)
    expect(all.filter(({ deny }) => deny.appLabelsExpression !== undefined).length).toBeGreaterThan(20)
    expect(
      all.flatMap(({ allow, deny }) => [...allow.rules, ...deny.rules]).filter(({ where }) => where).length,
    ).toBeGreaterThan(200)
    expect(meanings.size).toBeGreaterThan(300)
  })

  test('agree about sign-in to applications', () => {
    const seen = new Map<string, number>()
    const disagreements: unknown[] = []
    for (const held of sets) {
      const user = { name: 'alice', roles: held.map(({ name }) => name) }
      for (const [index, given] of people.entries()) {
        for (const carried of applications) {
          const about = resources[index] ?? { kind: 'x', name: 'sp', labels: {}, owners: [] }
          const facts: Facts = { user: { ...user, traits: given }, labels: carried, resource: about }
          for (const session of [
            { mfa: 'none', device: 'none' },
            { mfa: 'totp', device: 'trusted' },
          ] as const) {
            const expected = reference.signIn({ roles: held, facts, preference, session })
            const { effect, reasons } = decideSamlAccess(
              buildInput(held, {
                user: { name: 'alice', traits: given },
                serviceProvider: { name: 'sp', entityId: 'urn:sp', labels: carried },
                resource: documentOf(about),
                session,
              }),
            )
            if (effect !== expected) disagreements.push({ held, facts, session, reasons, effect, expected })
            count(seen, effect)
          }
        }
      }
    }
    expect(disagreements.slice(0, 1)).toEqual([])
    expectAll(seen, ['allow', 'step_up', 'deny'], 100)
  })

  test('agree about rights, with a resource and without', () => {
    const seen = new Map<string, number>()
    const disagreements: unknown[] = []
    for (const held of sets) {
      for (const given of people) {
        const user = { name: 'alice', roles: ['sre', 'x'], traits: given }
        for (const about of resources) {
          for (const kind of ['user', 'role', 'saml_idp_service_provider']) {
            for (const verb of ['list', 'read', 'update', 'readnosecrets']) {
              const expected = reference.right(held, kind, verb, { user, labels: {}, resource: about })
              const context = { user, resource: about === undefined ? undefined : documentOf(about) }
              const { effect, reasons } = decideRight(held, { resource: kind, verb }, context)
              if (effect !== expected)
                disagreements.push({ held, kind, verb, user, about, reasons, effect, expected })
              count(seen, effect)
              // Without words: of what is not allowed it also says whether something denies it.
              const judged = judgeRight(held, { resource: kind, verb }, context)
              const denies = reasons.some((reason) => reason.effect === 'deny')
              const hangs = about === undefined && reasons.some((reason) => reason.effect === 'requires')
              const silent = denies ? 'deny' : hangs ? 'conditional' : 'silent'
              if (judged !== (effect === 'deny' ? silent : effect))
                disagreements.push({ held, judged, reasons })
            }
          }
        }
      }
    }
    expect(disagreements.slice(0, 1)).toEqual([])
    expectAll(seen, ['allow', 'deny', 'conditional'], 100)
  })

  test('agree about every account and permission set', () => {
    const seen = new Map<string, number>()
    const disagreements: unknown[] = []
    for (const held of sets) {
      for (const account of accounts) {
        for (const permissionSet of permissionSets) {
          const { effect } = decidePair(held, { accountId: account, permissionSetArn: permissionSet })
          const expected = reference.pair(held, account, permissionSet) ? 'allow' : 'deny'
          if (effect !== expected) disagreements.push({ held, account, permissionSet, effect, expected })
          count(seen, effect)
        }
      }
    }
    expect(disagreements.slice(0, 1)).toEqual([])
    expectAll(seen, ['allow', 'deny'], 300)
  })
})
