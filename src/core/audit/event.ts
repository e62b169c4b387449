/**
 * @module Audit events: the envelope and the closed table of names and codes. Success and failure share the
 * name and differ by code, except `saml.idp.auth`, which has one code for both. No secret, assertion or token
 * is ever a field. Services build events; the store appends them in the transaction of the change they tell.
 */
import { formatInstant, type Instant } from '../time.js'
import { isDirectoryName } from '../directory/names.js'
import { isMachineUserName } from '../token/token.js'
import { systemNames } from '../user/user.js'

/** Event name to its codes: `ok` for success, `fail` for failure where failures are recorded. */
export const auditCodes = {
  'saml.idp.auth': { ok: 'TSI000I', fail: 'TSI000I' },
  'saml.idp.service.provider.create': { ok: 'TSI001I', fail: 'TSI001W' },
  'saml.idp.service.provider.update': { ok: 'TSI002I', fail: 'TSI002W' },
  'saml.idp.service.provider.delete': { ok: 'TSI003I', fail: 'TSI003W' },
  'user.login': { ok: 'T1000I', fail: 'T1000W' },
  'user.create': { ok: 'T1002I' },
  'user.update': { ok: 'T1003I' },
  'user.delete': { ok: 'T1004I' },
  'user.password_change': { ok: 'T1005I' },
  'mfa.add': { ok: 'T1006I' },
  'mfa.delete': { ok: 'T1007I' },
  'mfa.update': { ok: 'TGH040I' },
  'recovery_code.generated': { ok: 'T1008I' },
  'recovery_code.used': { ok: 'T1009I', fail: 'T1009W' },
  'mfa_auth_challenge.create': { ok: 'T1015I' },
  'mfa_auth_challenge.validate': { ok: 'T1016I', fail: 'T1016W' },
  'reset_password_token.create': { ok: 'T6000I' },
  'role.created': { ok: 'T9000I' },
  'role.deleted': { ok: 'T9001I' },
  'role.updated': { ok: 'T9002I' },
  'auth_preference.update': { ok: 'TCAUTH001I' },
  'device.create': { ok: 'TV001I' },
  'device.delete': { ok: 'TV002I' },
  'device.token.create': { ok: 'TV003I' },
  'device.token.spent': { ok: 'TV004I' },
  'device.enroll': { ok: 'TV005I', fail: 'TGH070W' },
  'device.authenticate': { ok: 'TV006I', fail: 'TGH071W' },
  'device.update': { ok: 'TV007I' },
  'device.web_token.create': { ok: 'TV008I' },
  'device.authenticate.confirm': { ok: 'TV009I', fail: 'TGH072W' },
  'session.end': { ok: 'TGH001I' },
  'signing_key.create': { ok: 'TGH002I' },
  'signing_key.update': { ok: 'TGH003I' },
  'signing_key.delete': { ok: 'TGH004I' },
  'integration.create': { ok: 'IG001I' },
  'integration.update': { ok: 'IG002I' },
  'integration.delete': { ok: 'IG003I' },
  'lock.created': { ok: 'TLK00I' },
  'lock.deleted': { ok: 'TLK01I' },
  'lock.updated': { ok: 'TGH005I' },
  'auth_preference.delete': { ok: 'TGH006I' },
  'api_token.create': { ok: 'TGH007I' },
  'api_token.update': { ok: 'TGH008I' },
  'api_token.delete': { ok: 'TGH009I' },
  'api_token.rotate': { ok: 'TGH010I' },
  'webhook.create': { ok: 'TGH020I' },
  'webhook.update': { ok: 'TGH021I' },
  'webhook.delete': { ok: 'TGH022I' },
  'webhook.rotate': { ok: 'TGH023I' },
  'webhook.test': { ok: 'TGH025I', fail: 'TGH025W' },
  // Has no success: what was delivered is no event.
  'webhook.gone': { ok: 'TGH024W' },
  'oidc.created': { ok: 'T8100I' },
  'oidc.updated': { ok: 'T8102I' },
  'oidc.deleted': { ok: 'T8101I' },
  'saml.created': { ok: 'T8200I' },
  'saml.updated': { ok: 'T8202I' },
  'saml.deleted': { ok: 'T8201I' },
  'github.created': { ok: 'T8000I' },
  'github.updated': { ok: 'T80002I' },
  'github.deleted': { ok: 'T8001I' },
  'login_rule.create': { ok: 'TLR00I' },
  'login_rule.update': { ok: 'TGH050I' },
  'login_rule.delete': { ok: 'TLR01I' },
  'cli.login': { ok: 'TGH011I', fail: 'TGH011W' },
  'plugin.create': { ok: 'PG001I' },
  'plugin.update': { ok: 'PG002I' },
  'plugin.delete': { ok: 'PG003I' },
  'access_list.create': { ok: 'TAL001I', fail: 'TAL001E' },
  'access_list.update': { ok: 'TAL002I', fail: 'TAL002E' },
  'access_list.delete': { ok: 'TAL003I', fail: 'TAL003E' },
  'access_list.review': { ok: 'TAL004I', fail: 'TAL004E' },
  'access_list.member.create': { ok: 'TAL005I', fail: 'TAL005E' },
  'access_list.member.update': { ok: 'TAL006I', fail: 'TAL006E' },
  'access_list.member.delete': { ok: 'TAL007I', fail: 'TAL007E' },
  'access_list.member.delete_all_members': { ok: 'TAL008I', fail: 'TAL008E' },
  'access_list.review.update': { ok: 'TAL010I' },
  // Fails where no owner could be reached.
  'access_list.review.remind': { ok: 'TAL100I', fail: 'TAL100W' },
  'access_list.review.overdue': { ok: 'TAL101I' },
  // Has no success: a list that is in order is not told of.
  'user_login.invalid_access_list': { ok: 'TAL009W' },
  'access_request.create': { ok: 'T5000I' },
  'access_request.update': { ok: 'T5001I' },
  'access_request.review': { ok: 'T5002I' },
  'access_request.delete': { ok: 'T5003I' },
  'access_request.search': { ok: 'T5004I' },
  'access_request.expire': { ok: 'T5005I' },
  'access_review_rule.create': { ok: 'TGH030I' },
  'access_review_rule.update': { ok: 'TGH031I' },
  'access_review_rule.delete': { ok: 'TGH032I' },
  'on_call.update': { ok: 'TGH033I' },
  'on_call.delete': { ok: 'TGH034I' },
  // The reference has two names here where all others have one.
  'aws_identity_center.resource_sync.success': { ok: 'TAIC001I' },
  'aws_identity_center.resource_sync.failed': { ok: 'TAIC001E' },
  'aws_identity_center.user.provision': { ok: 'TAIC100I', fail: 'TAIC100E' },
  'aws_identity_center.group.provision': { ok: 'TAIC101I', fail: 'TAIC101E' },
  'aws_identity_center.membership.update': { ok: 'TAIC102I', fail: 'TAIC102E' },
  'aws_identity_center.assignment.create': { ok: 'TAIC103I', fail: 'TAIC103E' },
  'aws_identity_center.assignment.delete': { ok: 'TAIC104I', fail: 'TAIC104E' },
  'aws_identity_center.import': { ok: 'TAIC105I', fail: 'TAIC105E' },
  'aws_identity_center.plan.approve': { ok: 'TAIC106I' },
  'aws_identity_center.drift': { ok: 'TAIC107I' },
  'aws_identity_center.scim_token.update': { ok: 'TAIC108I' },
  'aws_identity_center.scim_token.delete': { ok: 'TAIC109I' },
  'aws_identity_center.uninstall': { ok: 'TAIC110I', fail: 'TAIC110E' },
  'scim.create': { ok: 'TSCIM001I', fail: 'TSCIM001E' },
  'scim.update': { ok: 'TSCIM002I', fail: 'TSCIM002E' },
  'scim.delete': { ok: 'TSCIM003I', fail: 'TSCIM003E' },
  'scim.get': { ok: 'TSCIM004I', fail: 'TSCIM004E' },
  'scim.list': { ok: 'TSCIM005I', fail: 'TSCIM005E' },
  'scim.patch': { ok: 'TSCIM006I', fail: 'TSCIM006E' },
  'directory.token.create': { ok: 'TGH060I' },
  'directory.token.delete': { ok: 'TGH061I' },
  // Has no success: what a token opens has its own events.
  'directory.token.refused': { ok: 'TGH062W' },
  'directory.change.hold': { ok: 'TGH063W' },
  'directory.change.release': { ok: 'TGH064I' },
  'directory.change.refuse': { ok: 'TGH065I' },
  'backup.create': { ok: 'TGH080I' },
  'backup.restore': { ok: 'TGH081I' },
  'store.migrate': { ok: 'TGH082I' },
  'aws_identity_center.restore.release': { ok: 'TGH083I' },
  // Told once each time, not for each attempt: the events themselves go to the sink.
  'audit_sink.failing': { ok: 'TGH085W' },
  'audit_sink.recover': { ok: 'TGH086I' },
  'audit_sink.remove': { ok: 'TGH087I' },
  'audit.export': { ok: 'TGH090I' },
  'audit.evidence': { ok: 'TGH091I' },
  'audit.prune': { ok: 'TGH092I' },
  // Has no success: what was allowed has its own events.
  'access.denied': { ok: 'TGH012W' },
} as const satisfies Record<string, { ok: string; fail?: string }>

