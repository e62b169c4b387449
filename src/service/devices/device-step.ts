/**
 * @module The browser's side of a device that vouches for a sign-in. The page asks for a challenge and takes it to the
 * command line of this machine, by a redirect to its port; the device answers the gateway, and sends the browser back
 * with a secret. Only the session that asked can bring that back, and only then does the proof count: so browser and
 * device stand on one machine, whoever may have sent somebody a link (T31). A short code is there where nothing is
 * required, and its proof is only recorded.
 */
import type { DeviceProof } from '../../core/device/device.js'
import { isSureEnough } from '../../core/device/policy.js'
import { GatewayError } from '../../core/error.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { minute, type DurationMs, type Instant } from '../../core/time.js'
import type { PendingSignIn } from '../../store/store.js'
import { personAt } from '../access-requests/assumed.js'
import type { RequestOrigin } from '../context.js'
import { locksOn } from '../locks/in-force.js'
import { limitPerson } from '../people/limits.js'
import { record, recordRefusal } from '../people/record.js'
import { hashToken } from '../people/tokens.js'
import { findPending, type SignedIn } from '../saml/continue-sign-in.js'
import { decideSignIn, hardwareKeyOf } from '../saml/decide-sign-in.js'
import type { DeviceDeps } from './deps.js'
import { challengeFields, deviceFields } from './events.js'
import { deviceWantedBy, findDeviceProof, listUsersDevices, type UsersDevice } from './find-proof.js'

export const challengeLifetimeMs: DurationMs = 5 * minute
/** No vowels, so that no words come up, and nothing that is mistaken for another: 20^8 codes, good for five minutes. */
const codeLetters = 'BCDFGHJKLMNPQRSTVWXZ'
const codeLength = 8

export interface DeviceStepView {
  readonly serviceProvider: string
  readonly user: string
  /** Undefined: the sign-in can go on. */
  readonly wanted: 'required' | 'optional' | undefined
  readonly because: string
  readonly devices: readonly (UsersDevice & { readonly isEnough: boolean })[]
  /** What became of the newest challenge; undefined: nothing was asked yet. */
  readonly state: 'waiting' | 'signed' | 'refused' | 'expired' | undefined
}

