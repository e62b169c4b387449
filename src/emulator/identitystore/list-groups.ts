/**
 * @module ListGroups: all groups, or by the deprecated filter the one of a name.
 */
import { defineOperation } from '../aws/operation.js'
import { takePage } from '../aws/page.js'
import { structure } from '../aws/shape.js'
import { readFilter } from './alternate-identifier.js'
import { writeGroup } from './answers.js'
import { invalidToken } from './errors.js'
import { filters, identityStoreId, maxResults, nextToken } from './shapes.js'
import { assertStore, groupArn, storeArn } from './store.js'

export const listGroups = defineOperation({
  name: 'ListGroups',
  access: 'read',
  action: 'identitystore:ListGroups',
  input: structure({
    IdentityStoreId: identityStoreId,
    MaxResults: maxResults,
    NextToken: nextToken,
    Filters: filters,
  }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), groupArn('*')],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const { context } = call
    const filter = readFilter(input.Filters, { displayName: 'displayName' })
    const { groups } = context.readable()
    const page = takePage(context, {
      rows: filter === undefined ? groups : groups.by(filter.index, filter.value),
      limit: input.MaxResults ?? 100,
      token: input.NextToken,
      of: ['ListGroups', input.IdentityStoreId, filter?.index, filter?.value],
      refuseToken: invalidToken,
    })
    return { Groups: page.rows.map((group) => writeGroup(context, group)), NextToken: page.nextToken }
  },
})
