/**
 * @module `GET /Schemas/<urn>`.
 */
import { notFound } from './error.js'
import type { ScimOperation } from './operation.js'
import { schemas } from './schemas.js'

export const getSchema: ScimOperation = {
  name: 'GetSchema',
  method: 'GET',
  path: 'Schemas/:id',
  handle: ({ id }) => {
    const schema = schemas.find((one) => one['id'] === id)
    if (schema === undefined) throw notFound(`there is no schema ${id}`)
    return { status: 200, body: schema }
  },
}
