/**
 * @module The device's side of a sign-in that it vouches for. Its command line is signed in as the same person, shows
 * who signs in where and from which browser, asks, and signs what names this gateway, person, session, application and
 * sign-in. Nothing counts yet where the browser has to come back from the device first.
 */
import { isUsersDevice, type Device } from '../../core/device/device.js'
import { confirmationStatement } from '../../core/device/statement.js'
import { GatewayError } from '../../core/error.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import type { DeviceChallenge, DeviceKey } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import { limitAddress, mayRecordFault, takeBack } from '../people/limits.js'
import { record, recordRefusal } from '../people/record.js'
import { hashToken } from '../people/tokens.js'
import type { SignedIn } from '../saml/continue-sign-in.js'
import type { DeviceDeps } from './deps.js'
import { readCode } from './device-step.js'
import { challengeFields, deviceFields } from './events.js'

/** By the ticket that the browser brought, or by the code that the person typed. */
export type ChallengeKey = { readonly ticket: string } | { readonly code: string }

/** What a device is asked to vouch for. @throws GatewayError `DEVICE_REQUEST_GONE`, `FORBIDDEN`, `LOCKED`. */
export async function inspectChallenge(
  deps: DeviceDeps,
  key: ChallengeKey,
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<DeviceChallenge & { readonly isSameAddress: boolean }> {
  const challenge = await find(deps, key, signedIn, origin)
  return { ...challenge, isSameAddress: challenge.address === origin.address }
}

/** The person at the device says no; the page tells it. @throws GatewayError as {@link inspectChallenge}. */
export async function refuseChallenge(
  deps: DeviceDeps,
  key: ChallengeKey,
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<void> {
  const challenge = await find(deps, key, signedIn, origin)
  const user = signedIn.user.name
  const nothing = { device: undefined, keyId: undefined, completionHash: undefined }
  await deps.store.transaction(async (tx) => {
    if (!(await tx.devices.move(challenge.ticketHash, 'waiting', { state: 'refused', ...nothing })))
      throw gone()
    const fields = { ...challengeFields(challenge), error: 'the person at the device refused' }
    await record(deps, tx, { event: 'device.authenticate', success: false, user, fields }, origin)
  })
}

/**
 * The device vouches. Answers the secret that the browser brings back, for a ticket; undefined for a code.
 * @throws GatewayError `DEVICE_REFUSED`, `LOCKED`, as {@link inspectChallenge}.
 */
export async function signChallenge(
  deps: DeviceDeps,
  input: { readonly key: ChallengeKey; readonly device: string; readonly signature: string },
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<string | undefined> {
  const challenge = await find(deps, input.key, signedIn, origin)
  const { user, session } = signedIn
  const now = deps.clock.now()
  const catalog = await deps.catalog.read()
  const device = catalog.device(input.device)
  const key = await deps.store.devices.findKey(input.device)
  const problem = findProblem(deps, { challenge, device, key, signature: input.signature })
  if (problem !== undefined || device === undefined || key === undefined) {
    const error = problem ?? ''
    const fields = { ...challengeFields(challenge), ...(device && deviceFields(device)), error }
    await recordRefusal(deps, { event: 'device.authenticate', user: user.name, fields }, origin)
    throw new GatewayError('DEVICE_REFUSED', error)
  }
  const locks = locksOn(catalog, { user, session: session.id, device: device.name }, now)
  if (locks.length > 0) {
    const fields = { ...challengeFields(challenge), ...deviceFields(device), error: 'a lock is in force' }
    await recordRefusal(deps, { event: 'device.authenticate', user: user.name, fields }, origin)
  }
  assertUnlocked(locks, user.name)
  const completion = challenge.way === 'loopback' ? deps.random.secret() : undefined
  await deps.store.transaction(async (tx) => {
    const signed = { device: device.name, keyId: key.id }
    const next =
      completion === undefined
        ? ({ state: 'done', ...signed, completionHash: undefined } as const)
        : ({ state: 'signed', ...signed, completionHash: hashToken(completion) } as const)
    if (!(await tx.devices.move(challenge.ticketHash, 'waiting', next))) throw gone()
    await tx.devices.touchKey(device.name, now)
    if (completion === undefined) {
      const proof = { ...signed, way: challenge.way }
      await tx.signIns.recordDevice(challenge.handleHash, { sessionId: challenge.sessionId, at: now, proof })
    }
    const fields = {
      ...challengeFields(challenge),
      ...deviceFields(device),
      credential_id: key.id,
      assurance: key.storage,
    }
    const facts = { event: 'device.authenticate', success: true, user: user.name, fields } as const
    await record(deps, tx, facts, origin)
  })
  return completion
}

function findProblem(
  deps: DeviceDeps,
  given: {
    readonly challenge: DeviceChallenge
    readonly device: Device | undefined
    readonly key: DeviceKey | undefined
    readonly signature: string
  },
): string | undefined {
  const { challenge, device, key, signature } = given
  if (device === undefined || key === undefined) {
    return 'this device is not enrolled here, or not any more; ask an administrator for a new token'
  }
  if (key.user !== challenge.user || !isUsersDevice(device, key.user, challenge.user)) {
    return 'this device belongs to somebody else and does not vouch for you'
  }
  const statement = confirmationStatement({
    gateway: deps.publicUrl,
    device: device.name,
    user: challenge.user,
    nonce: challenge.nonce,
    signIn: challenge.handleHash,
    session: challenge.sessionId,
    application: challenge.entityId,
  })
  if (deps.deviceSignatures.verify(key.publicKey, statement, signature)) return undefined
  return `the signature of the device does not fit; enrol it anew, or sign its command line in at ${deps.publicUrl}`
}

/** Unknown, expired, answered, and somebody else's: the same words for all. */
async function find(
  deps: DeviceDeps,
  key: ChallengeKey,
  { user, session }: SignedIn,
  origin: RequestOrigin,
): Promise<DeviceChallenge> {
  if (session.client !== 'cli') {
    throw new GatewayError('FORBIDDEN', 'a device vouches by its command line: gatehouse device confirm')
  }
  const counted = await limitAddress(deps, 'device', origin.address)
  const isCode = 'code' in key
  const found = await deps.store.devices.findChallenge(hashToken(isCode ? readCode(key.code) : key.ticket))
  const problem =
    found === undefined
      ? 'it is unknown'
      : found.user !== user.name
        ? 'it is for somebody else'
        : (found.way === 'code') !== isCode
          ? 'it is for another way'
          : found.state !== 'waiting'
            ? 'it was answered before'
            : deps.clock.now() >= found.expiresAt
              ? 'it has expired'
              : undefined
  if (problem === undefined && found !== undefined) {
    await takeBack(deps, counted)
    return found
  }
  if (await mayRecordFault(deps, origin.address)) {
    const fields = {
      ...(found && challengeFields(found)),
      error: `there is nothing to vouch for: ${problem ?? ''}`,
    }
    await recordRefusal(deps, { event: 'device.authenticate', user: user.name, fields }, origin)
  }
  throw gone()
}

function gone(): GatewayError {
  return new GatewayError(
    'DEVICE_REQUEST_GONE',
    'there is no sign-in of yours that waits for this; start again in the browser, within five minutes',
  )
}
