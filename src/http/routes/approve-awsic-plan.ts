/** @module `POST /v1/identity-center/:plugin/plan/approve`: a person agrees to actions that wait. */
import { approveRequest, planAnswer, planQuery } from '../../api/contract/identity-center-plan.js'
import { paths } from '../../api/contract.js'
import { approveActions } from '../../service/identity-center/approve.js'
import { readPlan } from '../../service/identity-center/plan.js'
import { actorName, authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const approveAwsicPlan = route({
  method: 'post',
  path: paths.awsicApprove,
  right: { resource: 'plugin', verb: 'update' },
  summary:
    'Agrees to held actions, all or some by key, as the plan of this digest shows them; answers the plan then',
  answer: { kind: 'json', schema: planAnswer },
  body: approveRequest,
  handler: async ({ deps, params, body, actor, origin }) => {
    const plugin = params.plugin ?? ''
    await approveActions(deps, plugin, body, actorName(actor), origin, authorityOf(actor))
    return json(await readPlan(deps, plugin, planQuery.parse({})))
  },
})
