/**
 * @module What every decision carries: its reasons. A reason names the role and the rule that spoke and says one
 * sentence for people; reasons are sorted so that what decided comes first and the order of roles never shows.
 */
import type { Role, RoleVersion } from './role.js'

export interface Reason {
  /** Absent where the cluster or the set of roles as a whole spoke. */
  readonly role?: string
  readonly version?: RoleVersion
  /** Where in the role or cluster it stands: `app_labels`, `rules`, `cluster`, `device_trust_mode` ... */
  readonly rule: string
  readonly effect: 'allow' | 'deny' | 'no_match' | 'requires'
  /** One sentence. */
  readonly says: string
}

/** An administrative decision: what may be done with which kind of resource. */
export interface Decision {
  /** `conditional`: it takes the resource to know, and none was given. */
  readonly effect: 'allow' | 'deny' | 'conditional'
  readonly because:
    'allowed_by_rule' | 'allowed_for_everyone' | 'denied_by_rule' | 'no_rule_matches' | 'depends_on_resource'
  readonly reasons: readonly Reason[]
}

const ranks: Readonly<Record<Reason['effect'], number>> = { deny: 0, requires: 1, no_match: 2, allow: 3 }

/** Denials first, then what is required, what did not match, what allows; those of no single role before others. */
export function sortReasons(reasons: readonly Reason[]): Reason[] {
  return [...reasons].sort(
    (a, b) =>
      ranks[a.effect] - ranks[b.effect] ||
      compare(a.role ?? '', b.role ?? '') ||
      compare(a.rule, b.rule) ||
      compare(a.says, b.says),
  )
}

/** A reason that a role gives; `says` follows the role's name and version. */
export function roleReason(role: Role, rule: string, effect: Reason['effect'], says: string): Reason {
  return {
    role: role.name,
    version: role.version,
    rule,
    effect,
    says: `Role "${role.name}" (${role.version}) ${says}.`,
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
