/** @module `GET /v1/pending-sign-ins/:handle`: what the step-up page says about the sign-in that waits. */
import { paths, pendingSignInAnswer, type PendingSignInAnswer } from '../../api/contract.js'
import { describePending } from '../../service/saml/step-up.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const getPendingSignIn = route({
  method: 'get',
  path: paths.pendingSignIn,
  right: 'session',
  summary: 'What the step-up page says about the sign-in that waits',
  answer: { kind: 'json', schema: pendingSignInAnswer },
  handler: async ({ deps, params, actor }) => {
    const view = await describePending(deps, params.handle ?? '', personOf(actor))
    const answer: PendingSignInAnswer = { ...view, ways: [...view.ways] }
    return json(answer)
  },
})
