/** @module `GET /readyz`: the store answers, so people can be signed in. */
import { readyAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { json, route } from '../route.js'

export const ready = route({
  method: 'get',
  path: '/readyz',
  right: 'public',
  summary: 'Whether the database answers, so that people can be signed in',
  answer: { kind: 'json', schema: readyAnswer },
  handler: async ({ deps }) => {
    try {
      await deps.store.ping()
    } catch (cause) {
      throw new GatewayError('UNAVAILABLE', 'the store does not answer', {}, { cause })
    }
    return json({ status: 'ready' })
  },
})
