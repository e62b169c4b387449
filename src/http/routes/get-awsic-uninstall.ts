/** @module `GET /v1/identity-center/:plugin/uninstall`: what the removal of the plugin would do. */
import { uninstallAnswer } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { describeUninstall } from '../../service/identity-center/describe-uninstall.js'
import { json, route } from '../route.js'

export const getAwsicUninstall = route({
  method: 'get',
  path: paths.awsicUninstall,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'What the removal of the plugin would do',
  answer: { kind: 'json', schema: uninstallAnswer },
  handler: async ({ deps, params }) => json(await describeUninstall(deps, params.plugin ?? '')),
})
