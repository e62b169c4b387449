/**
 * @module One sentence for each audit event, for the list in the CLI and on the page; the details stay in the event.
 * Texts in an event may come from anyone (a name typed into a failed sign-in), so characters that could steer a
 * terminal or turn the reading direction are replaced and every text is cut to a bounded length.
 */
import { accessRequestSentences } from './access-request-sentences.js'
import type { AuditEvent, AuditEventName } from './event.js'
import { directorySentences } from './directory-sentences.js'
import { identityCenterSentences } from './identity-center-sentences.js'

const maxLength = 120

/** A plain sentence without a full stop; an event of a later version is named by its code. */
export function describeEvent(event: AuditEvent): string {
  const name: string = event.event
  if (!isKnown(name)) return clean(`${event.event} (${event.code})`)
  return sentences[name](reader(event))
}

/** What sentences are made of. */
export interface Reader {
  readonly ok: boolean
  /** The user concerned. */
  readonly who: string
  /** The resource concerned, in quotes. */
  readonly name: string
  /** Who did it, where that is another than the user: ` by "x"`. */
  readonly by: string
  /** Why it failed: `: reason`. */
  readonly why: string
  /** What a lock is on: `user alice`. */
  readonly target: string
  /** A field as clean text; empty where it is missing. */
  readonly field: (key: string) => string
  /** A field that is a list of texts, joined; empty where it is missing. */
  readonly names: (key: string) => string
}

