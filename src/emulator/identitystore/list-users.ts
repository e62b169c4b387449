/**
 * @module ListUsers: all users, or by the deprecated filter the one of a name.
 */
import { defineOperation } from '../aws/operation.js'
import { takePage } from '../aws/page.js'
import { structure } from '../aws/shape.js'
import { readFilter } from './alternate-identifier.js'
import { assertExtensions, writeUser } from './answers.js'
import { invalidToken } from './errors.js'
import { extensionNames, filters, identityStoreId, maxResults, nextToken } from './shapes.js'
import { assertStore, storeArn, userArn } from './store.js'

export const listUsers = defineOperation({
  name: 'ListUsers',
  access: 'read',
  action: 'identitystore:ListUsers',
  input: structure({
    IdentityStoreId: identityStoreId,
    Extensions: extensionNames,
    MaxResults: maxResults,
    NextToken: nextToken,
    Filters: filters,
  }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), userArn('*')],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    assertExtensions(input.Extensions)
    const { context } = call
    const filter = readFilter(input.Filters, { userName: 'userName' })
    const { users } = context.readable()
    const page = takePage(context, {
      rows: filter === undefined ? users : users.by(filter.index, filter.value),
      limit: input.MaxResults ?? 100,
      token: input.NextToken,
      of: ['ListUsers', input.IdentityStoreId, filter?.index, filter?.value],
      refuseToken: invalidToken,
    })
    return {
      Users: page.rows.map((user) => writeUser(context, user, input.Extensions)),
      NextToken: page.nextToken,
    }
  },
})
