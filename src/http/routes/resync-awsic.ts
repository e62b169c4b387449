/** @module `POST /v1/identity-center/:plugin/resync`: reads one user or access list anew and tries again. */
import { resyncRequest } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { resync } from '../../service/identity-center/resync.js'
import { route } from '../route.js'

export const resyncAwsic = route({
  method: 'post',
  path: paths.awsicResync,
  right: { resource: 'plugin', verb: 'update' },
  summary: 'Reads one user or access list anew in AWS and tries again at once',
  answer: { kind: 'empty' },
  body: resyncRequest,
  handler: async ({ deps, params, body }) => {
    await resync(deps, params.plugin ?? '', body)
    return { kind: 'empty' }
  },
})
