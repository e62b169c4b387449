/**
 * @module GetCallerIdentity: who the credentials belong to. No policy can forbid it.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'

export const getCallerIdentity = defineOperation({
  name: 'GetCallerIdentity',
  access: 'read',
  action: undefined,
  input: structure({}),
  handle(_input, { caller }) {
    return { Arn: caller.arn, UserId: caller.userId, Account: caller.accountId }
  },
})
