/** @module `POST /v1/devices/enroll/inspect`: what a token enrols, and what its key has to sign. */
import { enrollInspectAnswer, enrollInspectRequest, paths } from '../../api/contract.js'
import { inspectEnrollToken } from '../../service/devices/enroll.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const inspectDeviceToken = route({
  method: 'post',
  path: paths.deviceEnrollInspect,
  right: 'session',
  summary: 'What an enrolment token enrols, and what the key of the device has to sign',
  answer: { kind: 'json', schema: enrollInspectAnswer },
  body: enrollInspectRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const { device, nonce } = await inspectEnrollToken(deps, body.token, personOf(actor), origin)
    const { name, assetTag, osType } = device
    return json({ device: name, assetTag, osType, gateway: deps.publicUrl, nonce })
  },
})
