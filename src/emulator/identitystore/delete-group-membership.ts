/**
 * @module DeleteGroupMembership: one user out of one group, by the id of the membership.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { deleteMembership } from '../directory/memberships.js'
import { unwrap } from './errors.js'
import { identityStoreId, resourceId } from './shapes.js'
import { assertStore, membershipArn, storeArn } from './store.js'

export const deleteGroupMembership = defineOperation({
  name: 'DeleteGroupMembership',
  access: 'write',
  action: 'identitystore:DeleteGroupMembership',
  input: structure({ IdentityStoreId: identityStoreId, MembershipId: required(resourceId) }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), membershipArn(input.MembershipId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    unwrap(deleteMembership(call.context, input.MembershipId))
    return {}
  },
})
