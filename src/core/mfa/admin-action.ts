/**
 * @module Whether an act of an administrator takes a fresh second factor: those that hand out access or weaken what
 * guards it, where the cluster asks for session MFA, or any of the roles that allow the act does. Machine users have no
 * factors, and are asked for none.
 */
import { roleReason, type Reason } from '../role/decision.js'
import { decideRight, type Right } from '../role/right.js'
import type { ClusterAuthPreference, Role, SessionMfa } from '../role/role.js'
import { nameNeed, needOf, strictestNeed, type FactorNeed } from './strength.js'

const everyWrite = ['create', 'update', 'delete', 'rotate']

/** By the resource of the right; what is not here hands out nothing by itself. */
const guarded: Readonly<Record<string, readonly string[]>> = {
  user: everyWrite,
  role: everyWrite,
  token: everyWrite,
  cluster_auth_preference: everyWrite,
  saml_idp_service_provider: everyWrite,
  oidc: everyWrite,
  saml: everyWrite,
  github: everyWrite,
  // What it makes of claims gives roles.
  login_rule: everyWrite,
  plugin: everyWrite,
  integration: everyWrite,
  cert_authority: everyWrite,
  // Lists give roles to whoever is in them, and their owners decide on them.
  access_list: everyWrite,
  access_list_member: everyWrite,
  // Both say who is approved without anybody being asked.
  access_review_rule: everyWrite,
  on_call: everyWrite,
  // A device vouches for whoever enrols it, by such a token.
  device: [...everyWrite, 'create_enroll_token'],
  // Locking takes access away and must not wait for anything.
  lock: ['update', 'delete'],
}

/**
 * Kinds and verbs that take none: a webhook tells what happened and decides nothing, and to lock somebody must not wait.
 * Every kind of resource is in one of the two tables, whole.
 */
export const unguarded: Readonly<Record<string, readonly string[]>> = {
  webhook: everyWrite,
  lock: ['create'],
}

export function isGuarded({ resource, verb }: Right): boolean {
  return guarded[resource]?.includes(verb) === true
}

export interface ActMfa {
  readonly need: FactorNeed
  /** Who asks for it; empty with `none`. */
  readonly reasons: readonly Reason[]
}

/** What the acts of one change take together. `roles` are those of the person who makes it. */
export function judgeActs(
  acts: readonly Right[],
  roles: readonly Role[],
  { requireSessionMfa }: Pick<ClusterAuthPreference, 'requireSessionMfa'>,
): ActMfa {
  const asking = acts.filter(isGuarded)
  if (asking.length === 0) return { need: 'none', reasons: [] }
  const modes: SessionMfa[] = [requireSessionMfa]
  const reasons: Reason[] = []
  if (requireSessionMfa !== 'off') {
    reasons.push({
      rule: 'require_session_mfa',
      effect: 'requires',
      says: `The cluster ${says(requireSessionMfa)}.`,
    })
  }
  for (const role of roles) {
    const { requireSessionMfa: mode } = role.options
    // Without the resource: a rule that may allow it counts.
    if (mode === 'off' || asking.every((act) => decideRight([role], act).effect === 'deny')) continue
    modes.push(mode)
    reasons.push(roleReason(role, 'require_session_mfa', 'requires', says(mode)))
  }
  return { need: strictestNeed(modes.map(needOf)), reasons }
}

function says(mode: SessionMfa): string {
  const need = needOf(mode)
  return `requires ${nameNeed(need === 'none' ? 'factor' : need)} for changes that hand out access or weaken it`
}
