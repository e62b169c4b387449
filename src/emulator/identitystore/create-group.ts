/**
 * @module CreateGroup. It takes no external id, and no members.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import * as groups from '../directory/groups.js'
import { groupMembers } from './attributes.js'
import { unwrap } from './errors.js'
import { capitaliseMembers, uncapitalise } from './letter-case.js'
import { toGroupAttributes } from './row-documents.js'
import { identityStoreId } from './shapes.js'
import { assertStore, storeArn } from './store.js'

export const createGroup = defineOperation({
  name: 'CreateGroup',
  access: 'write',
  action: 'identitystore:CreateGroup',
  input: structure({ IdentityStoreId: identityStoreId, ...capitaliseMembers(groupMembers) }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId)],
  handle(input, call) {
    const { IdentityStoreId, ...members } = input
    assertStore(call, IdentityStoreId)
    const attributes = toGroupAttributes(uncapitalise(members))
    const group = unwrap(groups.createGroup(call.context, attributes, call.caller.arn))
    return { IdentityStoreId, GroupId: group.id }
  },
})
