/**
 * @module CreateGroupMembership: one user into one group; there is no batch.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { addMember } from '../directory/memberships.js'
import { unwrap } from './errors.js'
import { identityStoreId, memberId, readMember, resourceId } from './shapes.js'
import { assertStore, groupArn, membershipArn, storeArn, userArn } from './store.js'

export const createGroupMembership = defineOperation({
  name: 'CreateGroupMembership',
  access: 'write',
  action: 'identitystore:CreateGroupMembership',
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
    const membership = unwrap(addMember(call.context, pair, call.caller.arn))
    return { IdentityStoreId: input.IdentityStoreId, MembershipId: membership.id }
  },
})
