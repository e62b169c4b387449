/** @module `GET /v1/audit/heads`: signed heads of the audit chain and the keys that verify them. */
import { auditHeadsAnswer, auditHeadsQuery, paths, type AuditHeadsAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { json, route } from '../route.js'

const pageSize = 1000

export const listAuditHeads = route({
  method: 'get',
  path: paths.auditHeads,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  summary: 'Signed heads of the audit chain and the keys that verify them',
  answer: { kind: 'json', schema: auditHeadsAnswer },
  query: auditHeadsQuery,
  handler: async ({ deps, query }) => {
    await deps.flushAudit()
    const heads = await deps.store.audit.listHeads({ afterSequence: query.after, limit: pageSize })
    const last = await deps.store.audit.last()
    const checkpoint = await deps.store.audit.lastCheckpoint()
    const answer: AuditHeadsAnswer = {
      heads: heads.map(({ signedAt, ...head }) => ({ ...head, signedAt: formatInstant(signedAt) })),
      ...(last && { last }),
      keys: await deps.auditKeys(),
      ...(checkpoint && {
        checkpoint: {
          ...checkpoint,
          firstAt: formatInstant(checkpoint.firstAt),
          lastAt: formatInstant(checkpoint.lastAt),
          prunedAt: formatInstant(checkpoint.prunedAt),
        },
      }),
    }
    return json(answer)
  },
})
