/**
 * @module Decides whether a user may sign in to a SAML service provider, and with what conditions: the mix of role
 * versions, in which a role up to v7 allows every service provider and looks at no label, while v8 wants
 * `app_labels` or `app_labels_expression`. Deny wins; once a v8 role is present, at least one v8 role has to match,
 * whatever older roles allow. Account assignment roles take no part. Session MFA and device trust come after access itself (`saml-conditions.ts`). The order of the roles
 * never matters, and every answer carries its reasons. It must never look anything up: all it needs is given.
 */
import { lockAuditMessage, lockReason } from '../lock/describe.js'
import type { Lock } from '../lock/lock.js'
import type { FactorNeed } from '../mfa/strength.js'
import type { ServiceProvider } from '../saml/service-provider.js'
import type { User } from '../user/user.js'
import { judgeRoleLabels, type LabelledSubject } from './app-labels.js'
import { roleReason, sortReasons, type Reason } from './decision.js'
import type { ClusterAuthPreference, Role } from './role.js'
import { judgeRules } from './rule.js'
import { judgeConditions, type SessionProof } from './saml-conditions.js'
import { sessionLimits, type SessionLimits } from './session-limits.js'

export type { Reason } from './decision.js'
export type { SessionProof } from './saml-conditions.js'
export type { SessionLimits } from './session-limits.js'

export interface SamlAccessInput {
  readonly user: Pick<User, 'name' | 'traits'>
  /** The user's roles that exist. */
  readonly roles: readonly Role[]
  /** Names among the user's roles that no role has; they grant nothing and are told in the reasons. */
  readonly missingRoles: readonly string[]
  readonly serviceProvider: Pick<ServiceProvider, 'name' | 'entityId' | 'labels'>
  /** The document of the service provider, for `where` of rules; without it, a denial that asks for it denies. */
  readonly resource?: unknown
  readonly preference: ClusterAuthPreference
  /** What this session has proved for this sign-in. */
  readonly session: SessionProof
  /** Those in force on this person, their roles or this session: any one refuses. */
  readonly locks: readonly Lock[]
}

export type DenyCause =
  | 'locked'
  | 'cluster_disabled'
  | 'role_disables_idp'
  | 'denied_by_role'
  | 'rules_denied'
  | 'no_roles'
  | 'no_role_matches'
  | 'device_untrusted'
  | 'mfa_unavailable'

export type SamlDecision =
  | {
      readonly effect: 'allow'
      readonly reasons: readonly Reason[]
      readonly session: SessionLimits
      /** A device may vouch, and goes into the audit log if it does. */
      readonly asksDevice?: true
    }
  /** Allowed as soon as this sign-in has proved a second factor. */
  | {
      readonly effect: 'step_up'
      readonly need: FactorNeed
      readonly reasons: readonly Reason[]
      readonly auditMessage: string
    }
  | {
      readonly effect: 'deny'
      readonly because: DenyCause
      readonly reasons: readonly Reason[]
      /** The exact `error` of the audit event. */
      readonly auditMessage: string
      /** Those in force, for the words to the person. */
      readonly locks: readonly Lock[]
    }

/** The `error` texts of `saml.idp.auth`, to the letter: log searches and people's notes know them. */
export const samlAuditMessages = {
  denied: 'access to saml_idp_service_provider denied. User does not have permissions. ',
  clusterDisabled: 'SAML IdP is disabled at the cluster level',
  roleDisablesIdp: (role: string) => `user has been denied access to the SAML IdP by role ${role}`,
  device: 'access to resource requires a trusted device',
  mfa: 'access to resource requires MFA',
} as const

/** Decides one sign-in of one user to one service provider. */
export function decideSamlAccess(input: SamlAccessInput): SamlDecision {
  const { preference } = input
  const roles = input.roles.filter(({ origin }) => origin !== 'account_assignment')
  const subject = buildSubject(input)
  const judgements = roles.map((role) => judgeRole(role, subject))
  const reasons = [...judgements.flatMap((judgement) => judgement.reasons), ...explainMissing(input)]
  const deny = (because: DenyCause, auditMessage: string, more: readonly Reason[] = []): SamlDecision => ({
    effect: 'deny',
    because,
    auditMessage,
    reasons: sortReasons([...reasons, ...more]),
    locks: input.locks,
  })

  const lock = input.locks[0]
  if (lock !== undefined) return deny('locked', lockAuditMessage(lock), input.locks.map(lockReason))
  if (!preference.samlIdpEnabled) {
    const says =
      'Sign-in to applications is switched off for everyone (cluster_auth_preference, idp.saml.enabled).'
    return deny('cluster_disabled', samlAuditMessages.clusterDisabled, [
      { rule: 'cluster', effect: 'deny', says },
    ])
  }
  if (input.roles.length === 0) {
    const says = 'None of the roles exists, and nothing is allowed by default.'
    return deny('no_roles', samlAuditMessages.denied, [{ rule: 'roles', effect: 'no_match', says }])
  }
  if (roles.length === 0) {
    const says =
      'Account assignment roles say what may be done in AWS accounts and open no application, and no other role is held.'
    return deny('no_role_matches', samlAuditMessages.denied, [{ rule: 'roles', effect: 'no_match', says }])
  }
  const denial = findDenial(judgements)
  if (denial) return deny(denial.because, denial.auditMessage)
  const matching = judgements.filter(({ verdict }) => verdict === 'allow').map(({ role }) => role)
  if (roles.some(isV8) && !matching.some(isV8)) {
    return deny('no_role_matches', samlAuditMessages.denied, explainNoMatch(input, matching))
  }

  const conditions = judgeConditions(matching, preference, input.session)
  reasons.push(...conditions.reasons)
  switch (conditions.verdict) {
    case 'device_untrusted':
      return deny(conditions.verdict, samlAuditMessages.device)
    case 'mfa_unavailable':
      return deny(conditions.verdict, samlAuditMessages.mfa)
    case 'mfa_needed':
      return {
        effect: 'step_up',
        need: conditions.need,
        auditMessage: samlAuditMessages.mfa,
        reasons: sortReasons(reasons),
      }
    case 'met':
      return {
        effect: 'allow',
        session: sessionLimits(roles, preference),
        reasons: sortReasons(reasons),
        ...(conditions.asksDevice && { asksDevice: true }),
      }
  }
}

