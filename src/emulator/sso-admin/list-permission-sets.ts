/**
 * @module ListPermissionSets: the ARNs of all permission sets of the instance.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { enterInstance } from './find.js'
import { listPage } from './list-page.js'
import { instanceArn, paging } from './shapes.js'

export const listPermissionSets = defineOperation({
  name: 'ListPermissionSets',
  access: 'read',
  action: 'sso:ListPermissionSets',
  input: structure({ InstanceArn: required(instanceArn), ...paging }),
  resources: (input) => [input.InstanceArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const page = listPage(call.context, {
      rows: call.context.readable().permissionSets,
      input,
      of: ['ListPermissionSets', input.InstanceArn],
    })
    return { PermissionSets: page.rows.map((set) => set.arn), NextToken: page.nextToken }
  },
})
