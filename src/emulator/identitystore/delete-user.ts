/**
 * @module DeleteUser: a user with the memberships.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import * as users from '../directory/users.js'
import { unwrap } from './errors.js'
import { identityStoreId, resourceId } from './shapes.js'
import { assertStore, storeArn, userArn } from './store.js'

export const deleteUser = defineOperation({
  name: 'DeleteUser',
  access: 'write',
  action: 'identitystore:DeleteUser',
  input: structure({ IdentityStoreId: identityStoreId, UserId: required(resourceId) }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), userArn(input.UserId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    unwrap(users.deleteUser(call.context, input.UserId))
    return {}
  },
})
