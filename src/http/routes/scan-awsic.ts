/** @module `POST /v1/identity-center/:plugin/scan`: reads AWS to the end, in the background. */
import { jobAnswer } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { startScan } from '../../service/identity-center/scan.js'
import { json, route } from '../route.js'

export const scanAwsic = route({
  method: 'post',
  path: paths.awsicScan,
  right: { resource: 'plugin', verb: 'update' },
  summary: 'Reads AWS to the end in the background; answers the job',
  answer: { kind: 'json', schema: jobAnswer },
  handler: async ({ deps, params }) => json({ job: await startScan(deps, params.plugin ?? '') }),
})
