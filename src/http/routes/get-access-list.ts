/** @module `GET /v1/access-lists/:name`: one access list, as far as whoever asks may see it. */
import { listDetail, paths } from '../../api/contract.js'
import { getList } from '../../service/access-lists/get-list.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const getAccessList = route({
  method: 'get',
  path: paths.accessList,
  right: 'session',
  machine: true,
  summary: 'One access list with what one may do with it',
  answer: { kind: 'json', schema: listDetail },
  handler: async ({ deps, params, actor }) =>
    json(await getList(deps, params.name ?? '', authorityOf(actor))),
})