/** A record over all names: a new event does not compile without its sentence. */
const sentences: Record<AuditEventName, (event: Reader) => string> = {
  'saml.idp.auth': ({ ok, who, why, field }) => {
    const sp = field('service_provider_name') || field('service_provider_entity_id') || 'an application'
    return ok ? `${who} signed in to ${sp}` : `${who} was refused at ${sp}${why}`
  },
  'saml.idp.service.provider.create': outcome(
    'was registered',
    'could not be registered',
    'service provider',
  ),
  'saml.idp.service.provider.update': outcome('was changed', 'could not be changed', 'service provider'),
  'saml.idp.service.provider.delete': outcome('was removed', 'could not be removed', 'service provider'),
  'user.login': ({ ok, who, why, field }) => {
    const from = field('addr.remote') ? ` from ${field('addr.remote')}` : ''
    const through = field('connector') ? ` through the connector ${quoted(field('connector'))}` : ''
    if (field('test') === 'true') {
      const came = ok ? 'it would sign somebody in' : `it would sign nobody in${why}`
      return `${who} tested a sign-in${through}: ${came}`
    }
    return ok ? `${who} signed in${through}${from}` : `${who} could not sign in${through}${from}${why}`
  },
  'user.create': outcome('was created', 'could not be created', 'user'),
  'user.update': outcome('was changed', 'could not be changed', 'user'),
  'user.delete': outcome('was removed', 'could not be removed', 'user'),
  'device.create': outcome('was added', 'could not be added', 'device'),
  'device.update': outcome('was changed', 'could not be changed', 'device'),
  'device.delete': outcome('was removed', 'could not be removed', 'device'),
  'device.token.create': ({ who, field }) =>
    `${who} made a token to enroll device ${quoted(field('asset_tag'))}`,
  'device.token.spent': ({ who, field }) =>
    `${who} used the token to enroll device ${quoted(field('asset_tag'))}`,
  'device.enroll': ({ ok, who, why, field }) =>
    ok ? `${who} enrolled device ${quoted(field('asset_tag'))}` : `${who} could not enroll a device${why}`,
  'device.web_token.create': ({ who, field }) =>
    `${who} asked a device to vouch for a sign-in to ${field('service_provider_name')}`,
  'device.authenticate': ({ ok, who, why, field }) =>
    ok ? `device ${quoted(field('asset_tag'))} vouched for ${who}` : `no device vouched for ${who}${why}`,
  'device.authenticate.confirm': ({ ok, who, why, field }) =>
    ok
      ? `the browser of ${who} came back from device ${quoted(field('asset_tag'))}`
      : `a confirmation by a device did not count for ${who}${why}`,
  'user.password_change': ({ who, by }) => `the password of ${who} was changed${by}`,
  'mfa.add': ({ who, by, field }) => `${who} got the second factor ${quoted(field('mfa_device_name'))}${by}`,
  'mfa.update': ({ who, by, field }) =>
    `${who} named a second factor ${quoted(field('mfa_device_name'))}${by}`,
  'mfa.delete': ({ who, by, field }) =>
    `${who} lost the second factor ${quoted(field('mfa_device_name'))}${by}`,
  'recovery_code.generated': ({ who }) => `${who} made new recovery codes`,
  'recovery_code.used': ({ ok, who, why }) =>
    ok ? `${who} used a recovery code to sign in` : `${who} gave no good recovery code${why}`,
  'mfa_auth_challenge.create': ({ who }) => `${who} was asked for a second factor`,
  'mfa_auth_challenge.validate': ({ ok, who, why }) =>
    ok ? `${who} gave a second factor` : `${who} failed to give a second factor${why}`,
  'reset_password_token.create': ({ name, who, by }) =>
    `a one-time link was issued for ${name === quoted('') ? who : name}${by}`,
  'role.created': outcome('was created', 'could not be created', 'role'),
  'role.deleted': outcome('was removed', 'could not be removed', 'role'),
  'role.updated': outcome('was changed', 'could not be changed', 'role'),
  'auth_preference.update': ({ by }) => `the authentication preference of the cluster was changed${by}`,
  'auth_preference.delete': ({ by }) =>
    `the authentication preference of the cluster was set back to its defaults${by}`,
  'session.end': ({ who, field }) => {
    const message = field('message')
    // Somebody else's session carries its owner's name beside the one who ended it.
    const owner = field('name')
    const whose = owner && owner !== who ? `${owner} was ended by ${who}` : `${who} ended`
    return `a session of ${whose}${message ? `: ${message}` : ''}`
  },
  'lock.created': ({ name, target, field }) =>
    `lock ${name} on ${target} was made by ${field('updated_by')}${until(field('expires'))}`,
  'lock.updated': ({ name, target, field }) =>
    `lock ${name} on ${target} was changed by ${field('updated_by')}${until(field('expires'))}`,
  'lock.deleted': ({ name, target, field }) =>
    `lock ${name} on ${target} was lifted by ${field('updated_by')}`,
  'integration.create': outcome('was created', 'could not be created', 'integration'),
  'integration.update': outcome('was changed', 'could not be changed', 'integration'),
  'integration.delete': outcome('was removed', 'could not be removed', 'integration'),
  'signing_key.create': ({ field }) =>
    `a signing key for ${field('purpose') || 'an unnamed purpose'} was made: ${field('key_id') || 'no ID'}`,
  'signing_key.update': ({ field }) =>
    `the signing key for ${field('purpose') || 'an unnamed purpose'} was changed: ` +
    `${field('key_id') || 'no ID'} signs now`,
  'signing_key.delete': ({ field }) =>
    `a signing key for ${field('purpose') || 'an unnamed purpose'} was deleted: ${field('key_id') || 'no ID'}`,
  'api_token.create': outcome('was created', 'could not be created', 'token'),
  'api_token.update': outcome('was changed', 'could not be changed', 'token'),
  'api_token.delete': outcome('was deleted', 'could not be deleted', 'token'),
  'api_token.rotate': outcome('got a new secret', 'got no new secret', 'token'),
  'webhook.create': outcome('was created', 'could not be created', 'webhook'),
  'webhook.update': outcome('was changed', 'could not be changed', 'webhook'),
  'webhook.delete': outcome('was deleted', 'could not be deleted', 'webhook'),
  'webhook.rotate': outcome('got a new secret', 'got no new secret', 'webhook'),
  'webhook.test': outcome('was tested, and its receiver took it', 'was tested in vain', 'webhook'),
  'webhook.gone': ({ name, why }) => `nothing is sent to webhook ${name} any more${why}`,
  'audit_sink.failing': ({ name, field }) => `audit sink ${name} takes nothing: ${field('error')}`,
  'audit_sink.recover': ({ name }) => `audit sink ${name} takes events again`,
  'audit_sink.remove': ({ name, by, who }) =>
    `the position of audit sink ${name} was removed by ${by || who}`,
  'oidc.created': outcome('was created', 'could not be created', 'connector'),
  'oidc.updated': outcome('was changed', 'could not be changed', 'connector'),
  'oidc.deleted': outcome('was removed', 'could not be removed', 'connector'),
  'saml.created': outcome('was created', 'could not be created', 'connector'),
  'saml.updated': outcome('was changed', 'could not be changed', 'connector'),
  'saml.deleted': outcome('was removed', 'could not be removed', 'connector'),
  'github.created': outcome('was created', 'could not be created', 'connector'),
  'github.updated': outcome('was changed', 'could not be changed', 'connector'),
  'github.deleted': outcome('was removed', 'could not be removed', 'connector'),
  'login_rule.create': outcome('was created', 'could not be created', 'login rule'),
  'login_rule.update': outcome('was changed', 'could not be changed', 'login rule'),
  'login_rule.delete': outcome('was removed', 'could not be removed', 'login rule'),
  'cli.login': ({ ok, who, why, field }) => {
    const on = field('label') ? ` on ${quoted(field('label'))}` : ''
    return ok ? `${who} signed in a command line${on}` : `${who} could not sign in a command line${on}${why}`
  },
  'plugin.create': outcome('was created', 'could not be created', 'plugin'),
  'plugin.update': outcome('was changed', 'could not be changed', 'plugin'),
  'plugin.delete': outcome('was removed', 'could not be removed', 'plugin'),
  'access_list.create': outcome('was created', 'could not be created', 'access list'),
  'access_list.update': outcome('was changed', 'could not be changed', 'access list'),
  'access_list.delete': outcome('was removed', 'could not be removed', 'access list'),
  'access_list.review': ({ ok, name, who, why, field }) => {
    const removed = field('removed_count')
    const where = field('removed_elsewhere') === '' ? 'removed' : 'to be removed where they are managed'
    const came = removed === '' || removed === '0' ? 'nobody was removed' : `${removed} ${where}`
    return ok
      ? `access list ${name} was reviewed by ${who}: ${came}`
      : `access list ${name} could not be reviewed by ${who}${why}`
  },
  'access_list.member.create': membership('added to', 'could not be added to'),
  'access_list.member.update': membership('changed in', 'could not be changed in'),
  'access_list.member.delete': membership('removed from', 'could not be removed from'),
  'access_list.member.delete_all_members': outcome('lost all members', 'kept its members', 'access list'),
  'access_list.review.update': ({ name, who, field }) => {
    const count = field('count') || '0'
    const made = `made ${count} ${count === '1' ? 'decision' : 'decisions'}`
    const over = field('started_over') === 'true'
    const what = over ? `started over${count === '0' ? '' : ` and ${made}`}` : made
    return `in the review of access list ${name} ${who} ${what}`
  },
  'access_list.review.remind': ({ ok, name, why, field }) => {
    const owners = field('reminded') === '1' ? '1 owner was' : `${field('reminded') || 'its'} owners were`
    const due = `access list ${name} is to be reviewed`
    return ok ? `${due}: ${owners} reminded` : `${due}, and nobody was reminded${why}`
  },
  'access_list.review.overdue': ({ name, field }) =>
    `access list ${name} was not reviewed in time: ` +
    (field('effect') === 'freeze' ? 'nobody can be added' : 'it gives nothing'),
  'user_login.invalid_access_list': ({ who, name, names }) => {
    const roles = names('missing_roles')
    const why = roles === '' ? 'it cannot be read' : `it names roles that do not exist: ${roles}`
    return `${who} signed in without what the access list ${name} gives: ${why}`
  },
  ...accessRequestSentences,
  'access_review_rule.create': outcome('was created', 'could not be created', 'review rule'),
  'access_review_rule.update': outcome('was changed', 'could not be changed', 'review rule'),
  'access_review_rule.delete': outcome('was removed', 'could not be removed', 'review rule'),
  'on_call.update': ({ name, field }) => {
    const count = field('count') || '0'
    const who = count === '1' ? 'one person is' : count === '0' ? 'nobody is' : `${count} people are`
    return `${who} on call in ${name}${until(field('expires'))}, as ${field('updated_by')} wrote`
  },
  'backup.create': ({ who, field }) =>
    `${who} made a backup of ${field('rows')} rows${field('with_master_key') === 'true' ? ', with the master key' : ''}`,
  'backup.restore': ({ who, field }) => `${who} restored a backup of ${field('made_at')}`,
  'store.migrate': ({ who, field }) =>
    `${who} moved the store from ${field('from')} to ${field('to')}: ${field('rows')} rows`,
  'on_call.delete': ({ name, field }) => `the on-call list ${name} was removed by ${field('updated_by')}`,
  ...identityCenterSentences,
  ...directorySentences,
  'audit.export': ({ who, field }) =>
    `${who} exported ${field('holds') === 'all' ? 'the whole audit log' : 'a selection of the audit log'} as ${field('format')}`,
  'audit.evidence': ({ who, field }) =>
    `${who} made an evidence pack from ${field('from')} to ${field('to')}`,
  'audit.prune': ({ field }) =>
    `retention removed ${field('count')} audit events, up to number ${field('sequence')}`,
  'access.denied': ({ who, name, field }) => {
    const what = field('error_code') === 'LOCKED' ? 'by a lock' : field('right') || 'something'
    const on = name === quoted('') ? '' : ` on ${name}`
    const more = field('left_out') ? `, after ${field('left_out')} more` : ''
    return `${who} was refused ${what}${on}: ${field('method')} ${field('path')}${more}`
  },
}

