/** @module `POST /v1/devices/:name/enroll-token`: a token by which the device is enrolled once, shown in this one answer. */
import { enrollTokenAnswer, paths } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { createEnrollToken } from '../../service/devices/create-enroll-token.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const createDeviceToken = route({
  method: 'post',
  path: paths.deviceEnrollToken,
  right: { resource: 'device', verb: 'create_enroll_token' },
  scoped: true,
  summary: 'Makes a token by which a device is enrolled once, within an hour',
  answer: { kind: 'json', schema: enrollTokenAnswer },
  handler: async ({ deps, params, actor, origin }) => {
    const issued = await createEnrollToken(deps, params.name ?? '', authorityOf(actor), origin)
    return json({ ...issued, expiresAt: formatInstant(issued.expiresAt) })
  },
})
