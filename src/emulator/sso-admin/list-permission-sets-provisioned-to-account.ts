/**
 * @module ListPermissionSetsProvisionedToAccount: the permission sets that an account has.
 */
import { defineOperation } from '../aws/operation.js'
import { optional, required, structure } from '../aws/shape.js'
import { enterInstance, requireAccount } from './find.js'
import { listPage } from './list-page.js'
import { hasStatus } from './provisioned-version.js'
import { accountArn, accountId, instanceArn, paging, provisioningStatus } from './shapes.js'

export const listPermissionSetsProvisionedToAccount = defineOperation({
  name: 'ListPermissionSetsProvisionedToAccount',
  access: 'read',
  action: 'sso:ListPermissionSetsProvisionedToAccount',
  input: structure({
    InstanceArn: required(instanceArn),
    AccountId: required(accountId),
    ProvisioningStatus: optional(provisioningStatus),
    ...paging,
  }),
  resources: (input) => [input.InstanceArn, accountArn(input.AccountId)],
  handle(input, call) {
    enterInstance(call, input.InstanceArn)
    const tables = call.context.readable()
    requireAccount(tables, input.AccountId)
    const page = listPage(call.context, {
      rows: tables.provisionedSets.by('account', input.AccountId),
      keep: hasStatus(tables, input.ProvisioningStatus),
      input,
      of: ['ListPermissionSetsProvisionedToAccount', input.AccountId, input.ProvisioningStatus],
    })
    return { PermissionSets: page.rows.map((row) => row.permissionSetArn), NextToken: page.nextToken }
  },
})
