/**
 * @module What a device proof is good for. Where a device is required, only a proof that cannot be passed on by a
 * stranger counts (T31), and only one that is as sure as the cluster asks for (T32).
 */
import { deviceAssurances, type DeviceAssurance, type DeviceProof } from './device.js'

const assuranceWords: Readonly<Record<DeviceAssurance, string>> = {
  key_file: 'a key in a file',
  key_store: 'a key in the key store of its operating system',
  certificate: 'a certificate of the company',
}

/** `a key in a file`, for sentences. */
export function describeAssurance(assurance: DeviceAssurance): string {
  return assuranceWords[assurance]
}

/** Whether `assurance` is at least `minimum`. */
export function isSureEnough(assurance: DeviceAssurance, minimum: DeviceAssurance): boolean {
  return deviceAssurances.indexOf(assurance) >= deviceAssurances.indexOf(minimum)
}

/** Why a proof does not meet a requirement, to go on after "and"; undefined: it does. */
export function findProofShortfall(
  { device, way, assurance }: DeviceProof,
  minimum: DeviceAssurance,
): string | undefined {
  const named = `the device "${device.assetTag}"`
  if (way === 'code') {
    return `${named} was confirmed with a short code, which can be passed on and does not count here`
  }
  if (!isSureEnough(assurance, minimum)) {
    return `${named} has ${assuranceWords[assurance]}, while the cluster asks for ${assuranceWords[minimum]}`
  }
  return undefined
}
