/** @module `GET /healthz`: the process answers. */
import { healthAnswer } from '../../api/contract.js'
import { json, route } from '../route.js'

export const health = route({
  method: 'get',
  path: '/healthz',
  right: 'public',
  summary: 'Whether the process answers',
  answer: { kind: 'json', schema: healthAnswer },
  handler: async () => Promise.resolve(json({ status: 'ok' })),
})
