/**
 * @module DescribeGroupMembership: one membership by id.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { writeMembership } from './answers.js'
import { notFound } from './errors.js'
import { identityStoreId, resourceId } from './shapes.js'
import { assertStore, membershipArn, storeArn } from './store.js'

export const describeGroupMembership = defineOperation({
  name: 'DescribeGroupMembership',
  access: 'read',
  action: 'identitystore:DescribeGroupMembership',
  input: structure({ IdentityStoreId: identityStoreId, MembershipId: required(resourceId) }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), membershipArn(input.MembershipId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const membership = call.context.readable().memberships.get(input.MembershipId)
    if (membership === undefined) throw notFound('GROUP_MEMBERSHIP', input.MembershipId)
    return writeMembership(call.context, membership)
  },
})