export type AuditEventName = keyof typeof auditCodes

/** Codes of an event in which something else than usual happened. */
export const auditVariants = {
  'user.login': {
    /** Through a connector. */
    connector: { ok: 'T1001I', fail: 'T1001W' },
    /** The test of a connector, which signs nobody in. */
    connector_test: { ok: 'T1010I', fail: 'T1011W' },
  },
} as const satisfies Partial<Record<AuditEventName, Record<string, { ok: string; fail: string }>>>

type AuditVariant = keyof (typeof auditVariants)['user.login']

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json }

/** A person, a machine user, the system. */
export type UserKind = 1 | 2 | 3

/** What a service says of a happening; the envelope is added by {@link buildEvent}. */
export interface AuditFacts {
  readonly event: AuditEventName
  /** Of `user.login` alone: its codes are those of {@link auditVariants}. */
  readonly variant?: AuditVariant | undefined
  readonly success: boolean
  /** The user concerned, who for most events is also the actor. */
  readonly user?: string | undefined
  /** Where it is known; else the name tells, since no person can have one of the others' names. */
  readonly userKind?: UserKind | undefined
  readonly fields?: { readonly [key: string]: Json }
}

/** An event as it is stored and served: flat, keys sorted, `snake_case`. */
export type AuditEvent = Readonly<Record<string, unknown>> & {
  readonly cluster_name: string
  readonly code: string
  readonly ei: number
  readonly event: AuditEventName
  readonly success: boolean
  readonly time: string
  readonly uid: string
}

