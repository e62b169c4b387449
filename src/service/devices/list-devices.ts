/** @module Devices with what their resources do not tell: whether one has a key, whose, how sure, and its last use. */
import type { Device } from '../../core/device/device.js'
import { findLocks } from '../../core/lock/lock.js'
import type { DeviceKey } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { ServiceContext } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Catalog } from '../resources/catalog.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertMayOnSome, mayOnResource } from '../resources/may.js'
import { listUsersDevices } from './find-proof.js'
import { shownDevice } from './shown-device.js'

export interface DeviceView {
  readonly device: Device
  /** `waiting`: a token that enrols it is out. */
  readonly state: 'enrolled' | 'waiting' | 'not_enrolled' | 'locked'
  readonly key: Pick<DeviceKey, 'user' | 'storage' | 'enrolledAt' | 'lastUsedAt'> | undefined
}

/**
 * Those that this authority may list, by asset tag.
 * @throws GatewayError `FORBIDDEN` where it may list none.
 */
export async function listDevices(deps: ResourceDeps, authority: Authority): Promise<DeviceView[]> {
  const right = { resource: 'device', verb: 'list' }
  assertMayOnSome(authority, right)
  const catalog = await deps.catalog.read()
  const now = deps.clock.now()
  const keys = new Map((await deps.store.devices.listKeys()).map((key) => [key.device, key]))
  const tokens = await deps.store.devices.listEnrollTokens()
  const waiting = new Set(tokens.filter(({ expiresAt }) => now < expiresAt).map(({ device }) => device))
  return catalog
    .devices()
    .flatMap(({ value: device }): DeviceView[] => {
      const document = shownDevice(deps, catalog, device.name)
      if (document === undefined || mayOnResource(authority, right, document).effect !== 'allow') return []
      const key = keys.get(device.name)
      const isLocked = findLocks(catalog.locks(), { device: device.name }, now).length > 0
      const enrolled = key === undefined ? 'not_enrolled' : 'enrolled'
      const state = isLocked ? 'locked' : waiting.has(device.name) ? 'waiting' : enrolled
      return [{ device, state, key }]
    })
    .sort(byAssetTag)
}

/** Those that this person enrolled, and those that are theirs to enrol. */
export async function listOwnDevices(
  deps: Pick<ServiceContext, 'store' | 'clock'> & { readonly catalog: Catalog },
  user: string,
): Promise<DeviceView[]> {
  const catalog: CatalogView = await deps.catalog.read()
  const now = deps.clock.now()
  const held = await listUsersDevices(deps, catalog, user)
  const enrolled = held.map(({ device, key, isLocked }): DeviceView => ({
    device,
    key,
    state: isLocked ? 'locked' : 'enrolled',
  }))
  const names = new Set(held.map(({ device }) => device.name))
  const others = catalog
    .devices()
    .filter(({ value }) => value.owner === user && !names.has(value.name))
    .map(({ value: device }): DeviceView => {
      const isLocked = findLocks(catalog.locks(), { device: device.name }, now).length > 0
      return { device, key: undefined, state: isLocked ? 'locked' : 'not_enrolled' }
    })
  return [...enrolled, ...others].sort(byAssetTag)
}

function byAssetTag(one: DeviceView, other: DeviceView): number {
  return one.device.assetTag < other.device.assetTag ? -1 : 1
}
