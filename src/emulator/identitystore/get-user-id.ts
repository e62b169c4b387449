/**
 * @module GetUserId: the id of the user who has an external id, a name or an address of mail.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { readAlternateIdentifier } from './alternate-identifier.js'
import { notFound } from './errors.js'
import { alternateIdentifier, identityStoreId } from './shapes.js'
import { assertStore, storeArn, userArn } from './store.js'

export const getUserId = defineOperation({
  name: 'GetUserId',
  access: 'read',
  action: 'identitystore:GetUserId',
  input: structure({ IdentityStoreId: identityStoreId, AlternateIdentifier: alternateIdentifier }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), userArn('*')],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const lookup = readAlternateIdentifier(call.context, input.AlternateIdentifier, {
      userName: 'userName',
      'emails.value': 'email',
    })
    const user = lookup && call.context.readable().users.find(lookup.index, lookup.value)
    if (user === undefined) throw notFound('USER')
    return { IdentityStoreId: input.IdentityStoreId, UserId: user.id }
  },
})
