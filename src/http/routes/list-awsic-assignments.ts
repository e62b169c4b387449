/** @module `GET /v1/identity-center/:plugin/assignments`: what is assigned in AWS as last seen, with why. */
import { assignmentsAnswer, assignmentsQuery } from '../../api/contract/identity-center.js'
import { paths } from '../../api/contract.js'
import { listAssignments } from '../../service/identity-center/assignments.js'
import { json, route } from '../route.js'

export const listAwsicAssignments = route({
  method: 'get',
  path: paths.awsicAssignments,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'What is assigned in AWS as last seen, with why',
  answer: { kind: 'json', schema: assignmentsAnswer },
  query: assignmentsQuery,
  handler: async ({ deps, params, query }) => json(await listAssignments(deps, params.plugin ?? '', query)),
})
