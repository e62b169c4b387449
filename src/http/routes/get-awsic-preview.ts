/** @module `GET /v1/identity-center/:plugin/preview`: what import would take over and what not, and why. */
import { previewAnswer, previewQuery } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { preview as readPreview } from '../../service/identity-center/preview.js'
import { json, route } from '../route.js'

export const getAwsicPreview = route({
  method: 'get',
  path: paths.awsicPreview,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'What import would take over and what not, and why',
  answer: { kind: 'json', schema: previewAnswer },
  query: previewQuery,
  handler: async ({ deps, params, query }) => json(await readPreview(deps, params.plugin ?? '', query)),
})
