/** @module `GET /v1/audit/search`: events newest first, by words and fields, with how far was looked. */
import { auditSearchAnswer, auditSearchQuery, paths, type AuditSearchAnswer } from '../../api/contract.js'
import { readEvent } from '../../core/audit/export.js'
import { searchEvents } from '../../service/audit/search-events.js'
import { json, route } from '../route.js'

export const searchAuditEvents = route({
  method: 'get',
  path: paths.auditSearch,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  summary: 'Audit events by words and fields, newest first, and how far was looked',
  answer: { kind: 'json', schema: auditSearchAnswer },
  query: auditSearchQuery,
  handler: async ({ deps, query }) => {
    const { events, nextCursor, searchedTo } = await searchEvents(deps, query)
    const answer: AuditSearchAnswer = {
      items: events.map(({ sequence, hash, json: text }) => ({ sequence, hash, json: text })),
      ...(nextCursor !== undefined && { nextCursor: String(nextCursor) }),
      ...(searchedTo && {
        searchedTo: { sequence: searchedTo.sequence, time: readEvent(searchedTo.json)?.time ?? '' },
      }),
    }
    return json(answer)
  },
})
