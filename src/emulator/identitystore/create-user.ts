/**
 * @module CreateUser. It takes no external id: who is made here lacks the one that an identity provider would give.
 */
import { defineOperation } from '../aws/operation.js'
import { anyDocument, map, optional, structure } from '../aws/shape.js'
import * as users from '../directory/users.js'
import { enterpriseDocument, enterpriseName, userMembers } from './attributes.js'
import { assertExtensions } from './answers.js'
import { readDocument } from './document.js'
import { unwrap } from './errors.js'
import { capitaliseMembers, uncapitalise } from './letter-case.js'
import { toUserAttributes } from './row-documents.js'
import { extensionName, identityStoreId } from './shapes.js'
import { assertStore, storeArn } from './store.js'

export const createUser = defineOperation({
  name: 'CreateUser',
  access: 'write',
  action: 'identitystore:CreateUser',
  input: structure({
    IdentityStoreId: identityStoreId,
    ...capitaliseMembers(userMembers),
    Extensions: optional(map(extensionName, anyDocument, { min: 1, max: 10 })),
  }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId)],
  handle(input, call) {
    const { IdentityStoreId, Extensions = {}, ...members } = input
    assertStore(call, IdentityStoreId)
    assertExtensions(Object.keys(Extensions))
    const enterprise = Extensions[enterpriseName]
    const attributes = toUserAttributes({
      ...uncapitalise(members),
      ...(enterprise !== undefined && {
        [enterpriseName]: readDocument(enterpriseDocument, enterprise, `extensions.${enterpriseName}`),
      }),
    })
    const user = unwrap(users.createUser(call.context, attributes, call.caller.arn))
    return { IdentityStoreId, UserId: user.id }
  },
})
