/**
 * @module UpdateGroup: name and description by path, one operation after the other, all of them or none.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import * as groups from '../directory/groups.js'
import { groupDocument } from './attributes.js'
import { applyOperations } from './document.js'
import { notFound, unwrap } from './errors.js'
import { toGroupAttributes, toGroupDocument } from './row-documents.js'
import { identityStoreId, operations, resourceId } from './shapes.js'
import { assertStore, groupArn, storeArn } from './store.js'

export const updateGroup = defineOperation({
  name: 'UpdateGroup',
  access: 'write',
  action: 'identitystore:UpdateGroup',
  input: structure({
    IdentityStoreId: identityStoreId,
    GroupId: required(resourceId),
    Operations: operations,
  }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), groupArn(input.GroupId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const known = call.context.state.tables.groups.get(input.GroupId)
    if (known === undefined) throw notFound('GROUP', input.GroupId)
    const document = applyOperations(groupDocument, toGroupDocument(known), input.Operations)
    const attributes = toGroupAttributes(document, known)
    unwrap(groups.updateGroup(call.context, known.id, attributes, call.caller.arn))
    return {}
  },
})