/**
 * Whether a role of version 8 opens a service provider by its labels, for somebody of whom nothing else is known: what
 * depends on traits is not told here. Older roles look at no label.
 */
export function opensByLabels(role: Role, serviceProvider: SamlAccessInput['serviceProvider']): boolean {
  if (!isV8(role) || role.origin === 'account_assignment') return false
  const user = { name: '', traits: {} }
  return (
    judgeRole(role, buildSubject({ user, roles: [role], missingRoles: [], serviceProvider })).verdict ===
    'allow'
  )
}

interface Judgement {
  readonly role: Role
  readonly verdict: 'allow' | 'no_match' | DenyVerdict
  readonly reasons: readonly Reason[]
}
type DenyVerdict = 'role_disables_idp' | 'denied_by_role' | 'rules_denied'

function isV8(role: Role): boolean {
  return role.version === 'v8'
}

/** What all roles are asked about: the person at this service provider. */
interface Subject extends LabelledSubject {
  readonly resource: unknown
}

function buildSubject({
  user,
  roles,
  missingRoles,
  serviceProvider,
  resource,
}: Pick<SamlAccessInput, 'user' | 'roles' | 'missingRoles' | 'serviceProvider' | 'resource'>): Subject {
  const { labels, name } = serviceProvider
  const held = roles.flatMap((role) => [role.name, ...(role.otherNames ?? [])])
  const names = [...held, ...missingRoles].sort()
  const person = { name: user.name, traits: user.traits, roles: names }
  return { labels, traits: user.traits, name: `"${name}"`, predicate: { user: person, labels }, resource }
}

/** What one role says of this service provider, alone. */
function judgeRole(role: Role, subject: Subject): Judgement {
  if (!isV8(role) && !role.options.samlIdpEnabled) {
    const says = 'forbids sign-in to applications: options.idp.saml.enabled is false'
    return {
      role,
      verdict: 'role_disables_idp',
      reasons: [roleReason(role, 'options.idp.saml.enabled', 'deny', says)],
    }
  }
  // Signing in lists and reads the service provider; everyone may do both until a role denies it.
  const denied = ['list', 'read'].filter((verb) => deniesVerb(role, verb, subject))
  if (denied.length > 0) {
    const says = `denies ${denied.join(' and ')} on saml_idp_service_provider, which signing in needs`
    return { role, verdict: 'rules_denied', reasons: [roleReason(role, 'rules', 'deny', says)] }
  }
  if (!isV8(role)) {
    const says = `allows every application: roles up to v7 do not look at labels`
    return { role, verdict: 'allow', reasons: [roleReason(role, 'options.idp.saml.enabled', 'allow', says)] }
  }
  const { verdict, reason } = judgeRoleLabels(role, subject)
  return { role, verdict: verdict === 'deny' ? 'denied_by_role' : verdict, reasons: [reason] }
}

/** A condition that cannot be answered denies. */
function deniesVerb(role: Role, verb: string, { predicate, resource }: Subject): boolean {
  const right = { resource: 'saml_idp_service_provider', verb }
  return judgeRules(role.deny.rules, right, { user: predicate.user, resource }).some(
    (answer) => answer.verdict !== 'fails',
  )
}

const denyVerdicts = ['role_disables_idp', 'denied_by_role', 'rules_denied'] as const

/** The gravest denial, always the same one for the same set of roles. */
function findDenial(
  judgements: readonly Judgement[],
): { because: DenyVerdict; auditMessage: string } | undefined {
  for (const because of denyVerdicts) {
    const names = judgements.filter(({ verdict }) => verdict === because).map(({ role }) => role.name)
    const name = names.sort()[0]
    if (name === undefined) continue
    const byOption = because === 'role_disables_idp'
    return {
      because,
      auditMessage: byOption ? samlAuditMessages.roleDisablesIdp(name) : samlAuditMessages.denied,
    }
  }
  return undefined
}

/** The sentence that people need most: which labels would have done it, and why an older role does not help. */
function explainNoMatch(input: SamlAccessInput, matching: readonly Role[]): Reason[] {
  const { name, labels } = input.serviceProvider
  const carried = Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .sort()
    .join(', ')
  const has = carried === '' ? 'carries no labels' : `carries the labels ${carried}`
  const says = `None of the v8 roles has app_labels that match "${name}", which ${has}.`
  const reasons: Reason[] = [{ rule: 'app_labels', effect: 'no_match', says }]
  if (matching.length > 0) {
    const older = 'Roles up to v7 would allow it, but do not count beside a v8 role that does not match.'
    reasons.push({ rule: 'versions', effect: 'no_match', says: older })
  }
  return reasons
}

function explainMissing({ missingRoles }: SamlAccessInput): Reason[] {
  return missingRoles.map((role) => ({
    role,
    rule: 'roles',
    effect: 'no_match',
    says: `Role "${role}" does not exist and grants nothing.`,
  }))
}
