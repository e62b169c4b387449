/** @module `GET /v1/identity-center/:plugin/plan`: the plan of the sync as of now, with who gains and who loses what. */
import { planAnswer, planQuery } from '../../api/contract/identity-center-plan.js'
import { paths } from '../../api/contract.js'
import { readPlan } from '../../service/identity-center/plan.js'
import { json, route } from '../route.js'

export const getAwsicPlan = route({
  method: 'get',
  path: paths.awsicPlan,
  right: { resource: 'plugin', verb: 'read' },
  summary: 'The plan of the sync as of now, with who gains and who loses what',
  answer: { kind: 'json', schema: planAnswer },
  query: planQuery,
  handler: async ({ deps, params, query }) => json(await readPlan(deps, params.plugin ?? '', query)),
})
