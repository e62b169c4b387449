/**
 * @module DescribeUser: one user by id, with the extensions that are asked for.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { assertExtensions, writeUser } from './answers.js'
import { notFound } from './errors.js'
import { extensionNames, identityStoreId, resourceId } from './shapes.js'
import { assertStore, storeArn, userArn } from './store.js'

export const describeUser = defineOperation({
  name: 'DescribeUser',
  access: 'read',
  action: 'identitystore:DescribeUser',
  input: structure({
    IdentityStoreId: identityStoreId,
    UserId: required(resourceId),
    Extensions: extensionNames,
  }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), userArn(input.UserId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    assertExtensions(input.Extensions)
    const user = call.context.readable().users.get(input.UserId)
    if (user === undefined) throw notFound('USER', input.UserId)
    return writeUser(call.context, user, input.Extensions)
  },
})
