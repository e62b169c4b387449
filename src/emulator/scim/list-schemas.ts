/**
 * @module `GET /Schemas`: the schemas of users, groups and the enterprise extension, as one whole list.
 */
import { wholeList } from './list-page.js'
import type { ScimOperation } from './operation.js'
import { schemas } from './schemas.js'

export const listSchemas: ScimOperation = {
  name: 'ListSchemas',
  method: 'GET',
  path: 'Schemas',
  handle: () => ({ status: 200, body: wholeList(schemas) }),
}
