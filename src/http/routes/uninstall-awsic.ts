/** @module `POST /v1/identity-center/:plugin/uninstall`: removes the plugin with all that was kept for it. */
import { jobAnswer, uninstallRequest } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { uninstall } from '../../service/identity-center/uninstall.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const uninstallAwsic = route({
  method: 'post',
  path: paths.awsicUninstall,
  right: { resource: 'plugin', verb: 'delete' },
  summary: 'Removes the plugin; grants with an end are taken from AWS first. Answers the job',
  answer: { kind: 'json', schema: jobAnswer },
  body: uninstallRequest,
  handler: async ({ deps, params, body, actor, origin }) =>
    json({ job: await uninstall(deps, params.plugin ?? '', body, authorityOf(actor), origin) }),
})
