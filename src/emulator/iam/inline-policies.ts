/**
 * @module The inline policies of a role by name; roles of Identity Center have none here.
 */
import type { PolicyText } from '../state/iam.js'
import { noSuchEntity } from './errors.js'
import type { AnyRole } from './roles.js'

export function inlinePoliciesOf(role: AnyRole): Readonly<Record<string, PolicyText>> {
  return 'permissionSet' in role ? {} : role.inlinePolicies
}

/** @throws AwsError `NoSuchEntity` */
export function findInlinePolicy(role: AnyRole, name: string): PolicyText {
  const policies = inlinePoliciesOf(role)
  const text = Object.hasOwn(policies, name) ? policies[name] : undefined
  if (text === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`)
  return text
}
