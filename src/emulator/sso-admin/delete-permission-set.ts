/**
 * @module DeletePermissionSet: only one that no account has and nobody is being given.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import type { Tables } from '../state/tables.js'
import { requireMayAlter } from './callers.js'
import { conflict } from './errors.js'
import { enterInstance, getPermissionSet } from './find.js'
import { instanceArn, permissionSetArn } from './shapes.js'

export const deletePermissionSet = defineOperation({
  name: 'DeletePermissionSet',
  access: 'write',
  action: 'sso:DeletePermissionSet',
  input: structure({ InstanceArn: required(instanceArn), PermissionSetArn: required(permissionSetArn) }),
  resources: (input) => [input.InstanceArn, input.PermissionSetArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const { tables } = call.context.state
    const { arn, name } = getPermissionSet(tables, input.PermissionSetArn)
    requireMayAlter(call, arn)
    if (isInUse(tables, arn)) {
      throw conflict(`The permission set ${name} is assigned or provisioned and cannot be deleted`)
    }
    call.context.commit({ table: 'permissionSets', delete: arn })
    return {}
  },
})

function isInUse(tables: Tables, arn: string): boolean {
  return (
    tables.provisionedSets.by('permissionSet', arn).size > 0 ||
    tables.assignments.by('permissionSet', arn).size > 0 ||
    tables.assignmentRequests
      .by('outstandingOf', 'create')
      .rows()
      .some(({ permissionSetArn }) => permissionSetArn === arn)
  )
}
