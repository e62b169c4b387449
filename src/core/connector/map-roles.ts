/**
 * @module From claims to roles. Each line of a mapping names a claim, a value, and the roles of whoever has it. The value
 * is a literal, a glob or a `^regex$` (RE2), as in roles; what a `*` or a group took can be used in the names of the
 * roles as `$1`, `${1}` or `${name}`. A role is the text of the line with those filled in, and nothing of the claim that
 * the pattern did not take. Every answer says which line gave which role, and which gave none.
 */
import { RE2JS } from 're2js'
import { compileRegex, isRegexPattern, parseMatcher } from '../matcher.js'
import { expandMatch } from '../replace.js'
import type { Claims } from './identity.js'

export interface RoleMapping {
  readonly claim: string
  readonly value: string
  readonly roles: readonly string[]
}

/** What one line of the mapping came to. */
export interface MappedLine extends RoleMapping {
  /** Values of the claim that it took; none: it gave nothing. */
  readonly matched: readonly string[]
  /** What it gave, each once. */
  readonly given: readonly string[]
}

export interface MappedRoles {
  /** Each once, in the order of the lines. */
  readonly roles: readonly string[]
  /** One for each line. */
  readonly lines: readonly MappedLine[]
}

/** @throws GatewayError `INVALID_MATCHER` for a value that is no pattern; `field` names its place. */
export function assertMappingValue(value: string, field: string): void {
  parseMatcher(value, field)
}

/** The roles that the claims give. The lines were checked by {@link assertMappingValue}. */
export function mapRoles(mappings: readonly RoleMapping[], claims: Claims): MappedRoles {
  const lines = mappings.map((mapping): MappedLine => {
    const values = Object.hasOwn(claims, mapping.claim) ? (claims[mapping.claim] ?? []) : []
    const regex = regexOf(mapping.value)
    const matched = values.filter((value) => regex.test(value))
    const given = matched.flatMap((value) =>
      mapping.roles.map((role) => expandMatch(value, regex, role) ?? ''),
    )
    return { ...mapping, matched, given: [...new Set(given)].filter((role) => role !== '') }
  })
  return { roles: [...new Set(lines.flatMap(({ given }) => given))], lines }
}

/** A glob and a literal cover the whole value, line breaks included; a `^regex$` is as written. */
function regexOf(value: string): RE2JS {
  if (isRegexPattern(value)) return compileRegex(value, 'value')
  const pieces = value.split('*').map((piece) => RE2JS.quote(piece))
  return compileRegex(`(?s)^${pieces.join('(.*)')}$`, 'value')
}
