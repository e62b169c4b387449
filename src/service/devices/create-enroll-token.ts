/** @module A token by which a device is enrolled once, within the hour; a newer one replaces it. */
import { GatewayError } from '../../core/error.js'
import { hour, type DurationMs, type Instant } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { hashToken } from '../people/tokens.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import { record } from '../people/record.js'
import { assertMayOnResource } from '../resources/may.js'
import type { ResourceDeps } from '../resources/deps.js'
import type { StoreTransaction } from '../../store/store.js'
import { deviceFields } from './events.js'
import { shownDevice } from './shown-device.js'

const lifetimeMs: DurationMs = hour
/** Lets people and secret scanners tell one from other random text. */
const prefix = 'ghd_'

export interface EnrollTokenIssued {
  readonly device: string
  readonly assetTag: string
  /** Shown once. */
  readonly token: string
  readonly expiresAt: Instant
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, and as `confirmChange`. */
export async function createEnrollToken(
  deps: ResourceDeps,
  name: string,
  authority: Authority,
  origin: RequestOrigin,
): Promise<EnrollTokenIssued> {
  const catalog = await deps.catalog.read()
  const right = { resource: 'device', verb: 'create_enroll_token' }
  assertMayOnResource(authority, right, name, shownDevice(deps, catalog, name))
  const device = catalog.device(name)
  if (device === undefined) throw notFound(name)
  const token = `${prefix}${deps.random.secret()}`
  const expiresAt = deps.clock.now() + lifetimeMs
  const write = async (tx: StoreTransaction): Promise<void> => {
    // Deleted meanwhile: a token must not be there before a later device of this name.
    if ((await tx.resources.find('device', name)) === undefined) throw notFound(name)
    const preference = (await deps.catalog.readIn(tx)).preference()
    await confirmChange(tx, authority, { acts: [right], preference, now: deps.clock.now() })
    await tx.devices.putEnrollToken({
      device: name,
      tokenHash: hashToken(token),
      nonce: deps.random.secret(),
      expiresAt,
    })
    const facts = { event: 'device.token.create', success: true, user: authority.name } as const
    await record(deps, tx, { ...facts, fields: deviceFields(device) }, origin)
  }
  await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(write))
  return { device: name, assetTag: device.assetTag, token, expiresAt }
}

function notFound(name: string): GatewayError {
  return new GatewayError('NOT_FOUND', `there is no device "${name.slice(0, 200)}"`, { name })
}
