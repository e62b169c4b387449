/** @module `POST /v1/me/passkeys`: keeps the passkey that the browser made. */
import { factorAnswer, passkeyAddRequest, paths } from '../../api/contract.js'
import { addPasskey } from '../../service/people/own-passkeys.js'
import { toFactorAnswer } from '../factor-answer.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const addOwnPasskey = route({
  method: 'post',
  path: paths.mePasskeys,
  right: 'session',
  summary: 'Enrols a passkey',
  answer: { kind: 'json', schema: factorAnswer, status: 201 },
  body: passkeyAddRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const input = { label: body.label, answer: body.passkey }
    return json(toFactorAnswer(await addPasskey(deps, input, personOf(actor), origin)), 201)
  },
})
