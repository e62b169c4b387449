/**
 * @module ListGroupMembershipsForMember: which groups a user is in.
 */
import { defineOperation } from '../aws/operation.js'
import { takePage } from '../aws/page.js'
import { structure } from '../aws/shape.js'
import { writeMembership } from './answers.js'
import { invalidToken, notFound } from './errors.js'
import { identityStoreId, maxResults, memberId, nextToken, readMember } from './shapes.js'
import { assertStore, membershipArn, storeArn, userArn } from './store.js'

export const listGroupMembershipsForMember = defineOperation({
  name: 'ListGroupMembershipsForMember',
  access: 'read',
  action: 'identitystore:ListGroupMembershipsForMember',
  input: structure({
    IdentityStoreId: identityStoreId,
    MemberId: memberId,
    MaxResults: maxResults,
    NextToken: nextToken,
  }),
  resources: (input, call) => [
    storeArn(call, input.IdentityStoreId),
    userArn(readMember(input.MemberId)),
    membershipArn('*'),
  ],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const { context } = call
    const { users, memberships } = context.readable()
    const userId = readMember(input.MemberId)
    if (!users.has(userId)) throw notFound('USER', userId)
    const page = takePage(context, {
      rows: memberships.by('user', userId),
      limit: input.MaxResults ?? 100,
      token: input.NextToken,
      of: ['ListGroupMembershipsForMember', input.IdentityStoreId, userId],
      refuseToken: invalidToken,
    })
    return {
      GroupMemberships: page.rows.map((membership) => writeMembership(context, membership)),
      NextToken: page.nextToken,
    }
  },
})
