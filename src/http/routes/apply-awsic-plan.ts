/** @module `POST /v1/identity-center/:plugin/plan/apply`: switches the sync on and follows the plan to its end. */
import { jobAnswer } from '../../api/contract/identity-center.js'
import { applyRequest } from '../../api/contract/identity-center-plan.js'
import { paths } from '../../api/contract.js'
import { applyPlan } from '../../service/identity-center/apply.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const applyAwsicPlan = route({
  method: 'post',
  path: paths.awsicApply,
  right: { resource: 'plugin', verb: 'update' },
  summary: 'Switches the sync on where it is paused, and applies what needs no approval; answers the job',
  answer: { kind: 'json', schema: jobAnswer },
  body: applyRequest,
  handler: async ({ deps, params, body, actor, origin }) =>
    json({ job: await applyPlan(deps, params.plugin ?? '', body, authorityOf(actor), origin) }),
})
