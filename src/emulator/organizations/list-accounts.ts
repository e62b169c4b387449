/**
 * @module ListAccounts: all accounts of the organisation, also those that are suspended.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { requireAdministrator } from './callers.js'
import { accountOutput } from './outputs.js'
import { paging } from './shapes.js'
import { takeListing } from './tree.js'

export const listAccounts = defineOperation({
  name: 'ListAccounts',
  access: 'read',
  action: 'organizations:ListAccounts',
  input: structure(paging),
  handle(input, call) {
    requireAdministrator(call)
    const tables = call.context.readable()
    const page = takeListing(call, tables.accounts, input, ['ListAccounts'])
    return {
      Accounts: page.rows.map((account) => accountOutput(call, tables, account)),
      NextToken: page.nextToken,
    }
  },
})
