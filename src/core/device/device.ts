/**
 * @module Devices that may vouch for a sign-in: what is known of each, and how sure one can be that a proof comes from
 * it. Pure; who keeps them is `store`, how a signature is checked is `authn`.
 */
import type { Instant } from '../time.js'

export const deviceOsTypes = ['macos', 'windows', 'linux', 'ios'] as const
export type DeviceOsType = (typeof deviceOsTypes)[number]

/** A device as its resource says it. */
export interface Device {
  /** The name of the resource: the device id of lists, locks and the audit log. */
  readonly name: string
  readonly osType: DeviceOsType
  /** What the company calls the machine, usually its serial number. No two devices share one, whatever the case. */
  readonly assetTag: string
  /** The only user whom it vouches for; undefined: whoever enrols it. */
  readonly owner: string | undefined
  /** Where the record comes from, in the author's words. */
  readonly source: string | undefined
}

/**
 * How hard it is to answer for a device from elsewhere, weakest first: its key is a file that can be copied; its key is
 * in the key store of the operating system; the company's certificate authority vouches for it. The first two are what
 * the command line says of itself.
 */
export const deviceAssurances = ['key_file', 'key_store', 'certificate'] as const
export type DeviceAssurance = (typeof deviceAssurances)[number]

/** Where a command line keeps the key that it enrolled. */
export const deviceKeyStorages = ['key_file', 'key_store'] as const
export type DeviceKeyStorage = (typeof deviceKeyStorages)[number]

/**
 * `loopback`: the browser that signs in met the device on its own machine, and came back from there. `code`: somebody
 * typed a code. `certificate`: the browser itself showed a client certificate.
 */
export const deviceWays = ['loopback', 'code', 'certificate'] as const
export type DeviceWay = (typeof deviceWays)[number]

/** That a device vouches for one sign-in. */
export interface DeviceProof {
  readonly device: Pick<Device, 'name' | 'osType' | 'assetTag'>
  readonly way: DeviceWay
  readonly assurance: DeviceAssurance
}

/** By which a device is found, so that two spellings are one. */
export function foldAssetTag(assetTag: string): string {
  return assetTag.toLowerCase()
}

/** Whether this user may let the device vouch; `enrolledBy` undefined: it has no key. */
export function isUsersDevice(
  device: Pick<Device, 'owner'>,
  enrolledBy: string | undefined,
  user: string,
): boolean {
  return (device.owner ?? enrolledBy ?? user) === user && (enrolledBy ?? user) === user
}

/** How long a proof by key is good for, from the signature to the Response. */
export function isProofFresh(at: Instant, now: Instant): boolean {
  return now >= at && now < at + proofLifetimeMs
}

export const proofLifetimeMs = 5 * 60_000
