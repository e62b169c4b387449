/** @module `GET /healthz`: the process answers. */
import { json, route } from '../route.js'

export const health = route({
  method: 'get',
  path: '/healthz',
  right: 'public',
  handler: async () => Promise.resolve(json({ status: 'ok' })),
})
