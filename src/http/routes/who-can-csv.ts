/** @module `GET /v1/access/who-can.csv`: the same as a table for other programs, a row for each way. */
import { paths, whoCanCsvQuery } from '../../api/contract.js'
import { writeWhoCanCsv } from '../../service/insight/who-can-csv.js'
import { authorityOf } from '../person.js'
import { route } from '../route.js'

export const whoCanCsv = route({
  method: 'get',
  path: paths.whoCanCsv,
  right: { resource: 'user', verb: 'list' },
  scoped: true,
  summary: 'Everybody who reaches something as CSV (RFC 4180), a row for each way',
  answer: { kind: 'text' },
  query: whoCanCsvQuery,
  handler: async ({ deps, query, actor }) => ({
    kind: 'text',
    text: await writeWhoCanCsv(deps, query, authorityOf(actor)),
    contentType: 'text/csv; charset=utf-8; header=present',
    fileName: 'who-can.csv',
  }),
})
