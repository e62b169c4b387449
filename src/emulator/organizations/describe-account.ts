/**
 * @module DescribeAccount: one account by its id.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { accountNotFound } from './errors.js'
import { accountOutput } from './outputs.js'
import { accountId } from './shapes.js'

export const describeAccount = defineOperation({
  name: 'DescribeAccount',
  access: 'read',
  action: 'organizations:DescribeAccount',
  input: structure({ AccountId: required(accountId) }),
  resources: (input, { context }) => [arnOf(context.state, input.AccountId)],
  handle(input, call) {
    requireAdministrator(call)
    const tables = call.context.readable()
    const account = tables.accounts.get(input.AccountId)
    if (account === undefined) throw accountNotFound()
    return { Account: accountOutput(call, tables, account) }
  },
})
