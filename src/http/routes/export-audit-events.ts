/** @module `GET /v1/audit/export`: the events of a selection as CSV or JSON lines, streamed. */
import { auditExportQuery, auditFirstHeader, auditLastHeader, paths } from '../../api/contract.js'
import { exportEvents } from '../../service/audit/export-events.js'
import { actorName } from '../person.js'
import { route } from '../route.js'

const contentTypes = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
} as const

export const exportAuditEvents = route({
  method: 'get',
  path: paths.auditExport,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  getOnly: true,
  summary:
    'Audit events as CSV or JSON lines; all of them, as JSON lines, prove themselves without a gateway',
  answer: { kind: 'text' },
  query: auditExportQuery,
  handler: async ({ deps, query, actor, origin }) => {
    const { range, chunks } = await exportEvents(deps, query, actorName(actor), origin)
    return {
      kind: 'stream',
      chunks,
      contentType: contentTypes[query.format],
      fileName: `audit.${query.format}`,
      headers: range
        ? { [auditFirstHeader]: String(range.first), [auditLastHeader]: String(range.last) }
        : {},
    }
  },
})