function kindOf(user: string): UserKind {
  if (systemNames.includes(user) || isDirectoryName(user)) return 3
  return isMachineUserName(user) ? 2 : 1
}

/**
 * Puts the envelope around the facts. `uid` is the reference by which people find the event; `user_kind` is 1 for a
 * person, 2 for a machine user and 3 for the system, as the reference numbers them.
 */
export function buildEvent(
  facts: AuditFacts,
  envelope: { readonly clusterName: string; readonly uid: string; readonly now: Instant },
): AuditEvent {
  const codes: { ok: string; fail?: string } =
    facts.variant === undefined ? auditCodes[facts.event] : auditVariants['user.login'][facts.variant]
  const all: Record<string, unknown> = {
    ...facts.fields,
    cluster_name: envelope.clusterName,
    code: facts.success ? codes.ok : (codes.fail ?? codes.ok),
    ei: 0,
    event: facts.event,
    success: facts.success,
    time: formatInstant(envelope.now),
    uid: envelope.uid,
    user: facts.user,
    user_kind: facts.user === undefined ? undefined : (facts.userKind ?? kindOf(facts.user)),
  }
  const sorted = Object.keys(all)
    .filter((key) => all[key] !== undefined)
    .sort()
    .map((key) => [key, all[key]])
  return Object.fromEntries(sorted) as AuditEvent
}
