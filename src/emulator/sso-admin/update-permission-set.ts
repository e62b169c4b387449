/**
 * @module UpdatePermissionSet: changes what the permission set gives from its next provisioning on; accounts that have
 * it keep the version that they have until then.
 *
 * A RelayState that is left out is cleared, as clients of AWS found out (terraform-provider-aws#17411); other members
 * that are left out stay.
 */
import { isDeepStrictEqual } from 'node:util'
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { requireMayAlter } from './callers.js'
import { enterInstance, getPermissionSet } from './find.js'
import { requireSessionDuration } from './permission-set-output.js'
import { description, instanceArn, permissionSetArn, relayState, sessionDuration } from './shapes.js'

export const updatePermissionSet = defineOperation({
  name: 'UpdatePermissionSet',
  access: 'write',
  action: 'sso:UpdatePermissionSet',
  input: structure({
    InstanceArn: required(instanceArn),
    PermissionSetArn: required(permissionSetArn),
    Description: optional(description),
    SessionDuration: optional(sessionDuration),
    RelayState: optional(relayState),
  }),
  resources: (input) => [input.InstanceArn, input.PermissionSetArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    if (input.SessionDuration !== undefined) requireSessionDuration(input.SessionDuration)
    const known = getPermissionSet(call.context.state.tables, input.PermissionSetArn)
    requireMayAlter(call, known.arn)
    const { relayState: _cleared, ...kept } = known
    const changed = {
      ...kept,
      ...(input.Description !== undefined && { description: input.Description }),
      ...(input.SessionDuration !== undefined && { sessionDuration: input.SessionDuration }),
      ...(input.RelayState !== undefined && { relayState: input.RelayState }),
    }
    if (!isDeepStrictEqual(changed, known)) {
      call.context.commit({ table: 'permissionSets', put: { ...changed, version: known.version + 1 } })
    }
    return {}
  },
})
