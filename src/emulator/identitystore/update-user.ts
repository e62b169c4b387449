/**
 * @module UpdateUser: attributes by path, one operation after the other, all of them or none.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import * as users from '../directory/users.js'
import { userDocument } from './attributes.js'
import { applyOperations } from './document.js'
import { notFound, unwrap } from './errors.js'
import { toUserAttributes, toUserDocument } from './row-documents.js'
import { identityStoreId, operations, resourceId } from './shapes.js'
import { assertStore, storeArn, userArn } from './store.js'

export const updateUser = defineOperation({
  name: 'UpdateUser',
  access: 'write',
  action: 'identitystore:UpdateUser',
  input: structure({
    IdentityStoreId: identityStoreId,
    UserId: required(resourceId),
    Operations: operations,
  }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), userArn(input.UserId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const known = call.context.state.tables.users.get(input.UserId)
    if (known === undefined) throw notFound('USER', input.UserId)
    const document = applyOperations(userDocument, toUserDocument(known), input.Operations)
    const attributes = toUserAttributes(document, known)
    unwrap(users.updateUser(call.context, known.id, attributes, call.caller.arn))
    return {}
  },
})
