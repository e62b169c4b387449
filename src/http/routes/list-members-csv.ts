/** @module `GET /v1/access-lists/:name/members.csv`: the members of an access list as a table for other programs. */
import { paths } from '../../api/contract.js'
import { writeMembersCsv } from '../../service/access-lists/members-csv.js'
import { authorityOf } from '../person.js'
import { route } from '../route.js'

export const listMembersCsv = route({
  method: 'get',
  path: paths.listMembersCsv,
  right: 'session',
  machine: true,
  summary: 'The members of an access list as CSV (RFC 4180), in the form that can be read in again',
  answer: { kind: 'text' },
  handler: async ({ deps, params, actor }) => ({
    kind: 'text',
    text: await writeMembersCsv(deps, params.name ?? '', authorityOf(actor)),
    contentType: 'text/csv; charset=utf-8; header=present',
    fileName: 'members.csv',
  }),
})
