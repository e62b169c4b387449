/**
 * @module ListDelegatedAdministrators: the member account that administers IAM Identity Center, where there is one;
 * the emulator knows no delegation for other services.
 */
import { defineOperation, toSeconds } from '../aws/operation.js'
import { optional, string, structure } from '../aws/shape.js'
import { requireAdministrator } from './callers.js'
import { invalidInput } from './errors.js'
import { accountOutput } from './outputs.js'
import { paging } from './shapes.js'
import { rowListOf, takeListing } from './tree.js'

const identityCenter = 'sso.amazonaws.com'

export const listDelegatedAdministrators = defineOperation({
  name: 'ListDelegatedAdministrators',
  access: 'read',
  action: 'organizations:ListDelegatedAdministrators',
  input: structure({
    ServicePrincipal: optional(string({ min: 1, max: 128, pattern: /[\w+=,.@-]*/ })),
    ...paging,
  }),
  handle(input, call) {
    requireAdministrator(call)
    const { ServicePrincipal: service } = input
    if (service !== undefined && !/^[a-z0-9.-]+\.amazonaws\.com$/.test(service)) {
      throw invalidInput('UNRECOGNIZED_SERVICE_PRINCIPAL')
    }
    const tables = call.context.readable()
    const { delegatedAdministratorId = '' } = call.context.state
    const isAsked = service === undefined || service === identityCenter
    const account = isAsked ? tables.accounts.get(delegatedAdministratorId) : undefined
    const rows = rowListOf(account === undefined ? [] : [account])
    const page = takeListing(call, rows, input, ['ListDelegatedAdministrators', service])
    return {
      DelegatedAdministrators: page.rows.map((row) => {
        const { Paths: _withoutPaths, ...output } = accountOutput(call, tables, row)
        return { ...output, DelegationEnabledDate: toSeconds(row.joinedAt) }
      }),
      NextToken: page.nextToken,
    }
  },
})
