/**
 * @module DescribeGroup: one group by id, without its members.
 */
import { defineOperation } from '../aws/operation.js'
import { required, structure } from '../aws/shape.js'
import { writeGroup } from './answers.js'
import { notFound } from './errors.js'
import { identityStoreId, resourceId } from './shapes.js'
import { assertStore, groupArn, storeArn } from './store.js'

export const describeGroup = defineOperation({
  name: 'DescribeGroup',
  access: 'read',
  action: 'identitystore:DescribeGroup',
  input: structure({ IdentityStoreId: identityStoreId, GroupId: required(resourceId) }),
  resources: (input, call) => [storeArn(call, input.IdentityStoreId), groupArn(input.GroupId)],
  handle(input, call) {
    assertStore(call, input.IdentityStoreId)
    const group = call.context.readable().groups.get(input.GroupId)
    if (group === undefined) throw notFound('GROUP', input.GroupId)
    return writeGroup(call.context, group)
  },
})
