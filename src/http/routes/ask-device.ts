/** @module `POST /v1/device-steps/ask`: the browser asks a device to vouch for a sign-in that waits. */
import { deviceAskAnswer, deviceAskRequest, paths, type DeviceAskAnswer } from '../../api/contract.js'
import { deviceHandOverUrl } from '../../core/device/hand-over.js'
import { formatInstant } from '../../core/time.js'
import { askDevice as ask } from '../../service/devices/device-step.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const askDevice = route({
  method: 'post',
  path: paths.deviceStepAsk,
  right: 'session',
  summary: 'Asks a device to vouch for a sign-in that waits',
  answer: { kind: 'json', schema: deviceAskAnswer },
  body: deviceAskRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const { handle, way, port } = body
    const { secret, expiresAt } = await ask(deps, { handle, way }, personOf(actor), origin)
    const told =
      way === 'code' ? { code: secret } : { redirectUrl: deviceHandOverUrl({ ticket: secret, handle, port }) }
    const answer: DeviceAskAnswer = { ...told, expiresAt: formatInstant(expiresAt) }
    return json(answer)
  },
})
