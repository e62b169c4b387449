/** @module `GET /v1/access-lists/:name/candidates`: people by name, for whoever may add them to the list. */
import { candidatesAnswer, candidatesQuery, paths } from '../../api/contract.js'
import { findCandidates } from '../../service/access-lists/find-candidates.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listCandidates = route({
  method: 'get',
  path: paths.listCandidates,
  right: 'session',
  machine: true,
  summary: 'Users whose names begin with or hold a text, for whoever may change the members of the list',
  answer: { kind: 'json', schema: candidatesAnswer },
  query: candidatesQuery,
  handler: async ({ deps, params, query, actor }) =>
    json(await findCandidates(deps, params.name ?? '', query.search, authorityOf(actor))),
})
