/** @module `GET /v1/access-lists/:name/aws`: what an access list is in Identity Center. */
import { listInAws, paths } from '../../api/contract.js'
import { describeListInAws } from '../../service/access-lists/list-in-aws.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const getListInAws = route({
  method: 'get',
  path: paths.listInAws,
  right: 'session',
  machine: true,
  summary: 'The groups of an access list in Identity Center, with their assignments and what is planned',
  answer: { kind: 'json', schema: listInAws },
  handler: async ({ deps, params, actor }) =>
    json(await describeListInAws(deps, params.name ?? '', authorityOf(actor))),
})
