/** @module `GET /v1/me/devices`: the devices that vouch for one, and those that one may enrol. */
import { deviceListAnswer, paths } from '../../api/contract.js'
import { listOwnDevices as listOwn } from '../../service/devices/list-devices.js'
import { toDeviceItem } from '../device-item.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const listOwnDevices = route({
  method: 'get',
  path: paths.meDevices,
  right: 'session',
  summary: 'The devices that vouch for one, and those that one may enrol',
  answer: { kind: 'json', schema: deviceListAnswer },
  handler: async ({ deps, actor }) =>
    json({ items: (await listOwn(deps, personOf(actor).user.name)).map(toDeviceItem) }),
})
