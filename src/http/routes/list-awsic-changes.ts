/** @module `GET /v1/identity-center/:plugin/changes`: what was changed in AWS, newest first. */
import { changesAnswer, changesQuery } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { listChanges } from '../../service/identity-center/changes.js'
import { json, route } from '../route.js'

export const listAwsicChanges = route({
  method: 'get',
  path: paths.awsicChanges,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'What was changed in AWS, newest first',
  answer: { kind: 'json', schema: changesAnswer },
  query: changesQuery,
  handler: async ({ deps, params, query }) => json(await listChanges(deps, params.plugin ?? '', query)),
})