/** What the page of the device step tells. @throws GatewayError as findPending. */
export async function describeDeviceStep(
  deps: DeviceDeps,
  handle: string,
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<DeviceStepView> {
  const pending = await findPending(deps, handle)
  const { wanted, because } = await judge(deps, pending, signedIn, origin)
  const catalog = await deps.catalog.read()
  const minimum = (wanted === 'required' && catalog.preference().minimumDeviceAssurance) || 'key_file'
  const devices = await listUsersDevices(deps, catalog, signedIn.user.name)
  const last = await deps.store.devices.lastChallenge(hashToken(handle), signedIn.session.id)
  const isOver = last !== undefined && last.expiresAt <= deps.clock.now()
  const state = last === undefined || last.state === 'done' ? undefined : isOver ? 'expired' : last.state
  return {
    serviceProvider: pending.serviceProvider,
    user: signedIn.user.name,
    wanted,
    because,
    devices: devices.map((one) => ({ ...one, isEnough: isSureEnough(one.key.storage, minimum) })),
    state,
  }
}

export interface AskedDevice {
  /** The ticket that the browser takes to the device, or the code that the person types there. */
  readonly secret: string
  readonly expiresAt: Instant
}

/**
 * Asks a device to vouch for the sign-in behind the handle.
 * @throws GatewayError `FORBIDDEN` for a session that is no browser's, `LOCKED`, `DEVICE_REFUSED` for a code where a
 * device is required, `TOO_MANY_ATTEMPTS`, as findPending.
 */
export async function askDevice(
  deps: DeviceDeps,
  input: { readonly handle: string; readonly way: Exclude<DeviceProof['way'], 'certificate'> },
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<AskedDevice> {
  const { handle, way } = input
  const pending = await findPending(deps, handle)
  const { user, session } = signedIn
  if (session.client !== 'browser') {
    throw new GatewayError('FORBIDDEN', 'a browser asks a device to vouch; open the application in one')
  }
  assertUnlocked(
    locksOn(await deps.catalog.read(), { user, session: session.id }, deps.clock.now()),
    user.name,
  )
  const { wanted } = await judge(deps, pending, signedIn, origin)
  if (way === 'code' && wanted === 'required') {
    throw new GatewayError(
      'DEVICE_REFUSED',
      `a short code can be passed on, and ${pending.serviceProvider} requires a trusted device; go on with the device that this browser runs on`,
    )
  }
  await limitPerson(deps, 'device', user.name)
  const now = deps.clock.now()
  const secret = way === 'code' ? makeCode(deps.random) : deps.random.secret()
  const challenge = {
    ticketHash: hashToken(secret),
    way,
    handleHash: hashToken(handle),
    sessionId: session.id,
    user: user.name,
    serviceProvider: pending.serviceProvider,
    entityId: pending.entityId,
    nonce: deps.random.secret(),
    address: origin.address,
    userAgent: origin.userAgent,
    state: 'waiting',
    device: undefined,
    keyId: undefined,
    completionHash: undefined,
    createdAt: now,
    expiresAt: now + challengeLifetimeMs,
  } as const
  await deps.store.transaction(async (tx) => {
    await tx.devices.addChallenge(challenge)
    const fields = challengeFields(challenge)
    await record(
      deps,
      tx,
      { event: 'device.web_token.create', success: true, user: user.name, fields },
      origin,
    )
  })
  return { secret, expiresAt: challenge.expiresAt }
}

/** The browser comes back from the device: from now on its proof counts. @throws GatewayError `DEVICE_REQUEST_GONE`. */
export async function completeDeviceStep(
  deps: DeviceDeps,
  input: { readonly handle: string; readonly completion: string },
  { user, session }: SignedIn,
  origin: RequestOrigin,
): Promise<void> {
  const challenge = await deps.store.devices.findCompletion(hashToken(input.completion))
  const now = deps.clock.now()
  const problem =
    challenge === undefined
      ? 'it is unknown'
      : challenge.sessionId !== session.id || challenge.user !== user.name
        ? 'another session asked for it'
        : challenge.handleHash !== hashToken(input.handle)
          ? 'it is for another sign-in'
          : now >= challenge.expiresAt
            ? 'it has expired'
            : undefined
  const { device: name, keyId } = challenge ?? {}
  const device = name === undefined ? undefined : (await deps.catalog.read()).device(name)
  const taken =
    problem === undefined && challenge !== undefined && device !== undefined && keyId !== undefined
      ? await deps.store.transaction(async (tx) => {
          const { completionHash } = challenge
          const done = { state: 'done', device: device.name, keyId, completionHash } as const
          if (!(await tx.devices.move(challenge.ticketHash, 'signed', done))) return false
          const proof = { device: device.name, keyId, way: challenge.way }
          await tx.signIns.recordDevice(challenge.handleHash, { sessionId: session.id, at: now, proof })
          const fields = { ...challengeFields(challenge), ...deviceFields(device) }
          const event = 'device.authenticate.confirm'
          await record(deps, tx, { event, success: true, user: user.name, fields }, origin)
          return true
        })
      : false
  if (taken) return
  const error = problem ?? (device === undefined ? 'the device was removed' : 'it was used before')
  const fields = {
    ...(challenge && challengeFields(challenge)),
    error: `the confirmation does not count: ${error}`,
  }
  await recordRefusal(deps, { event: 'device.authenticate.confirm', user: user.name, fields }, origin)
  throw new GatewayError(
    'DEVICE_REQUEST_GONE',
    'this confirmation by a device does not count in this browser, or is over; start again from the application',
  )
}

/**
 * Goes on without a device where none is required.
 * @throws GatewayError `DEVICE_REFUSED` where one is, as findPending.
 */
export async function goWithoutDevice(
  deps: DeviceDeps,
  handle: string,
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<void> {
  const pending = await findPending(deps, handle)
  const { wanted } = await judge(deps, pending, signedIn, origin)
  if (wanted === 'required') {
    throw new GatewayError('DEVICE_REFUSED', `${pending.serviceProvider} requires a trusted device`)
  }
  const given = { sessionId: signedIn.session.id, at: deps.clock.now(), proof: undefined }
  await deps.store.signIns.recordDevice(hashToken(handle), given)
}

/** What the sign-in asks of a device now. */
async function judge(
  deps: DeviceDeps,
  pending: PendingSignIn,
  signedIn: SignedIn,
  origin: RequestOrigin,
): Promise<Pick<DeviceStepView, 'wanted' | 'because'>> {
  const catalog = await deps.catalog.read()
  const sp: ServiceProvider | undefined = catalog.serviceProviderByName(pending.serviceProvider)
  if (sp === undefined) return { wanted: undefined, because: '' }
  const { session } = signedIn
  const user = personAt(signedIn, sp.name)
  const asked = { user: user.name, sessionId: session.id, pending, origin }
  const device = await findDeviceProof(deps, catalog, asked)
  const now = deps.clock.now()
  const decision = decideSignIn(catalog, user, sp, {
    mfa: pending.mfa?.sessionId === session.id ? pending.mfa.method : 'none',
    device,
    ...(await hardwareKeyOf(deps.store, catalog, user.name)),
    session: session.id,
    now,
  })
  const wanted = deviceWantedBy(decision)
  const reason = decision.reasons.find(({ rule }) => rule === 'device_trust_mode')
  return {
    wanted: pending.device?.sessionId === session.id && wanted === 'optional' ? undefined : wanted,
    because: reason?.says ?? `${sp.name} asks whether you use a device of the company.`,
  }
}

function makeCode(random: DeviceDeps['random']): string {
  let code = ''
  while (code.length < codeLength) {
    // Bytes beyond the last whole multiple would prefer the first letters.
    for (const byte of random.bytes(16)) {
      if (byte < 240 && code.length < codeLength) code += codeLetters.charAt(byte % codeLetters.length)
    }
  }
  return code
}

/** A code as people type it: small letters, blanks and hyphens are as good. */
export function readCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase()
}
