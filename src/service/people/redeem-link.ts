/**
 * @module The person's side of a one-time link: look at it, then set a password and, where wanted or required,
 * enrol an authenticator app or a passkey. A link works once; unknown, used, replaced and expired ones give the same answer.
 * Until the first code proves it, the seed of the app travels in a sealed ticket and is stored nowhere.
 */
import type { PasskeyCreation } from '../../authn/authn.js'
import { GatewayError, isCode } from '../../core/error.js'
import type { CreationOptions } from '../../core/factor/passkey-options.js'
import { assertUnlocked } from '../../core/lock/describe.js'
import { minute } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { OneTimeLink, Passkey, StoreTransaction, TotpCredential } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { locksOn, locksWithin } from '../locks/in-force.js'
import type { PeopleDeps } from './deps.js'
import { countFactors, factorsOf, isOffered, notAllowed, usableFactors } from './factors.js'
import {
  countAttempt,
  forgiveAttempts,
  limitAddress,
  takeBack,
  tooManyAttempts,
  type Verdict,
} from './limits.js'
import { offerPasskey, readMade } from './own-passkeys.js'
import { record } from './record.js'
import { hashToken } from './tokens.js'
import { describePasskey } from './verify-passkey.js'
import { describeFactor, factorContext, invalidCode } from './verify-totp.js'

/** Long enough to set up an app, short enough that a seed seen in passing is soon worth nothing. */
const ticketLifetimeMs = 15 * minute

/** What a ticket carries, sealed to one link and its person. */
interface Ticket {
  readonly seed: string
  readonly expiresAt: number
}

export interface LinkView {
  readonly kind: OneTimeLink['kind']
  readonly user: string
  readonly expiresAt: number
  /** A fresh seed to enrol; undefined for a person who has a factor, which a reset keeps, and where codes are off. */
  readonly totp: { readonly ticket: string; readonly secret: string; readonly uri: string } | undefined
  /** Whether a passkey may be enrolled instead. */
  readonly passkey: boolean
  readonly secondFactorRequired: boolean
}

interface OpenLink extends Omit<LinkView, 'totp'> {
  readonly tokenHash: string
  readonly person: User
  readonly offersTotp: boolean
  /** To be taken back once the link did what was asked of it. */
  readonly counted: AllowedVerdict
}

type AllowedVerdict = Extract<Verdict, { allowed: true }>

/**
 * Tells what a link is for; looking does not use it up. Each look gets a seed of its own, of which nothing is
 * stored: whoever saw the link earlier knows another seed than the one that is enrolled.
 * @throws GatewayError `LINK_INVALID`, `LOCKED`, `TOO_MANY_ATTEMPTS`.
 */
export async function inspectLink(deps: PeopleDeps, token: string, origin: RequestOrigin): Promise<LinkView> {
  const link = await openLink(deps, token, origin)
  const { kind, user, expiresAt, passkey, secondFactorRequired } = link
  const totp = await offerSeed(deps, link)
  await takeBack(deps, link.counted)
  return { kind, user, expiresAt, totp, passkey, secondFactorRequired }
}

/**
 * Uses a link: sets the password, enrols the factor, ends all sessions and other links of the person. Whatever
 * is wrong with the input leaves the link unused.
 * @throws GatewayError `LINK_INVALID`, `LOCKED`, `WEAK_PASSWORD`, `SECOND_FACTOR_REQUIRED` also for a ticket that is over,
 * `SECOND_FACTOR_INVALID`, `PASSKEY_REFUSED`, `FACTOR_NOT_ALLOWED`, `TOO_MANY_ATTEMPTS`, `UNAVAILABLE`.
 */
