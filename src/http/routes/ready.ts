/** @module `GET /readyz`: the store answers and nobody asked for the end, so people can be signed in. */
import { readyAnswer } from '../../api/contract.js'
import { GatewayError } from '../../core/error.js'
import { second } from '../../core/time.js'
import { withTimeLimit } from '../../lib/time-limit.js'
import { json, route } from '../route.js'

const pingMs = 3 * second

export const ready = route({
  method: 'get',
  path: '/readyz',
  right: 'public',
  summary: 'Whether the database answers, so that people can be signed in',
  answer: { kind: 'json', schema: readyAnswer },
  handler: async ({ deps }) => {
    // No error: it would be told as one in the log, with each probe.
    if (deps.isStopping?.() === true) return json({ status: 'stopping' }, 503)
    try {
      // Whoever asks does not wait for as long as people do.
      await withTimeLimit(deps.timers, pingMs, undefined, async () => await deps.store.ping())
    } catch (cause) {
      throw new GatewayError('UNAVAILABLE', 'the store does not answer', {}, { cause })
    }
    return json({ status: 'ready' })
  },
})
