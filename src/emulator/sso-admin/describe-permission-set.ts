/**
 * @module DescribePermissionSet: one permission set.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { enterInstance, getPermissionSet } from './find.js'
import { describePermissionSetRow } from './permission-set-output.js'
import { instanceArn, permissionSetArn } from './shapes.js'

export const describePermissionSet = defineOperation({
  name: 'DescribePermissionSet',
  access: 'read',
  action: 'sso:DescribePermissionSet',
  input: structure({ InstanceArn: required(instanceArn), PermissionSetArn: required(permissionSetArn) }),
  resources: (input) => [input.InstanceArn, input.PermissionSetArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const set = getPermissionSet(call.context.readable(), input.PermissionSetArn)
    return { PermissionSet: describePermissionSetRow(set) }
  },
})
