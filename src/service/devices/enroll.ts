/**
 * @module Enrolment of a device: whoever runs the command line on it, signed in as a person, spends a token of an
 * administrator and leaves the public half of a new key, with a signature that shows that the other half is there. The
 * device vouches for that person from then on, and for nobody else.
 */
import type { Device } from '../../core/device/device.js'
import type { DeviceKeyStorage } from '../../core/device/device.js'
import { enrolmentStatement } from '../../core/device/statement.js'
import { GatewayError } from '../../core/error.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import type { DeviceEnrollToken } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import { limitAddress, mayRecordFault, takeBack } from '../people/limits.js'
import { record, recordRefusal } from '../people/record.js'
import { hashToken } from '../people/tokens.js'
import type { SignedIn } from '../saml/continue-sign-in.js'
import type { DeviceDeps } from './deps.js'
import { deviceFields } from './events.js'

export interface EnrolmentOffer {
  readonly device: Device
  /** What the key has to sign. */
  readonly nonce: string
}

/** What a token enrols. @throws GatewayError `DEVICE_TOKEN_INVALID`, `DEVICE_REFUSED`, `LOCKED`, `FORBIDDEN`. */
export async function inspectEnrollToken(
  deps: DeviceDeps,
  token: string,
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<EnrolmentOffer> {
  const { device, nonce } = await find(deps, token, signedIn, origin)
  return { device, nonce }
}

/**
 * Enrols; the token is spent with it.
 * @throws GatewayError as {@link inspectEnrollToken}, `DEVICE_REFUSED` for a key or a signature that is not good.
 */
export async function enrollDevice(
  deps: DeviceDeps,
  input: {
    readonly token: string
    readonly publicKey: string
    readonly storage: DeviceKeyStorage
    readonly signature: string
  },
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<Device> {
  const { token, publicKey, storage, signature } = input
  const { device, nonce } = await find(deps, token, signedIn, origin)
  const user = signedIn.user.name
  const statement = enrolmentStatement({ gateway: deps.publicUrl, device: device.name, user, nonce })
  const problem = !deps.deviceSignatures.isKey(publicKey)
    ? 'the key is none that a device may have (EC P-256 or Ed25519)'
    : deps.deviceSignatures.verify(publicKey, statement, signature)
      ? undefined
      : `the signature does not fit; sign the command line in at ${deps.publicUrl}, then try again`
  if (problem !== undefined) {
    await refuse(deps, problem, user, deviceFields(device), origin)
    throw new GatewayError('DEVICE_REFUSED', problem)
  }
  const now = deps.clock.now()
  const key = { device: device.name, id: deps.random.uuid(), user, publicKey, storage }
  await deps.store.transaction(async (tx) => {
    // Once, whoever asks at the same time.
    if (!(await tx.devices.spendEnrollToken(hashToken(token)))) throw tokenInvalid()
    if ((await tx.resources.find('device', device.name)) === undefined) throw tokenInvalid()
    await tx.devices.putKey({ ...key, enrolledAt: now, lastUsedAt: undefined })
    const fields = { ...deviceFields(device), credential_id: key.id, assurance: storage }
    await record(deps, tx, { event: 'device.token.spent', success: true, user, fields }, origin)
    await record(deps, tx, { event: 'device.enroll', success: true, user, fields }, origin)
  })
  return device
}

async function find(
  deps: DeviceDeps,
  token: string,
  { user, session }: SignedIn,
  origin: RequestOrigin,
): Promise<DeviceEnrollTokenOf> {
  if (session.client !== 'cli') {
    throw new GatewayError('FORBIDDEN', 'a device is enrolled by its command line: gatehouse device enroll')
  }
  const counted = await limitAddress(deps, 'device', origin.address)
  const found = await deps.store.devices.findEnrollToken(hashToken(token))
  const catalog = await deps.catalog.read()
  const device = found && catalog.device(found.device)
  if (found === undefined || device === undefined || found.expiresAt <= deps.clock.now()) {
    if (await mayRecordFault(deps, origin.address)) {
      await refuse(deps, 'the token is unknown, used or expired', user.name, {}, origin)
    }
    throw tokenInvalid()
  }
  await takeBack(deps, counted)
  if ((device.owner ?? user.name) !== user.name) {
    await refuse(deps, 'the device belongs to somebody else', user.name, deviceFields(device), origin)
    throw new GatewayError(
      'DEVICE_REFUSED',
      'this token is for a device of somebody else; its owner has to sign in on it to enrol it',
    )
  }
  const locks = locksOn(catalog, { user, session: session.id, device: device.name }, deps.clock.now())
  assertUnlocked(locks, user.name)
  return { ...found, device }
}

type DeviceEnrollTokenOf = Omit<DeviceEnrollToken, 'device'> & { readonly device: Device }

async function refuse(
  deps: DeviceDeps,
  error: string,
  user: string,
  fields: ReturnType<typeof deviceFields>,
  origin: RequestOrigin,
): Promise<void> {
  await recordRefusal(deps, { event: 'device.enroll', user, fields: { ...fields, error } }, origin)
}

function tokenInvalid(): GatewayError {
  return new GatewayError(
    'DEVICE_TOKEN_INVALID',
    'this token enrols nothing: it was used, it is older than an hour, or a newer one took its place; ask for a new one',
  )
}