export async function redeemLink(
  deps: PeopleDeps,
  input: {
    readonly token: string
    readonly password: string
    readonly totp?: FirstCode | undefined
    readonly passkey?: PasskeyCreation | undefined
  },
  origin: RequestOrigin,
): Promise<{ readonly user: string }> {
  const link = await openLink(deps, input.token, origin)
  const { user } = link
  deps.passwords.assertStrong(input.password, user)
  const passkey = input.passkey && (await makePasskey(deps, link, input.passkey, origin))
  const proven = passkey ? undefined : await proveFactor(deps, link, input.totp, origin)
  const hash = await deps.passwords.hash(input.password)
  await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    if (!(await tx.links.use(link.tokenHash, now))) throw linkInvalid()
    assertUnlocked(await locksWithin(deps, tx, link.person), user)
    await tx.links.revokeAll(user)
    await tx.credentials.putPassword({ user, hash, changedAt: now })
    const fields = { sessions_ended: await tx.sessions.deleteByUser(user), message: `by ${link.kind} link` }
    await record(deps, tx, { event: 'user.password_change', success: true, user, fields }, origin)
    if (proven !== undefined) await enrol(deps, tx, { totp: proven.factor }, origin)
    if (passkey !== undefined) await enrol(deps, tx, { passkey }, origin)
  })
  await takeBack(deps, link.counted)
  if (proven !== undefined) {
    await forgiveAttempts(deps, { act: 'code', user, address: origin.address }, proven.verdict)
  }
  return { user }
}

/** The first code of an app, with the ticket of the seed that was added to it. */
interface FirstCode {
  readonly ticket: string
  readonly code: string
}

async function openLink(deps: PeopleDeps, token: string, origin: RequestOrigin): Promise<OpenLink> {
  const counted = await limitAddress(deps, 'link', origin.address)
  const tokenHash = hashToken(token)
  const link = await deps.store.links.find(tokenHash)
  const person = link && (await deps.catalog.user(link.user))
  if (link === undefined || link.usedAt !== undefined || deps.clock.now() >= link.expiresAt)
    throw linkInvalid()
  if (person?.origin.kind !== 'local') throw linkInvalid()
  // Whoever holds the link is the person, so the lock may be told.
  assertUnlocked(locksOn(await deps.catalog.read(), { user: person }, deps.clock.now()), person.name)
  const { kind, user, expiresAt } = link
  const preference = await deps.catalog.preference()
  const usable = usableFactors(await factorsOf(deps.store, user), deps, preference)
  // A reset keeps the factors that sign in; whoever has none of these is offered one.
  const lacks = countFactors(usable) === 0
  return {
    kind,
    user,
    expiresAt,
    passkey: lacks && isOffered('webauthn', deps, preference),
    secondFactorRequired: lacks && preference.secondFactor === 'required',
    tokenHash,
    person,
    offersTotp: lacks && isOffered('otp', deps, preference),
    counted,
  }
}

function ticketContext({ tokenHash, user }: OpenLink): string {
  return `link-totp:${user}:${tokenHash}`
}

async function offerSeed(deps: PeopleDeps, link: OpenLink): Promise<LinkView['totp']> {
  if (!link.offersTotp) return undefined
  const seed = deps.totp.createSeed()
  const ticket: Ticket = { seed, expiresAt: deps.clock.now() + ticketLifetimeMs }
  return {
    ticket: await deps.sealer.seal(JSON.stringify(ticket), ticketContext(link)),
    secret: seed,
    uri: deps.totp.uri({ seed, user: link.user, issuer: deps.clusterName }),
  }
}

async function openTicket(deps: PeopleDeps, link: OpenLink, sealed: string): Promise<Ticket> {
  try {
    // Sealed by us to this context, so it is the Ticket that `offerSeed` made.
    const ticket = JSON.parse(await deps.sealer.unseal(sealed, ticketContext(link))) as Ticket
    if (deps.clock.now() < ticket.expiresAt) return ticket
  } catch (error) {
    if (!isCode(error, 'UNSEAL_FAILED')) throw error
  }
  throw new GatewayError(
    'SECOND_FACTOR_REQUIRED',
    'the key for your authenticator app was shown too long ago: add the new key in its place and type the code that it shows',
  )
}