function until(expires: string): string {
  return expires ? ` until ${expires}` : ''
}

function outcome(done: string, failed: string, kind: string): (event: Reader) => string {
  return ({ ok, name, why, field }) => {
    // These are about a resource: their user is the one who did it.
    const actor = field('updated_by') || field('user')
    return `${kind} ${name} ${ok ? done : failed}${actor ? ` by ${actor}` : ''}${why}`
  }
}

/** `name` is the list, `member` whom it is about. */
function membership(done: string, failed: string): (event: Reader) => string {
  return ({ ok, name, why, field }) => {
    const kind = field('member_kind') === 'list' ? 'access list' : 'user'
    const actor = field('updated_by') || field('user')
    const one = `${kind} ${quoted(field('member'))}`
    const who = field('member') === '' && field('count') !== '' ? `${field('count')} members` : one
    const did = `${who === one ? 'was' : 'were'} ${done}`
    return `${who} ${ok ? did : failed} access list ${name}${actor ? ` by ${actor}` : ''}${why}`
  }
}

function isKnown(name: string): name is AuditEventName {
  return Object.hasOwn(sentences, name)
}

function reader(event: AuditEvent): Reader {
  const field = (key: string): string => {
    const value = Object.hasOwn(event, key) ? event[key] : undefined
    if (value === true) return 'true'
    return typeof value === 'string' || typeof value === 'number' ? clean(String(value)) : ''
  }
  const names = (key: string): string => {
    const value = Object.hasOwn(event, key) ? event[key] : undefined
    return Array.isArray(value) ? clean(value.filter((one) => typeof one === 'string').join(', ')) : ''
  }
  const user = field('user')
  const by = field('updated_by')
  const error = field('error')
  return {
    ok: event.success,
    who: user || 'someone without a known name',
    names,
    name: quoted(field('name')),
    by: by && by !== user ? ` by ${by}` : '',
    why: event.success || !error ? '' : `: ${error.replace(/[\s.]+$/, '')}`,
    target: describeTarget(event['target']),
    field,
  }
}

function describeTarget(target: unknown): string {
  const [entry] = typeof target === 'object' && target !== null ? Object.entries(target) : []
  return entry === undefined ? 'something' : clean(`${entry[0]} ${String(entry[1])}`)
}

function quoted(text: string): string {
  return `"${text}"`
}

function clean(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu, '\u{fffd}')
  if (visible.length <= maxLength) return visible
  return `${visible.slice(0, maxLength - 1).replace(/\p{Surrogate}$/u, '')}…`
}
