/**
 * @module What AWS lets stand in the attributes of users and groups, whichever way they come: SCIM and the Identity
 * Store API hold values to the same rules, and word their refusals each in its own way.
 */

/** Bounds of a text; the length counts code points, the pattern is matched against the whole value. */
export interface TextRule {
  readonly min: number
  readonly max: number
  readonly pattern: RegExp
}

const visible = '\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}'

/** No space of any kind. */
export const userNameRule: TextRule = { min: 1, max: 128, pattern: new RegExp(`[${visible}]+`, 'u') }

export const externalIdRule: TextRule = { min: 1, max: 256, pattern: new RegExp(`[${visible}]+`, 'u') }

/** Every other text of a user, and a group's description; with the no-break and the ideographic space. */
export const textRule: TextRule = {
  min: 1,
  max: 1024,
  pattern: new RegExp(`[${visible}\\t\\n\\r \u00a0\u3000]+`, 'u'),
}

/** The published pattern of group names, unlike that of texts, has no ideographic space. */
export const groupNameRule: TextRule = {
  min: 1,
  max: 1024,
  pattern: new RegExp(`[${visible}\\t\\n\\r \u00a0]+`, 'u'),
}

/** Ids of users, groups and memberships: UUID-like, with the prefix of older identity stores. */
export const idRule: TextRule = {
  min: 1,
  max: 47,
  pattern: /([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}/u,
}

/** Whether a text keeps to a rule. */
export function isWithin(rule: TextRule, value: string): boolean {
  // UTF-16 units are at most twice the code points: what is longer than that is refused without being looked at.
  if (value.length > 2 * rule.max) return false
  const length = [...value].length
  return (
    length >= rule.min && length <= rule.max && new RegExp(`^(?:${rule.pattern.source})$`, 'u').test(value)
  )
}

/** Names that neither a user nor a group may have. */
export const reservedNames: readonly string[] = ['Administrator', 'AWSAdministrators']

/** AWS's default quotas of one identity store. */
export const userQuota = 200_000
export const groupQuota = 100_000
