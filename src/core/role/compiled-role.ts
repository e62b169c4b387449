/**
 * @module The patterns of a role, parsed once. Roles are immutable values, so what was parsed is remembered with
 * the role object and goes with it; a decision over hundreds of roles then only compares.
 */
import { compileCondition, type Condition } from './condition.js'
import { compileSelector, type CompiledSelector } from './label-selector.js'
import type { Role } from './role.js'

export interface CompiledRole {
  readonly allowLabels: CompiledSelector
  readonly denyLabels: CompiledSelector
  /** Undefined where the role has none. */
  readonly allowExpression: Condition | undefined
  readonly denyExpression: Condition | undefined
}

const known = new WeakMap<Role, CompiledRole>()

/**
 * The parsed patterns of a role.
 * @throws GatewayError `INVALID_MATCHER`, `INVALID_TEMPLATE` for a role that no parser of ours let through.
 */
export function compileRole(role: Role): CompiledRole {
  const found = known.get(role)
  if (found !== undefined) return found
  const compiled: CompiledRole = {
    allowLabels: compileSelector(role.allow.appLabels, `role ${role.name}: spec.allow.app_labels`),
    denyLabels: compileSelector(role.deny.appLabels, `role ${role.name}: spec.deny.app_labels`),
    allowExpression: compileExpression(role, 'allow'),
    denyExpression: compileExpression(role, 'deny'),
  }
  known.set(role, compiled)
  return compiled
}

function compileExpression(role: Role, side: 'allow' | 'deny'): Condition | undefined {
  const text = role[side].appLabelsExpression
  const field = `role ${role.name}: spec.${side}.app_labels_expression`
  return text === undefined ? undefined : compileCondition(text, field, 'labels')
}
