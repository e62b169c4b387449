/**
 * @module What is odd about a role that is valid: one that opens or closes more than its text seems to say, entries
 * of account_assignments that match nothing, rules on kinds that there are none of. Notes, never refusals: a role
 * may be written before what it names exists.
 */
import type { Inventory } from '../../core/inventory/inventory.js'
import { suggest } from '../../core/nearest.js'
import type { Role, RoleConditions } from '../../core/role/role.js'
import { warnOfAssignments } from './assignment-warnings.js'

/**
 * Kinds that rules may name: those of documents, those that the gateway keeps itself, and those of roles that are
 * written for parts of the reference product which this version has not yet.
 */
export const ruleKinds: readonly string[] = [
  'user',
  'role',
  'token',
  'saml_idp_service_provider',
  'cluster_auth_preference',
  'lock',
  'event',
  'session',
  'cert_authority',
  'metrics',
  'access_list',
  'access_list_member',
  'access_request',
  'access_review_rule',
  'on_call',
  'oidc',
  'saml',
  'github',
  'login_rule',
  'device',
  'plugin',
  'integration',
  'webhook',
]

/** Longer lists help nobody; what is left out is counted. */
const maxUnknownKinds = 10

/** The parts of one side of a role that have an effect in its version, in the words of the document. */
export function listParts(conditions: RoleConditions, version: Role['version']): string[] {
  const seesLabels = version === 'v8'
  const parts: Readonly<Record<string, boolean>> = {
    app_labels: seesLabels && Object.keys(conditions.appLabels).length > 0,
    app_labels_expression: seesLabels && conditions.appLabelsExpression !== undefined,
    account_assignments: conditions.accountAssignments.length > 0,
    rules: conditions.rules.length > 0,
    request: conditions.request !== undefined,
    review_requests: conditions.reviewRequests !== undefined,
  }
  return Object.keys(parts).filter((part) => parts[part])
}

/** What a stored role up to v7 does with every application; undefined for v8, which looks at labels. */
export function describeApplications({ version, options }: Role): string | undefined {
  if (version === 'v8') return undefined
  return options.samlIdpEnabled ? 'every application' : 'no application (idp.saml off)'
}

/** `inventory` is undefined for who may not see what it holds. */
export function listNotes(role: Role, inventory: Inventory | undefined): string[] {
  return [...noteEffect(role), ...noteRules(role), ...warnOfAssignments(role, inventory)]
}

function noteEffect({ name, version, allow, deny, options }: Role): string[] {
  if (version === 'v8') {
    const isEmpty = listParts(allow, version).length === 0 && listParts(deny, version).length === 0
    return isEmpty ? [`Role "${name}" neither allows nor denies anything.`] : []
  }
  return options.samlIdpEnabled
    ? [
        `Role "${name}" (${version}) opens every application: roles up to v7 do not look at labels. ` +
          'Write v8 with app_labels to limit it.',
      ]
    : [`Role "${name}" forbids sign-in to every application to whoever holds it.`]
}

function noteRules({ allow, deny }: Role): string[] {
  const named = new Set([...allow.rules, ...deny.rules].flatMap(({ resources }) => resources))
  const unknown = [...named].filter((kind) => kind !== '*' && !ruleKinds.includes(kind))
  const notes = unknown.slice(0, maxUnknownKinds).map((kind) => {
    const nearest = suggest(kind, ruleKinds)
    return `"${shorten(kind)}" is not a kind that this gateway knows${nearest}; the rule has no effect on it.`
  })
  const more = unknown.length - notes.length
  return more > 0 ? [...notes, `and ${more} more kinds that it does not know.`] : notes
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
