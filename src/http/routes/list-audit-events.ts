/** @module `GET /v1/audit/events`: the audit log in chain order, by cursor, type, user, time or reference. */
import { auditEventsAnswer, auditQuery, paths, type AuditItem, type Page } from '../../api/contract.js'
import { listEvents } from '../../service/audit/list-events.js'
import { json, route } from '../route.js'

export const listAuditEvents = route({
  method: 'get',
  path: paths.auditEvents,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  summary: 'Audit events in the order of their chain',
  answer: { kind: 'json', schema: auditEventsAnswer },
  query: auditQuery,
  handler: async ({ deps, query }) => {
    const { events, nextCursor } = await listEvents(deps, query)
    const answer: Page<AuditItem> = {
      items: events.map(({ sequence, hash, json: text }) => ({ sequence, hash, json: text })),
      ...(nextCursor !== undefined && { nextCursor: String(nextCursor) }),
    }
    return json(answer)
  },
})
