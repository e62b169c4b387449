/** @module `PUT /v1/access-lists/:name/requirements`: what an access list asks of its members. */
import { paths, putRequirementsAnswer, putRequirementsRequest } from '../../api/contract.js'
import { putRequirements } from '../../service/access-lists/put-requirements.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const putListRequirements = route({
  method: 'put',
  path: paths.listRequirements,
  right: 'session',
  machine: true,
  summary: 'Changes what an access list asks of its members, and tells who would not count any more',
  answer: { kind: 'json', schema: putRequirementsAnswer },
  body: putRequirementsRequest,
  handler: async ({ deps, params, body, actor, origin }) =>
    json(await putRequirements(deps, params.name ?? '', body, authorityOf(actor), origin)),
})
