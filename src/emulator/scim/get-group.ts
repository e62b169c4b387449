/**
 * @module `GET /Groups/<id>`: always with empty `members`.
 */
import { notFound } from './error.js'
import { writeGroup } from './group-resource.js'
import type { ScimOperation } from './operation.js'

export const getGroup: ScimOperation = {
  name: 'GetGroup',
  method: 'GET',
  path: 'Groups/:id',
  handle: ({ context, id }) => {
    const group = context.readable().groups.get(id)
    if (group === undefined) throw notFound(`there is no group ${id}`)
    return { status: 200, body: writeGroup(group) }
  },
}
