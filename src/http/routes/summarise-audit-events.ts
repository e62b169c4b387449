/** @module `GET /v1/audit/summary`: counts of audit events over time, by type and by user, for charts. */
import { auditSummaryAnswer, auditSummaryQuery, paths, type AuditSummaryAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { summariseEvents } from '../../service/audit/summarise-events.js'
import { json, route } from '../route.js'

export const summariseAuditEvents = route({
  method: 'get',
  path: paths.auditSummary,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  summary: 'Counts of audit events over time, by type and by user',
  answer: { kind: 'json', schema: auditSummaryAnswer },
  query: auditSummaryQuery,
  handler: async ({ deps, query }) => {
    const { from, bucketMs, buckets, types, users } = await summariseEvents(deps, query)
    const answer: AuditSummaryAnswer = {
      bucketMs,
      buckets: buckets.map((one, index) => ({ from: formatInstant(from + index * bucketMs), ...one })),
      types: types.map(({ name, count }) => ({ type: name, count })),
      users: users.map(({ name, count }) => ({ user: name, count })),
    }
    return json(answer)
  },
})
