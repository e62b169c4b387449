/**
 * @module Which events a selection means, where the columns of a database cannot tell: words, resource, address and
 * code. An event is judged by its values, never by the names of its fields, so that "user" finds not everything.
 */

/** Everything that is left out holds for every event. */
export interface AuditSelection {
  readonly type?: readonly string[] | undefined
  readonly user?: string | undefined
  readonly success?: boolean | undefined
  /** RFC 3339; at or after. */
  readonly from?: string | undefined
  /** RFC 3339; before. */
  readonly to?: string | undefined
  /** Words that must all stand somewhere in the values of an event, in any case. */
  readonly search?: string | undefined
  /** The kind of the resource that it is about, such as `role`. */
  readonly kind?: string | undefined
  /** The name of the resource that it is about, of a member, or of the application. */
  readonly name?: string | undefined
  readonly address?: string | undefined
  readonly code?: string | undefined
}

const maxWords = 10

/** Beginnings of event names and the kind of resource that such events are about; the longest that fits counts. */
const kindOfNames: readonly (readonly [string, string])[] = [
  ['saml.idp.service.provider.', 'saml_idp_service_provider'],
  ['saml.idp.auth', 'saml_idp_service_provider'],
  ['user.', 'user'],
  ['mfa.', 'user'],
  ['role.', 'role'],
  ['lock.', 'lock'],
  ['access_list.', 'access_list'],
  ['user_login.invalid_access_list', 'access_list'],
  ['access_request.', 'access_request'],
  ['access_review_rule.', 'access_review_rule'],
  ['auth_preference.', 'cluster_auth_preference'],
  ['integration.', 'integration'],
  ['plugin.', 'plugin'],
  ['aws_identity_center.', 'plugin'],
  ['api_token.', 'token'],
  ['webhook.', 'webhook'],
  ['device.', 'device'],
  ['login_rule.', 'login_rule'],
  ['oidc.', 'oidc'],
  ['saml.', 'saml'],
  ['github.', 'github'],
]

/** The kinds that {@link kindOfEvent} can answer, sorted. */
export const auditKinds: readonly string[] = [...new Set(kindOfNames.map(([, kind]) => kind))].sort()

/** The kind of resource that an event is about; undefined where it is about none. */
export function kindOfEvent(event: string): string | undefined {
  let found: readonly [string, string] | undefined
  for (const entry of kindOfNames) {
    if (event.startsWith(entry[0]) && entry[0].length > (found?.[0].length ?? 0)) found = entry
  }
  return found?.[1]
}

const nameFields = [
  'name',
  'member',
  'access_list_name',
  'access_list_title',
  'service_provider_name',
  'service_provider_entity_id',
  'connector',
  'id',
]

/** A test for stored events, or undefined where the selection asks for nothing that needs one. */
export function buildMatcher(selection: AuditSelection): ((json: string) => boolean) | undefined {
  const { kind, name, address, code } = selection
  const words = wordsOf(selection.search ?? '')
  if (words.length === 0 && [kind, name, address, code].every((value) => value === undefined))
    return undefined
  return (json) => {
    // Most events are passed over by their text alone. What JSON escapes differs there, so those words wait.
    const text = words.length > 0 ? json.toLowerCase() : ''
    if (words.some((word) => !/["\\\u0000-\u001f\ud800-\udfff]/.test(word) && !text.includes(word)))
      return false
    const event = parseEvent(json)
    if (event === undefined) return false
    if (code !== undefined && event['code'] !== code) return false
    if (address !== undefined && event['addr.remote'] !== address) return false
    if (kind !== undefined && kindOfEvent(String(event['event'])) !== kind) return false
    if (name !== undefined && !nameFields.some((field) => event[field] === name)) return false
    if (words.length === 0) return true
    const values = textsOf(event).map((value) => value.toLowerCase())
    return words.every((word) => values.some((value) => value.includes(word)))
  }
}

/** In small letters, at most ten. */
export function wordsOf(search: string): string[] {
  const words = search.toLowerCase().split(/\s+/)
  return words.filter((word) => word !== '').slice(0, maxWords)
}

function parseEvent(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined // written past the gateway; verification tells of it
  }
}

/** Every text and number in it, however deep; the name of the cluster is in all of them and left out. */
function textsOf(event: Readonly<Record<string, unknown>>): string[] {
  const texts: string[] = []
  const waiting: unknown[] = Object.entries(event).flatMap(([key, value]) =>
    key === 'cluster_name' ? [] : [value],
  )
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') texts.push(value)
    else if (typeof value === 'number') texts.push(String(value))
    else if (typeof value === 'object' && value !== null)
      for (const one of Object.values(value)) waiting.push(one)
  }
  return texts
}
