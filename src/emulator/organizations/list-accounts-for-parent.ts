/**
 * @module ListAccountsForParent: the accounts that stand directly under the root or a unit.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { accountOutput } from './outputs.js'
import { paging, parentId } from './shapes.js'
import { requireParent, takeListing } from './tree.js'

export const listAccountsForParent = defineOperation({
  name: 'ListAccountsForParent',
  access: 'read',
  action: 'organizations:ListAccountsForParent',
  input: structure({ ParentId: required(parentId), ...paging }),
  resources: (input, { context }) => [arnOf(context.state, input.ParentId)],
  handle(input, call) {
    requireAdministrator(call)
    const tables = call.context.readable()
    requireParent(call, tables, input.ParentId)
    const rows = tables.accounts.by('parent', input.ParentId)
    const page = takeListing(call, rows, input, ['ListAccountsForParent', input.ParentId])
    return {
      Accounts: page.rows.map((account) => accountOutput(call, tables, account)),
      NextToken: page.nextToken,
    }
  },
})
