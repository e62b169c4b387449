/**
 * @module How long one decision takes for a user with 200 roles of mixed versions, with globs, regular expressions
 * and templates, when the last of them is the one that matches.
 */
import type { LabelSelector, Role } from '../../src/core/role/role.js'
import { decideSamlAccess } from '../../src/core/role/saml-access.js'
import { buildInput, buildRole, identityCenterSelector } from '../core/role/build.js'
import type { BenchLine } from './line.js'

const origin = 'teleport.dev/origin'

/** Every kind of value that a selector can hold; none of them matches. */
function selectorOf(index: number): LabelSelector {
  const kinds: readonly LabelSelector[] = [
    { [origin]: [`application-${index}`, 'grafana'] },
    { [origin]: [`aws-*-center-${index}`] },
    { [origin]: [`^aws-(iam|sso)-${index}$`] },
    { [origin]: ['team-{{external.team}}'] },
    { [origin]: [`{{regexp.replace(external.groups, "^aws-(.*)-${index % 10}$", "$1")}}`] },
    { [origin]: ['*'], env: ['{{email.local(external.email)}}'] },
  ]
  return kinds[index % kinds.length] ?? {}
}

export function buildRoles(count: number): Role[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `role-${String(index).padStart(3, '0')}`
    if (index === count - 1) return buildRole(name, 'v8', { allowLabels: identityCenterSelector })
    if (index % 5 === 4) return buildRole(name, 'v7')
    return buildRole(name, 'v8', {
      allowLabels: selectorOf(index),
      denyLabels: index % 7 === 0 ? { env: ['^restricted-.*$'] } : {},
      denyRules: index % 11 === 0 ? [{ resources: ['user'], verbs: ['delete'] }] : [],
    })
  })
}

/**
 * Measures warm decisions, each for a user value of its own, as every request makes them. Of three tries of each the
 * shortest counts, so that what other processes take of the machine does not.
 */
export async function bench(): Promise<BenchLine[]> {
  const roles = buildRoles(200)
  const n = 5000
  const times: number[] = []
  for (let run = -500; run < n; run++) {
    const took = Math.min(time(roles, run), time(roles, run), time(roles, run))
    if (run >= 0) times.push(took * 1000)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(n - 1, Math.floor(n * share))] ?? 0
  const limit = 1000
  return Promise.resolve([
    { bench: 'decide', metric: 'p50_us_200_roles', value: at(0.5), limit, ratio: at(0.5) / limit, n },
    { bench: 'decide', metric: 'p99_us_200_roles', value: at(0.99), limit, ratio: at(0.99) / limit, n },
  ])
}

/** One decision, in milliseconds. */
function time(roles: readonly Role[], run: number): number {
  const groups = ['aws-admin-1', 'aws-read-2']
  const traits = { team: ['sre', 'dev'], email: [`alice-${run}@example.com`], groups }
  const input = buildInput(roles, { user: { name: 'alice@example.com', traits } })
  const start = performance.now()
  const decision = decideSamlAccess(input)
  const took = performance.now() - start
  if (decision.effect !== 'allow') throw new Error(`expected allow, got ${decision.effect}`)
  return took
}
