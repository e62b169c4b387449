/**
 * @module ListAccountsForProvisionedPermissionSet: the accounts that have a permission set.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { enterInstance, getPermissionSet } from './find.js'
import { listPage } from './list-page.js'
import { hasStatus } from './provisioned-version.js'
import { instanceArn, paging, permissionSetArn, provisioningStatus } from './shapes.js'

export const listAccountsForProvisionedPermissionSet = defineOperation({
  name: 'ListAccountsForProvisionedPermissionSet',
  access: 'read',
  action: 'sso:ListAccountsForProvisionedPermissionSet',
  input: structure({
    InstanceArn: required(instanceArn),
    PermissionSetArn: required(permissionSetArn),
    ProvisioningStatus: optional(provisioningStatus),
    ...paging,
  }),
  resources: (input) => [input.InstanceArn, input.PermissionSetArn],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const tables = call.context.readable()
    const { arn } = getPermissionSet(tables, input.PermissionSetArn)
    const page = listPage(call.context, {
      rows: tables.provisionedSets.by('permissionSet', arn),
      keep: hasStatus(tables, input.ProvisioningStatus),
      input,
      of: ['ListAccountsForProvisionedPermissionSet', arn, input.ProvisioningStatus],
    })
    return { AccountIds: page.rows.map((row) => row.accountId), NextToken: page.nextToken }
  },
})
