/** @module Which device a client certificate stands for: the one whose asset tag it names, and no other beside it. */
import { foldAssetTag, type Device } from './device.js'

/** What is read of a certificate that a trusted authority issued. */
export interface ClientCertificate {
  /** Common names of the subject and DNS names of the alternative names. */
  readonly names: readonly string[]
}

/** Undefined where none matches, and where two do: a certificate that could be either is neither. */
export function findCertifiedDevice(
  { names }: ClientCertificate,
  devices: readonly Device[],
): Device | undefined {
  const wanted = new Set(names.map(foldAssetTag))
  const found = devices.filter(({ assetTag }) => wanted.has(foldAssetTag(assetTag)))
  return found.length === 1 ? found[0] : undefined
}
