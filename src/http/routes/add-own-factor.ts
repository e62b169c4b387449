/** @module `POST /v1/me/factors`: keeps a factor once its first code was right. */
import { factorAddRequest, factorAnswer, paths } from '../../api/contract.js'
import { addFactor } from '../../service/people/own-factors.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'
import { toFactorAnswer } from '../factor-answer.js'

export const addOwnFactor = route({
  method: 'post',
  path: paths.meFactors,
  right: 'session',
  summary: 'Enrols an authenticator app with its first code',
  answer: { kind: 'json', schema: factorAnswer, status: 201 },
  body: factorAddRequest,
  handler: async ({ deps, body, actor, origin }) =>
    json(toFactorAnswer(await addFactor(deps, body, personOf(actor), origin)), 201),
})
