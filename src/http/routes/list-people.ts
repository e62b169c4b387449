/** @module `GET /v1/access-lists/:name/people`: who is in an access list through any path, and why. */
import { listPeopleAnswer, listPeopleQuery, paths } from '../../api/contract.js'
import { listPeople as list } from '../../service/access-lists/list-people.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listPeople = route({
  method: 'get',
  path: paths.listPeople,
  right: 'session',
  machine: true,
  summary: 'The people of an access list and of the lists within it, each with the way in',
  answer: { kind: 'json', schema: listPeopleAnswer },
  query: listPeopleQuery,
  handler: async ({ deps, params, query, actor }) =>
    json(await list(deps, params.name ?? '', query, authorityOf(actor))),
})
