/**
 * @module GetGroupMembershipId: the id of the membership of a user in a group.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { findMembership } from '../directory/memberships.js'
import { notFound } from './errors.js'
import { identityStoreId, memberId, readMember, resourceId } from './shapes.js'
import { assertStore, groupArn, membershipArn, storeArn, userArn } from './store.js'

export const getGroupMembershipId = defineOperation({
  name: 'GetGroupMembershipId',
  access: 'read',
  action: 'identitystore:GetGroupMembershipId',
  input: structure({
    IdentityStoreId: identityStoreId,
    GroupId: required(resourceId),
    MemberId: memberId,
  }),
  resources: (input, call) => [
    storeArn(call, input.IdentityStoreId),
    groupArn(input.GroupId),
    userArn(readMember(input.MemberId)),
    membershipArn('*'),
  ],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const pair = { groupId: input.GroupId, userId: readMember(input.MemberId) }
    const membership = findMembership(call.context.readable(), pair)
    if (membership === undefined) throw notFound('GROUP_MEMBERSHIP')
    return { IdentityStoreId: input.IdentityStoreId, MembershipId: membership.id }
  },
})
