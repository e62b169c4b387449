/**
 * @module DeleteGroup: a group with its memberships.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import * as groups from '../directory/groups.js'
import { unwrap } from './errors.js'
import { identityStoreId, resourceId } from './shapes.js'
import { assertStore, groupArn, storeArn } from './store.js'

export const deleteGroup = defineOperation({
  name: 'DeleteGroup',
  access: 'write',
  action: 'identitystore:DeleteGroup',
  input: structure({ IdentityStoreId: identityStoreId, GroupId: required(resourceId) }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), groupArn(input.GroupId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    unwrap(groups.deleteGroup(call.context, input.GroupId))
    return {}
  },
})
