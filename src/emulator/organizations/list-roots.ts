/**
 * @module ListRoots: the one root of the organisation. No type of policy is enabled in it, since none is emulated.
 */
import { defineOperation } from '../aws/operation.js'
import { structure } from '../aws/shape.js'
import { arnOf } from './arns.js'
import { requireAdministrator } from './callers.js'
import { paging } from './shapes.js'
import { rowListOf, takeListing } from './tree.js'

export const listRoots = defineOperation({
  name: 'ListRoots',
  access: 'read',
  action: 'organizations:ListRoots',
  input: structure(paging),
  handle(input, call) {
    requireAdministrator(call)
    const { state } = call.context
    const page = takeListing(call, rowListOf([state.ids.rootId]), input, ['ListRoots'])
    return {
      Roots: page.rows.map((id) => ({ Id: id, Arn: arnOf(state, id), Name: 'Root', PolicyTypes: [] })),
      NextToken: page.nextToken,
    }
  },
})
