/**
 * @module What conditions of policies can ask about a caller and the circumstances of a call.
 */
import type { Call } from '../aws/operation.js'
import type { IamRole } from '../state/iam.js'
import { conditionKeys, type ConditionKeys } from './condition-keys.js'

/** ARN of a role that a customer made. */
export function roleArn({ accountId, path, name }: Pick<IamRole, 'accountId' | 'path' | 'name'>): string {
  return `arn:aws:iam::${accountId}:role${path}${name}`
}

/** The role whose session calls; undefined for long-lived keys, and for a role that was deleted since. */
export function roleOfCaller({ context, caller }: Pick<Call, 'context' | 'caller'>): IamRole | undefined {
  if (caller.roleKey === undefined) return undefined
  const role = context.state.tables.iamRoles.get(caller.roleKey)
  // A session is of the role that was, not of a later one of its name.
  return role !== undefined && caller.userId.startsWith(`${role.id}:`) ? role : undefined
}

/** `more` are keys that only this call has, such as `sts:ExternalId`. */
export function callerKeys(
  call: Pick<Call, 'context' | 'caller' | 'now' | 'region'>,
  more: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): ConditionKeys {
  const { caller, context, now } = call
  const role = roleOfCaller(call)
  const isSession = caller.sessionToken !== undefined
  const tags = Object.entries(role?.tags ?? {}).map(
    ([key, value]) => [`aws:PrincipalTag/${key}`, value] as const,
  )
  return conditionKeys({
    ...Object.fromEntries(tags),
    'aws:PrincipalArn': role === undefined ? caller.arn : roleArn(role),
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalOrgID': context.state.ids.organizationId,
    'aws:PrincipalType': isSession ? 'AssumedRole' : 'User',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': caller.userId,
    'aws:username': isSession ? undefined : caller.arn.slice(caller.arn.lastIndexOf('/') + 1),
    // Sessions say that there was no second factor; long-lived keys say nothing about it.
    'aws:MultiFactorAuthPresent': isSession ? 'false' : undefined,
    'aws:RequestedRegion': call.region,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    // The emulator stands in for AWS's addresses, which speak TLS only.
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    ...more,
  })
}