/** The factor to enrol, its first code proven; undefined where the person wants none and may. */
async function proveFactor(
  deps: PeopleDeps,
  link: OpenLink,
  totp: FirstCode | undefined,
  origin: RequestOrigin,
): Promise<{ readonly factor: TotpCredential; readonly verdict: AllowedVerdict } | undefined> {
  if (totp === undefined) {
    if (!link.secondFactorRequired) return undefined
    throw new GatewayError(
      'SECOND_FACTOR_REQUIRED',
      'a second factor is required here: make a passkey, or add the key to an authenticator app and type the code that it shows',
    )
  }
  if (!link.offersTotp) return undefined
  const { seed } = await openTicket(deps, link, totp.ticket)
  const verdict = await countAttempt(deps, { act: 'code', user: link.user, address: origin.address })
  if (!verdict.allowed) throw tooManyAttempts(verdict.retryAfterSeconds)
  const now = deps.clock.now()
  const step = deps.totp.acceptedStep(seed, totp.code, now)
  if (step === undefined) throw invalidCode()
  const id = deps.random.uuid()
  const factor = {
    id,
    user: link.user,
    label: 'Authenticator app',
    sealedSeed: await deps.sealer.seal(seed, factorContext(link.user, id)),
    createdAt: now,
    lastUsedAt: undefined,
    // The code that proved the app is spent with that.
    lastStep: step,
  }
  return { factor, verdict }
}

function passkeyBinding({ user }: Pick<OpenLink, 'user'>) {
  return { purpose: 'enrol_by_link', user, sessionId: undefined } as const
}

/**
 * Offers to make a passkey with this link; the link is not used up.
 * @throws GatewayError `LINK_INVALID`, `LOCKED`, `FACTOR_NOT_ALLOWED`, `TOO_MANY_ATTEMPTS`.
 */
export async function startLinkPasskey(
  deps: PeopleDeps,
  token: string,
  origin: RequestOrigin,
): Promise<CreationOptions> {
  const link = await openLink(deps, token, origin)
  if (!link.passkey) throw notAllowed('webauthn')
  const options = await offerPasskey(deps, passkeyBinding(link), link.tokenHash)
  await takeBack(deps, link.counted)
  return options
}

async function makePasskey(
  deps: PeopleDeps,
  link: OpenLink,
  answer: PasskeyCreation,
  origin: RequestOrigin,
): Promise<Passkey> {
  if (!link.passkey) throw notAllowed('webauthn')
  const made = await readMade(deps, passkeyBinding(link), { label: 'Passkey', answer }, origin)
  // Made for an earlier link of the same person.
  if (made.about !== link.tokenHash) throw linkInvalid()
  return made.passkey
}

async function enrol(
  deps: PeopleDeps,
  tx: StoreTransaction,
  factor: { readonly totp: TotpCredential } | { readonly passkey: Passkey },
  origin: RequestOrigin,
): Promise<void> {
  const { user } = 'totp' in factor ? factor.totp : factor.passkey
  // Two links cannot be open at once, yet a factor may have come from the settings page meanwhile: it stands.
  const { totp, passkeys } = await factorsOf(tx, user)
  if ('totp' in factor ? totp.length > 0 : passkeys.length > 0) return
  if ('totp' in factor) await tx.credentials.addTotp(factor.totp)
  else await tx.passkeys.add(factor.passkey)
  const fields = 'totp' in factor ? describeFactor(factor.totp) : describePasskey(factor.passkey)
  await record(deps, tx, { event: 'mfa.add', success: true, user, fields }, origin)
}

function linkInvalid(): GatewayError {
  return new GatewayError(
    'LINK_INVALID',
    'this link was used, has expired or was never valid; ask an administrator for a new one',
  )
}
