/** @module `GET /v1/devices`: devices with the state of their keys. */
import { deviceListAnswer, paths } from '../../api/contract.js'
import { listDevices as listViews } from '../../service/devices/list-devices.js'
import { toDeviceItem } from '../device-item.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listDevices = route({
  method: 'get',
  path: paths.devices,
  right: { resource: 'device', verb: 'list' },
  scoped: true,
  summary: 'Devices with the state of their keys and their last use',
  answer: { kind: 'json', schema: deviceListAnswer },
  handler: async ({ deps, actor }) =>
    json({ items: (await listViews(deps, authorityOf(actor))).map(toDeviceItem) }),
})
