/**
 * @module Which device vouches for a sign-in at this moment: by a client certificate that comes with this very request,
 * or by its key, as the sign-in that waits remembers. Looked up anew each time: a device that was removed, enrolled anew
 * or given to somebody else between proof and Response vouches for nobody; a locked one refuses.
 */
import type { AuditFacts } from '../../core/audit/event.js'
import { findCertifiedDevice } from '../../core/device/certificate.js'
import { isProofFresh, isUsersDevice, type Device, type DeviceProof } from '../../core/device/device.js'
import { isSureEnough } from '../../core/device/policy.js'
import { findLocks } from '../../core/lock/lock.js'
import type { SamlDecision } from '../../core/role/saml-access.js'
import type { DeviceKey, PendingSignIn } from '../../store/store.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { SamlDeps } from '../saml/deps.js'

export interface FoundDevice {
  readonly proof: DeviceProof | undefined
  /** Why what was shown is no proof, to go on after "and". */
  readonly shortfall?: string | undefined
}

type FindDeps = Pick<SamlDeps, 'store' | 'clock' | 'deviceCertificates'>

export async function findDeviceProof(
  deps: FindDeps,
  catalog: CatalogView,
  asked: {
    readonly user: string
    readonly sessionId: string
    readonly pending?: PendingSignIn
    readonly origin: RequestOrigin
  },
): Promise<FoundDevice> {
  const certified = readCertificate(deps, catalog, asked.user, asked.origin)
  if (certified?.proof !== undefined) return certified
  const { proof, at = 0, sessionId } = asked.pending?.device ?? {}
  // It counts for this sign-in and the session that asked, nothing else.
  if (proof === undefined || sessionId !== asked.sessionId) return certified ?? { proof: undefined }
  if (!isProofFresh(at, deps.clock.now())) {
    return { proof: undefined, shortfall: 'the device vouched too long ago' }
  }
  const key = await deps.store.devices.findKey(proof.device)
  const device = catalog.device(proof.device)
  if (key?.id !== proof.keyId || device === undefined || !isUsable(device, key, asked.user)) {
    return { proof: undefined, shortfall: 'the device that vouched was removed or changed meanwhile' }
  }
  return { proof: { device, way: proof.way, assurance: key.storage } }
}

function readCertificate(
  deps: FindDeps,
  catalog: CatalogView,
  user: string,
  { clientCertificate }: RequestOrigin,
): FoundDevice | undefined {
  if (clientCertificate === undefined || deps.deviceCertificates === undefined) return undefined
  const read = deps.deviceCertificates.read(clientCertificate, deps.clock.now())
  if ('refused' in read) return { proof: undefined, shortfall: read.refused }
  const device = findCertifiedDevice(
    read,
    catalog.devices().map(({ value }) => value),
  )
  if (device === undefined) {
    return { proof: undefined, shortfall: 'the certificate names no device that is registered here' }
  }
  if ((device.owner ?? user) !== user) {
    return { proof: undefined, shortfall: 'the device of the certificate belongs to somebody else' }
  }
  return { proof: { device, way: 'certificate', assurance: 'certificate' } }
}

function isUsable(device: Device, key: DeviceKey, user: string): boolean {
  return key.user === user && isUsersDevice(device, key.user, user)
}

/** A device with a key that vouches for this user. */
export interface UsersDevice {
  readonly device: Device
  readonly key: DeviceKey
  readonly isLocked: boolean
}

/** The devices that this user enrolled and may still use, by asset tag. */
export async function listUsersDevices(
  deps: Pick<ServiceContext, 'store' | 'clock'>,
  catalog: CatalogView,
  user: string,
): Promise<UsersDevice[]> {
  const now = deps.clock.now()
  return (await deps.store.devices.listKeys())
    .flatMap((key) => {
      const device = catalog.device(key.device)
      if (device === undefined || !isUsable(device, key, user)) return []
      return [{ device, key, isLocked: findLocks(catalog.locks(), { device: device.name }, now).length > 0 }]
    })
    .sort((a, b) => (a.device.assetTag < b.device.assetTag ? -1 : 1))
}

/** Whether it is worth asking: the sign-in wants a device, and the person has one that would do. */
export async function couldVouch(
  deps: Pick<ServiceContext, 'store' | 'clock'>,
  catalog: CatalogView,
  user: string,
  decision: SamlDecision,
): Promise<boolean> {
  const wanted = deviceWantedBy(decision)
  if (wanted === undefined) return false
  const minimum = (wanted === 'required' && catalog.preference().minimumDeviceAssurance) || 'key_file'
  const devices = await listUsersDevices(deps, catalog, user)
  return devices.some(({ key, isLocked }) => !isLocked && isSureEnough(key.storage, minimum))
}

/** Undefined: it asks for none, or nothing that a device could do would help. */
export function deviceWantedBy(decision: SamlDecision): 'required' | 'optional' | undefined {
  if (decision.effect === 'deny') return decision.because === 'device_untrusted' ? 'required' : undefined
  return decision.effect === 'allow' && decision.asksDevice ? 'optional' : undefined
}

/** `trusted_device` of a sign-in's event, with the names of the reference product and two of ours. */
export function trustedDeviceFields(found: FoundDevice | undefined): NonNullable<AuditFacts['fields']> {
  if (found?.proof === undefined) return {}
  const { device, way, assurance } = found.proof
  return {
    trusted_device: {
      device_id: device.name,
      asset_tag: device.assetTag,
      os_type: device.osType,
      proof: way,
      assurance,
    },
  }
}
