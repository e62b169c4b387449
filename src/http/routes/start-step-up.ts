/** @module `POST /v1/step-up/start`: asks for a passkey for one sign-in. */
import { passkeyRequestOptions, paths, stepUpStartRequest } from '../../api/contract.js'
import { startStepUp as askForStepUp } from '../../service/saml/step-up.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const startStepUp = route({
  method: 'post',
  path: paths.stepUpStart,
  right: 'session',
  summary: 'What a passkey is asked, for one sign-in',
  answer: { kind: 'json', schema: passkeyRequestOptions },
  body: stepUpStartRequest,
  handler: async ({ deps, body, actor, origin }) =>
    json(await askForStepUp(deps, body.handle, personOf(actor), origin)),
})
