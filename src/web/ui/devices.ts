/** @module Words for devices: their systems and how sure a proof of one is. */
import { describeAssurance } from '../../core/device/policy.js'
import type { DeviceAssurance, DeviceOsType } from '../../core/device/device.js'
import { startUpper } from './format.js'

export const osNames: Readonly<Record<DeviceOsType, string>> = {
  macos: 'macOS',
  windows: 'Windows',
  linux: 'Linux',
  ios: 'iOS',
}

/** `A key in a file`. */
export function sayAssurance(assurance: DeviceAssurance): string {
  return startUpper(describeAssurance(assurance))
}
