/**
 * @module IsMemberInGroups: for each of up to a hundred groups, whether a user is in it.
 */
import { defineOperation } from '../aws/operation.js'
import { list, required, structure } from '../aws/shape.js'
import { findMembership } from '../directory/memberships.js'
import { notFound } from './errors.js'
import { identityStoreId, memberId, readMember, resourceId } from './shapes.js'
import { assertStore, groupArn, membershipArn, storeArn, userArn } from './store.js'

export const isMemberInGroups = defineOperation({
  name: 'IsMemberInGroups',
  access: 'read',
  action: 'identitystore:IsMemberInGroups',
  input: structure({
    IdentityStoreId: identityStoreId,
    MemberId: memberId,
    GroupIds: required(list(resourceId, { min: 1, max: 100 })),
  }),
  resources: (input, call) => [
    storeArn(call, input.IdentityStoreId),
    userArn(readMember(input.MemberId)),
    ...input.GroupIds.map(groupArn),
    membershipArn('*'),
  ],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const tables = call.context.readable()
    const userId = readMember(input.MemberId)
    if (!tables.users.has(userId)) throw notFound('USER', userId)
    const absent = input.GroupIds.find((groupId) => !tables.groups.has(groupId))
    if (absent !== undefined) throw notFound('GROUP', absent)
    return {
      Results: input.GroupIds.map((groupId) => ({
        GroupId: groupId,
        MemberId: { UserId: userId },
        MembershipExists: findMembership(tables, { groupId, userId }) !== undefined,
      })),
    }
  },
})
