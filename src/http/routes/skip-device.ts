/** @module `POST /v1/device-steps/go-without`: the person goes on without a device, where none is required. */
import { deviceSkipAnswer, deviceSkipRequest, paths } from '../../api/contract.js'
import { goWithoutDevice } from '../../service/devices/device-step.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'
import { continuePath } from '../saml-answer.js'

export const skipDevice = route({
  method: 'post',
  path: paths.deviceStepSkip,
  right: 'session',
  summary: 'Goes on with a sign-in without a device, where none is required',
  answer: { kind: 'json', schema: deviceSkipAnswer },
  body: deviceSkipRequest,
  handler: async ({ deps, body, actor, origin }) => {
    await goWithoutDevice(deps, body.handle, personOf(actor), origin)
    return json({ next: continuePath(body.handle) })
  },
})
