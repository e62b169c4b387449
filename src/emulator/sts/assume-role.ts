/**
 * @module AssumeRole: a caller with credentials takes on a role that trusts it. Where the role names the caller and
 * both are of one account, that is enough; otherwise the caller's own policies must allow it, too.
 */
import { findDenial, isDeniedDespiteTrust } from '../access/authorise.js'
import { callerKeys, roleArn, roleOfCaller } from '../access/caller-keys.js'
import { judgeTrust } from '../access/trust.js'
import { defineOperation, type Call } from '../aws/operation.js'
import { list, optional, required, string, structure } from '../aws/shape.js'
import { notEmulated } from '../iam/errors.js'
import { tags } from '../iam/shapes.js'
import type { IamRole } from '../state/iam.js'
import { accessDenied, findRoleByArn } from './roles.js'
import { startSession } from './session.js'
import { arn, durationSeconds, policyArns, policyPattern, roleSessionName } from './shapes.js'

const action = 'sts:AssumeRole'

/** What AWS takes and the emulator refuses aloud. */
const unbuilt = {
  PolicyArns: optional(policyArns),
  Tags: optional(tags),
  TransitiveTagKeys: optional(
    list(string({ min: 1, max: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u }), { max: 50 }),
  ),
  SerialNumber: optional(string({ min: 9, max: 256, pattern: /[\w+=/:,.@-]*/ })),
  TokenCode: optional(string({ min: 6, max: 6, pattern: /[\d]*/ })),
  SourceIdentity: optional(string({ min: 2, max: 64, pattern: /[\w+=,.@-]*/ })),
  ProvidedContexts: optional(
    list(
      structure({
        ProviderArn: optional(arn),
        ContextAssertion: optional(string({ min: 4, max: 2048 })),
      }),
      { min: 1, max: 5 },
    ),
  ),
}

export const assumeRole = defineOperation({
  name: 'AssumeRole',
  access: 'write',
  // Judged below, together with the role's trust.
  action: undefined,
  input: structure({
    RoleArn: required(arn),
    RoleSessionName: required(roleSessionName),
    Policy: optional(string({ min: 1, pattern: policyPattern })),
    DurationSeconds: optional(durationSeconds),
    ExternalId: optional(string({ min: 2, max: 1224, pattern: /[\w+=,.@:\/-]*/ })),
    ...unbuilt,
  }),
  handle(input, call) {
    for (const [name, value] of Object.entries(input)) {
      if (Object.hasOwn(unbuilt, name) && value !== undefined) throw notEmulated(`${name} of AssumeRole`)
    }
    const { RoleArn, RoleSessionName: sessionName, ExternalId: externalId } = input
    const { role } = findRoleByArn(call.context, RoleArn)
    if (role === undefined || !isTrusted(call, role, { sessionName, externalId }))
      throw refused(call, RoleArn)
    return {
      ...startSession(call, {
        role,
        sessionName,
        durationSeconds: input.DurationSeconds,
        policy: input.Policy,
        isChained: call.caller.sessionToken !== undefined,
      }),
    }
  },
})

interface Circumstances {
  readonly sessionName: string
  readonly externalId: string | undefined
}

function isTrusted(call: Call, role: IamRole, { sessionName, externalId }: Circumstances): boolean {
  const { caller } = call
  const callerRole = roleOfCaller(call)
  const principal = {
    accountId: caller.accountId,
    arn: caller.arn,
    ...(callerRole !== undefined && { roleArn: roleArn(callerRole) }),
  }
  const keys = callerKeys(call, { 'sts:ExternalId': externalId, 'sts:RoleSessionName': sessionName })
  const trust = judgeTrust(role.trustPolicy, { aws: principal }, action, keys)
  if (trust.effect === 'refuse') return false
  const resource = roleArn(role)
  return trust.trusts === 'principal' && caller.accountId === role.accountId
    ? !isDeniedDespiteTrust(call, action, resource)
    : findDenial(call, action, [resource]) === undefined
}

/** The same words whether the role is missing, does not trust the caller, or the caller lacks the permission. */
function refused({ caller }: Call, resource: string): Error {
  return accessDenied(`User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`)
}
