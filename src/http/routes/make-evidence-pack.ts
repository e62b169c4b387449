/** @module `GET /v1/audit/evidence`: the evidence pack of a period, one signed archive. */
import { auditEvidenceQuery, paths } from '../../api/contract.js'
import { makeEvidence } from '../../service/audit/make-evidence.js'
import { actorName } from '../person.js'
import { route } from '../route.js'

export const makeEvidencePack = route({
  method: 'get',
  path: paths.auditEvidence,
  right: { resource: 'event', verb: 'list' },
  operator: true,
  getOnly: true,
  summary:
    'The evidence pack of a period: tables, the events that prove them, and a signed manifest, as one zip archive',
  answer: { kind: 'text' },
  query: auditEvidenceQuery,
  handler: async ({ deps, query, actor, origin }) => ({
    kind: 'stream',
    chunks: await makeEvidence(deps, query, actorName(actor), origin),
    contentType: 'application/zip',
    fileName: `evidence-${query.from.slice(0, 10)}-${query.to.slice(0, 10)}.zip`,
  }),
})
