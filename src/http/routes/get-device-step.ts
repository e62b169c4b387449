/** @module `GET /v1/device-steps/:handle`: what the page says about a sign-in that waits for a device. */
import { deviceStepAnswer, paths, type DeviceStepAnswer } from '../../api/contract.js'
import { describeDeviceStep } from '../../service/devices/device-step.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'
import { continuePath } from '../saml-answer.js'

export const getDeviceStep = route({
  method: 'get',
  path: paths.deviceStep,
  right: 'session',
  summary: 'What the page says about a sign-in that waits for a device',
  answer: { kind: 'json', schema: deviceStepAnswer },
  handler: async ({ deps, params, actor, origin }) => {
    const handle = params.handle ?? ''
    const { wanted, state, devices, ...view } = await describeDeviceStep(
      deps,
      handle,
      personOf(actor),
      origin,
    )
    const answer: DeviceStepAnswer = {
      ...view,
      ...(wanted && { wanted }),
      ...(state && { state }),
      devices: devices.map(({ device, key, isLocked, isEnough }) => ({
        assetTag: device.assetTag,
        osType: device.osType,
        assurance: key.storage,
        isLocked,
        isEnough,
      })),
      next: continuePath(handle),
    }
    return json(answer)
  },
})
