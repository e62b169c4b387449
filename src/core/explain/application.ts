/**
 * @module Why a person may, or may not, sign in to an application, and what would change it. The verdict is that of
 * `core/role/saml-access.ts`, which a click would meet, and never another.
 */
import type { Reason } from '../role/decision.js'
import type { ClusterAuthPreference, Role } from '../role/role.js'
import { decideSamlAccess, type DenyCause, type SamlAccessInput } from '../role/saml-access.js'
import { nameNeed, type FactorMeans } from '../mfa/strength.js'
import type { Lock } from '../lock/lock.js'
import { findNameIdProblem } from '../saml/assertion.js'
import { surveyAttributes } from '../saml/attributes.js'
import type { ServiceProvider } from '../saml/service-provider.js'
import { findOpenings, findPillars } from './application-changes.js'
import { callHolder, type Change, type Explanation, type Holder } from './explanation.js'

export interface ApplicationQuestion extends Holder {
  /** The user's roles that exist. */
  readonly roles: readonly Role[]
  readonly missingRoles: readonly string[]
  /** Roles that could be given; those that whoever asks may not see are left out. */
  readonly allRoles: readonly Role[]
  readonly serviceProvider: ServiceProvider
  /** The document of the application, for conditions that look at it. */
  readonly resource: unknown
  readonly preference: ClusterAuthPreference
  /** Those in force on this person or their roles. */
  readonly locks: readonly Lock[]
  /** The second factors that the person can give. */
  readonly means: FactorMeans
}

/** Explains the sign-in that a click now would start, in a session that has proved nothing beyond its password. */
export function explainApplication(question: ApplicationQuestion): Explanation {
  const { user, role, serviceProvider } = question
  const input: SamlAccessInput = {
    user,
    // Where one of several equal roles is tried or named, it is the first by name, however they are held.
    roles: byName(question.roles),
    missingRoles: question.missingRoles,
    serviceProvider,
    resource: question.resource,
    preference: question.preference,
    locks: question.locks,
    session: { mfa: 'none', hardwareKey: question.means.hardwareKey, device: 'none' },
  }
  const decision = decideSamlAccess(input)
  const holder = callHolder(question)
  const about = { ...(role === undefined ? { user: user.name } : { role }), subject: serviceProvider.name }
  const who = `${holder} may`
  if (decision.effect === 'deny') {
    const { changes, more } = findOpenings(input, byName(question.allRoles), holder)
    const says = `${who} not sign in to ${serviceProvider.name}: ${causes[decision.because]}.`
    return { ...about, effect: 'deny', says, reasons: decision.reasons, changes, ...count(more) }
  }
  const obstacles = role === undefined ? findObstacles(question) : []
  if (obstacles.length > 0) {
    const says = `${who} not sign in to ${serviceProvider.name}: the roles allow it, and the assertion cannot be written.`
    return { ...about, effect: 'deny', says, reasons: [...obstacles, ...decision.reasons], changes: [] }
  }
  const { changes, more } = findPillars(input)
  if (decision.effect === 'allow') {
    const says = `${who} sign in to ${serviceProvider.name}.`
    return { ...about, effect: 'allow', says, reasons: decision.reasons, changes, ...count(more) }
  }
  const asked = decision.need === 'none' ? 'a fresh second factor' : nameNeed(decision.need)
  const factor = question.means.any
    ? `with ${asked} for each sign-in`
    : `only with ${asked}, and there is none yet`
  return {
    ...about,
    effect: 'step_up',
    says: `${who} sign in to ${serviceProvider.name}, ${factor}.`,
    reasons: decision.reasons,
    changes: [proveFactor(question, asked), ...changes],
    ...count(more),
  }
}

function byName(roles: readonly Role[]): Role[] {
  return [...roles].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What refuses a sign-in that is allowed: a name or an attribute that the application cannot be told. */
function findObstacles({ user, roles, missingRoles, serviceProvider }: ApplicationQuestion): Reason[] {
  const nameId = findNameIdProblem(user, serviceProvider)
  const names = [...roles.map(({ name }) => name), ...missingRoles]
  const { problems } = surveyAttributes(user, serviceProvider, names)
  return [
    ...(nameId === undefined
      ? []
      : [{ rule: 'name_id', effect: 'deny', says: `To the person: ${nameId}.` } as const]),
    ...problems.map(
      ({ message }) => ({ rule: 'attribute_mapping', effect: 'deny', says: `${message}.` }) as const,
    ),
  ]
}

function proveFactor(question: ApplicationQuestion, asked: string): Change {
  const says = question.means.any
    ? `Giving ${asked} opens it.`
    : `${callHolder(question)} adds a second factor in the settings and gives it.`
  return { kind: 'prove', says }
}

function count(more: number): { moreChanges?: number } {
  return more === 0 ? {} : { moreChanges: more }
}

const causes: Readonly<Record<DenyCause, string>> = {
  locked: 'a lock is in force',
  cluster_disabled: 'sign-in to applications is switched off for everyone',
  role_disables_idp: 'a role forbids sign-in to applications',
  denied_by_role: 'a role denies this application',
  rules_denied: 'a role denies reading applications',
  no_roles: 'there is no role that exists',
  no_role_matches: 'no role allows it',
  device_untrusted: 'a trusted device is required',
  mfa_unavailable: 'a hardware key is required, and there is none that counts',
}
