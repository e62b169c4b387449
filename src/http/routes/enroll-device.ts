/** @module `POST /v1/devices/enroll`: a device leaves the public half of its key. */
import { enrollAnswer, enrollRequest, paths } from '../../api/contract.js'
import { enrollDevice as enroll } from '../../service/devices/enroll.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const enrollDevice = route({
  method: 'post',
  path: paths.deviceEnroll,
  right: 'session',
  summary: 'Enrols a device by its command line; spends the token',
  answer: { kind: 'json', schema: enrollAnswer },
  body: enrollRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const { name, assetTag } = await enroll(deps, body, personOf(actor), origin)
    return json({ device: name, assetTag })
  },
})
