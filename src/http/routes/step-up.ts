/** @module `POST /v1/step-up`: the second factor for one sign-in; the browser then goes on with it. */
import { paths, stepUpAnswer, stepUpRequest, type StepUpAnswer } from '../../api/contract.js'
import { stepUp as verifyStepUp } from '../../service/saml/step-up.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'
import { continuePath } from '../saml-answer.js'

export const stepUp = route({
  method: 'post',
  path: paths.stepUp,
  right: 'session',
  summary: 'A fresh second factor for one sign-in',
  answer: { kind: 'json', schema: stepUpAnswer },
  body: stepUpRequest,
  handler: async ({ deps, body, actor, origin }) => {
    await verifyStepUp(deps, body, personOf(actor), origin)
    const answer: StepUpAnswer = { next: continuePath(body.handle) }
    return json(answer)
  },
})
