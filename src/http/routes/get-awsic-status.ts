/** @module `GET /v1/identity-center/:plugin/status`: how the sync stands: health, problems, totals, calls. */
import { syncStatusAnswer } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { readStatus } from '../../service/identity-center/status.js'
import { json, route } from '../route.js'

export const getAwsicStatus = route({
  method: 'get',
  path: paths.awsicStatus,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'How the sync stands: health, problems, totals, calls',
  answer: { kind: 'json', schema: syncStatusAnswer },
  handler: async ({ deps, params }) => json(await readStatus(deps, params.plugin ?? '')),
})
