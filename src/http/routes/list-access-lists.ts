/** @module `GET /v1/access-lists`: the access lists that one may see, as cards. */
import { listCardsAnswer, listCardsQuery, paths } from '../../api/contract.js'
import { listCards } from '../../service/access-lists/list-cards.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listAccessLists = route({
  method: 'get',
  path: paths.accessLists,
  right: 'session',
  machine: true,
  summary: 'The access lists that one may see: by a role, as owner or member, or to ask for',
  answer: { kind: 'json', schema: listCardsAnswer },
  query: listCardsQuery,
  handler: async ({ deps, query, actor }) => json(await listCards(deps, query, authorityOf(actor))),
})
