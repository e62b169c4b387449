/**
 * @module The patterns of a role, parsed once. Roles are immutable values, so what was parsed is remembered with
 * the role object and goes with it; a decision over hundreds of roles then only compares.
 */
import { compileSelector, type CompiledSelector } from './label-selector.js'
import type { Role } from './role.js'

export interface CompiledRole {
  readonly allowLabels: CompiledSelector
  readonly denyLabels: CompiledSelector
}

const known = new WeakMap<Role, CompiledRole>()

/**
 * The parsed patterns of a role.
 * @throws GatewayError `INVALID_MATCHER`, `INVALID_TEMPLATE` for a role that no parser of ours let through.
 */
export function compileRole(role: Role): CompiledRole {
  const found = known.get(role)
  if (found !== undefined) return found
  const compiled = {
    allowLabels: compileSelector(role.allow.appLabels, `role ${role.name}: spec.allow.app_labels`),
    denyLabels: compileSelector(role.deny.appLabels, `role ${role.name}: spec.deny.app_labels`),
  }
  known.set(role, compiled)
  return compiled
}
