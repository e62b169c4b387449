/**
 * @module ListTagsForResource: the tags of an account, a unit or the root. Policies are not emulated, so that none is
 * ever found.
 */
import { defineOperation } from '../aws/operation.js'
import { required, string, structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { targetNotFound } from './errors.js'
import { nextToken } from './shapes.js'
import { rowListOf, takeListing } from './tree.js'

const resourceId = string({
  max: 130,
  pattern:
    /^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})|(^p-[0-9a-zA-Z_]{8,128})|(^rp-[0-9a-zA-Z_]{4,128})|(^rt-[0-9a-zA-Z_]{8,32})$/,
})

export const listTagsForResource = defineOperation({
  name: 'ListTagsForResource',
  access: 'read',
  action: 'organizations:ListTagsForResource',
  input: structure({ ResourceId: required(resourceId), ...nextToken }),
  resources: (input, { context }) => [arnOf(context.state, input.ResourceId)],
  handle(input, call) {
    requireAdministrator(call)
    const { ResourceId: id } = input
    const { accounts, units } = call.context.readable()
    const tags = id === call.context.state.ids.rootId ? {} : (accounts.get(id)?.tags ?? units.get(id)?.tags)
    if (tags === undefined) throw targetNotFound()
    const page = takeListing(call, rowListOf(Object.entries(tags)), input, ['ListTagsForResource', id])
    return { Tags: page.rows.map(([Key, Value]) => ({ Key, Value })), NextToken: page.nextToken }
  },
})
