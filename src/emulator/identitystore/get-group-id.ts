/**
 * @module GetGroupId: the id of the group that has an external id or a name.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { readAlternateIdentifier } from './alternate-identifier.js'
import { notFound } from './errors.js'
import { alternateIdentifier, identityStoreId } from './shapes.js'
import { assertStore, groupArn, storeArn } from './store.js'

export const getGroupId = defineOperation({
  name: 'GetGroupId',
  access: 'read',
  action: 'identitystore:GetGroupId',
  input: structure({ IdentityStoreId: identityStoreId, AlternateIdentifier: alternateIdentifier }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), groupArn('*')],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const lookup = readAlternateIdentifier(call.context, input.AlternateIdentifier, {
      displayName: 'displayName',
    })
    const group = lookup && call.context.readable().groups.find(lookup.index, lookup.value)
    if (group === undefined) throw notFound('GROUP')
    return { IdentityStoreId: input.IdentityStoreId, GroupId: group.id }
  },
})
