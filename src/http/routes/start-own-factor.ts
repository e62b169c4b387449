/** @module `POST /v1/me/factors/start`: proves who asks, then shows a seed that is stored nowhere yet. */
import { factorStartAnswer, factorStartRequest, paths, type FactorStartAnswer } from '../../api/contract.js'
import { startFactor } from '../../service/people/own-factors.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const startOwnFactor = route({
  method: 'post',
  path: paths.meFactorStart,
  right: 'session',
  summary: 'Proves who asks and shows the seed of a new authenticator app',
  answer: { kind: 'json', schema: factorStartAnswer },
  body: factorStartRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const answer: FactorStartAnswer = await startFactor(deps, body, personOf(actor), origin)
    return json(answer)
  },
})
