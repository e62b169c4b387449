/** @module `GET /readyz`: the store answers, so people can be signed in. */
import { GatewayError } from '../../core/error.js'
import { json, route } from '../route.js'

export const ready = route({
  method: 'get',
  path: '/readyz',
  right: 'public',
  handler: async ({ deps }) => {
    try {
      await deps.store.ping()
    } catch (cause) {
      throw new GatewayError('UNAVAILABLE', 'the store does not answer', {}, { cause })
    }
    return json({ status: 'ready' })
  },
})
