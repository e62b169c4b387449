/** @module A device as lists show it. */
import type { DeviceItem } from '../api/contract.js'
import { formatInstant } from '../core/time.js'
import type { DeviceView } from '../service/devices/list-devices.js'

export function toDeviceItem({ device, state, key }: DeviceView): DeviceItem {
  const { name, assetTag, osType, owner, source } = device
  return {
    name,
    assetTag,
    osType,
    ...(owner !== undefined && { owner }),
    ...(source !== undefined && { source }),
    state,
    ...(key && {
      enrolledBy: key.user,
      enrolledAt: formatInstant(key.enrolledAt),
      assurance: key.storage,
    }),
    ...(key?.lastUsedAt !== undefined && { lastUsedAt: formatInstant(key.lastUsedAt) }),
  }
}
