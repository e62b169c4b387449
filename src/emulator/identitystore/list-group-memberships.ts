/**
 * @module ListGroupMemberships: who is in a group.
 */
import { defineOperation } from '../aws/operation.js'
import { takePage } from '../aws/page.js'
import { required, structure } from '../aws/shape.js'
import { writeMembership } from './answers.js'
import { invalidToken, notFound } from './errors.js'
import { identityStoreId, maxResults, nextToken, resourceId } from './shapes.js'
import { assertStore, groupArn, membershipArn, storeArn } from './store.js'

export const listGroupMemberships = defineOperation({
  name: 'ListGroupMemberships',
  access: 'read',
  action: 'identitystore:ListGroupMemberships',
  input: structure({
    IdentityStoreId: identityStoreId,
    GroupId: required(resourceId),
    MaxResults: maxResults,
    NextToken: nextToken,
  }),
  resources: (input, call) => [
    storeArn(call, input.IdentityStoreId),
    groupArn(input.GroupId),
    membershipArn('*'),
  ],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const { context } = call
    const { groups, memberships } = context.readable()
    if (!groups.has(input.GroupId)) throw notFound('GROUP', input.GroupId)
    const page = takePage(context, {
      rows: memberships.by('group', input.GroupId),
      limit: input.MaxResults ?? 100,
      token: input.NextToken,
      of: ['ListGroupMemberships', input.IdentityStoreId, input.GroupId],
      refuseToken: invalidToken,
    })
    return {
      GroupMemberships: page.rows.map((membership) => writeMembership(context, membership)),
      NextToken: page.nextToken,
    }
  },
})
