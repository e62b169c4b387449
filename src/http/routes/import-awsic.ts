/** @module `POST /v1/identity-center/:plugin/import`: makes access lists of what AWS has, in the background. */
import { importAnswer } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { startImport } from '../../service/identity-center/import.js'
import { actorName, authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const importAwsic = route({
  method: 'post',
  path: paths.awsicImport,
  right: { resource: 'plugin', verb: 'update' },
  summary:
    'Imports groups, members and assignments as access lists; may be run again until the sync is switched on',
  answer: { kind: 'json', schema: importAnswer },
  handler: async ({ deps, params, actor, origin }) =>
    json(await startImport(deps, params.plugin ?? '', actorName(actor), origin, authorityOf(actor))),
})
