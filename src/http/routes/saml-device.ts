/** @module `GET /saml/idp/device`: the browser comes back from the device, and the sign-in goes on. */
import { z } from 'zod'
import { deviceReturnPath } from '../../core/device/hand-over.js'
import { completeDeviceStep } from '../../service/devices/device-step.js'
import { personOf } from '../person.js'
import { route } from '../route.js'
import { continuePath } from '../saml-answer.js'

export const samlDevice = route({
  method: 'get',
  path: deviceReturnPath,
  right: 'session',
  summary: 'Takes the confirmation of a device that the browser brings back, and goes on with the sign-in',
  answer: { kind: 'browser' },
  getOnly: true,
  query: z.object({ handle: z.string().min(20).max(200), completion: z.string().min(20).max(200) }),
  handler: async ({ deps, query, actor, origin }) => {
    await completeDeviceStep(deps, query, personOf(actor), origin)
    return { kind: 'redirect', location: continuePath(query.handle) }
  },
})
