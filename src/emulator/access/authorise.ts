/**
 * @module Whether a caller's policies allow an action on resources: those of its long-lived key or of its role, as the
 * role is now, less what the policies of the session do not allow. Service control policies are not emulated.
 */
import type { Call } from '../aws/operation.js'
import type { PolicyText } from '../state/iam.js'
import { callerKeys, roleOfCaller } from './caller-keys.js'
import { findManagedPolicy } from './managed-policies.js'
import { judge, type AccessQuestion, type Policy } from './policy.js'
import { readPolicy } from './policy-cache.js'

/** Which kinds of policies there are, as the refusal names them. */
type PolicySource = 'identity-based' | 'session'

/** The message of the refusal, in AWS's form, or undefined where every resource is allowed. */
export function findDenial(
  call: Pick<Call, 'context' | 'caller' | 'now' | 'region'>,
  action: string,
  resources: readonly string[],
): string | undefined {
  const { caller } = call
  const own = read(policiesOf(call))
  const session = caller.sessionPolicies === undefined ? undefined : read(caller.sessionPolicies)
  const keys = callerKeys(call)
  for (const resource of resources) {
    const reason = findReason({ action, resource, keys }, own, session)
    if (reason !== undefined) {
      return `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`
    }
  }
  return undefined
}

/**
 * Whether something still forbids the action to a caller whom the role's trust policy names, and who needs no
 * permission of its own: an explicit deny, or policies of its session that do not allow it.
 */
export function isDeniedDespiteTrust(
  call: Pick<Call, 'context' | 'caller' | 'now' | 'region'>,
  action: string,
  resource: string,
): boolean {
  const question = { action, resource, keys: callerKeys(call) }
  const { sessionPolicies } = call.caller
  if (judge(read(policiesOf(call)), question) === 'denied-explicitly') return true
  return sessionPolicies !== undefined && judge(read(sessionPolicies), question) !== 'allowed'
}

function findReason(
  question: AccessQuestion,
  own: readonly Policy[],
  session: readonly Policy[] | undefined,
): string | undefined {
  const byOwn = judge(own, question)
  // No session policy at all takes nothing away.
  const bySession = session === undefined ? 'allowed' : judge(session, question)
  if (byOwn === 'denied-explicitly') return explicitly('identity-based')
  if (bySession === 'denied-explicitly') return explicitly('session')
  if (byOwn === 'denied') return silently('identity-based', question.action)
  if (bySession === 'denied') return silently('session', question.action)
  return undefined
}

function explicitly(source: PolicySource): string {
  return `with an explicit deny in ${source === 'session' ? 'a session policy' : 'an identity-based policy'}`
}

function silently(source: PolicySource, action: string): string {
  return `because no ${source} policy allows the ${action} action`
}

function policiesOf(call: Pick<Call, 'context' | 'caller'>): readonly PolicyText[] {
  const { caller } = call
  if (caller.roleKey === undefined) return caller.policies ?? []
  // A role that is gone has no policies, so that its sessions may do nothing any more.
  const role = roleOfCaller(call)
  if (role === undefined) return []
  const managed = role.attachedPolicies.map(findManagedPolicy).filter((text) => text !== undefined)
  return [...Object.values(role.inlinePolicies), ...managed]
}

function read(texts: readonly PolicyText[]): readonly Policy[] {
  return texts.map((text) => readPolicy(text, 'identity'))
}
