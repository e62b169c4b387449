/**
 * @module Which roles the patterns and claims of `request` and `review_requests` name, for one holder. Patterns are
 * parsed once for each role; a role counts by each of its names (T25).
 */
import { parseMatcher, type Matcher } from '../matcher.js'
import type { ClaimMapping, Role } from '../role/role.js'
import type { Traits } from '../user/user.js'

/** The part that `request` and `review_requests` have in common. */
export interface NamedRoles {
  readonly roles: readonly string[]
  readonly claimsToRoles: readonly ClaimMapping[]
}

/** Whether any of the names of one role is meant. */
export type NamesRole = (names: readonly string[]) => boolean

/** What one condition names for a holder with these traits. */
export function compileNamedRoles(condition: NamedRoles, traits: Traits): NamesRole {
  const { patterns, claimed } = listNamed(condition, traits)
  return (names) =>
    names.some((name) => claimed.has(name) || patterns.some((pattern) => pattern.matches(name)))
}

/** The patterns of a condition, and the names that the traits of the holder claim, for whoever tries them by themselves. */
export function listNamed(
  condition: NamedRoles,
  traits: Traits,
): { readonly patterns: readonly Matcher[]; readonly claimed: ReadonlySet<string> } {
  const { patterns, claims } = parse(condition)
  const claimed = new Set(claims.flatMap((claim) => (isClaimed(claim, traits) ? claim.mapping.roles : [])))
  return { patterns, claimed }
}

/** What roles allow to ask for, and deny, by name alone. */
export interface RequestRules {
  /** Names of the roles whose `request.roles` or claims allow it; sorted. */
  readonly allowedBy: NamesAllowing
  /** The role that denies it; the first one by name. */
  readonly deniedBy: (names: readonly string[]) => string | undefined
}
type NamesAllowing = (names: readonly string[]) => readonly string[]

/** For many questions about one person: each condition is looked at once. */
export function requestRules(roles: readonly Role[], traits: Traits): RequestRules {
  const sorted = [...roles].sort((a, b) => (a.name < b.name ? -1 : 1))
  const side = (of: 'allow' | 'deny') =>
    sorted.flatMap(({ name, [of]: { request } }) =>
      request === undefined ? [] : [{ name, covers: compileNamedRoles(request, traits) }],
    )
  const allow = side('allow')
  const deny = side('deny')
  return {
    allowedBy: (names) => allow.filter(({ covers }) => covers(names)).map(({ name }) => name),
    deniedBy: (names) => deny.find(({ covers }) => covers(names))?.name,
  }
}

interface Parsed {
  readonly patterns: readonly Matcher[]
  readonly claims: readonly { readonly mapping: ClaimMapping; readonly value: Matcher }[]
}

const known = new WeakMap<NamedRoles, Parsed>()

function parse(condition: NamedRoles): Parsed {
  const found = known.get(condition)
  if (found !== undefined) return found
  const parsed = {
    patterns: [...new Set(condition.roles)].map((role) => parseMatcher(role, 'roles')),
    claims: condition.claimsToRoles.map((mapping) => ({
      mapping,
      value: parseMatcher(mapping.value, 'claims_to_roles.value'),
    })),
  }
  known.set(condition, parsed)
  return parsed
}

function isClaimed({ mapping, value }: Parsed['claims'][number], traits: Traits): boolean {
  // Own members only: names of traits come from people.
  const values = Object.hasOwn(traits, mapping.claim) ? (traits[mapping.claim] ?? []) : []
  return values.some(value.matches)
}
