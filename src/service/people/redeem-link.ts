/**
 * @module The person's side of a one-time link: look at it, then set a password and, where wanted or required,
 * enrol an authenticator app. A link works once; unknown, used, replaced and expired ones give the same answer.
 */
import { GatewayError } from '../../core/error.js'
import type { OneTimeLink, StoreTransaction, TotpCredential } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { PeopleDeps } from './deps.js'
import { linkSeedContext } from './issue-link.js'
import { countAttempt, forgiveAttempts, limitAddress, tooManyAttempts } from './limits.js'
import { record } from './record.js'
import { hashToken } from './tokens.js'
import { describeFactor, factorContext, invalidCode } from './verify-totp.js'

export interface LinkView {
  readonly kind: OneTimeLink['kind']
  readonly user: string
  readonly expiresAt: number
  /** The seed to enrol; undefined for a person who has a factor, which a reset keeps. */
  readonly totp: { readonly secret: string; readonly uri: string } | undefined
  readonly totpRequired: boolean
}

interface OpenLink extends LinkView {
  readonly tokenHash: string
}

/** Tells what a link is for; looking does not use it up. @throws GatewayError `LINK_INVALID`, `TOO_MANY_ATTEMPTS`. */
export async function inspectLink(deps: PeopleDeps, token: string, origin: RequestOrigin): Promise<LinkView> {
  const { kind, user, expiresAt, totp, totpRequired } = await openLink(deps, token, origin)
  return { kind, user, expiresAt, totp, totpRequired }
}

/**
 * Uses a link: sets the password, enrols the factor, ends all sessions and other links of the person. Whatever
 * is wrong with the input leaves the link unused.
 * @throws GatewayError `LINK_INVALID`, `WEAK_PASSWORD`, `SECOND_FACTOR_REQUIRED`, `SECOND_FACTOR_INVALID`,
 * `TOO_MANY_ATTEMPTS`, `UNAVAILABLE`.
 */
export async function redeemLink(
  deps: PeopleDeps,
  input: { readonly token: string; readonly password: string; readonly totpCode?: string | undefined },
  origin: RequestOrigin,
): Promise<{ readonly user: string }> {
  const link = await openLink(deps, input.token, origin)
  const { user } = link
  deps.passwords.assertStrong(input.password, user)
  const factor = await buildFactor(deps, link, input.totpCode, origin)
  const hash = await deps.passwords.hash(input.password)
  await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    if (!(await tx.links.use(link.tokenHash, now))) throw linkInvalid()
    await tx.links.revokeAll(user)
    await tx.credentials.putPassword({ user, hash, changedAt: now })
    const fields = { sessions_ended: await tx.sessions.deleteByUser(user), message: `by ${link.kind} link` }
    await record(deps, tx, { event: 'user.password_change', success: true, user, fields }, origin)
    if (factor !== undefined) await enrol(deps, tx, factor, origin)
  })
  await forgiveAttempts(deps, { act: 'code', user, address: origin.address })
  return { user }
}

async function openLink(deps: PeopleDeps, token: string, origin: RequestOrigin): Promise<OpenLink> {
  await limitAddress(deps, 'link', origin.address)
  const tokenHash = hashToken(token)
  const link = await deps.store.links.find(tokenHash)
  const person = link && (await deps.catalog.user(link.user))
  if (link === undefined || link.usedAt !== undefined || deps.clock.now() >= link.expiresAt)
    throw linkInvalid()
  if (person?.origin.kind !== 'local') throw linkInvalid()
  const { kind, user, expiresAt, sealedTotpSeed } = link
  const factors = await deps.store.credentials.listTotp(user)
  const offers = factors.length === 0 && sealedTotpSeed !== undefined
  const secret = offers ? await deps.sealer.unseal(sealedTotpSeed, linkSeedContext(tokenHash)) : undefined
  const totp =
    secret === undefined
      ? undefined
      : { secret, uri: deps.totp.uri({ seed: secret, user, issuer: deps.clusterName }) }
  const totpRequired = offers && (await deps.catalog.preference()).secondFactor === 'required'
  return { kind, user, expiresAt, totp, totpRequired, tokenHash }
}

/** The factor to enrol, its first code proven; undefined where the person wants none and may. */
async function buildFactor(
  deps: PeopleDeps,
  link: OpenLink,
  code: string | undefined,
  origin: RequestOrigin,
): Promise<TotpCredential | undefined> {
  if (link.totp === undefined) return undefined
  if (code === undefined) {
    if (!link.totpRequired) return undefined
    throw new GatewayError(
      'SECOND_FACTOR_REQUIRED',
      'an authenticator app is required here: add the key to your app and type the code that it shows',
    )
  }
  const verdict = await countAttempt(deps, { act: 'code', user: link.user, address: origin.address })
  if (!verdict.allowed) throw tooManyAttempts(verdict.retryAfterSeconds)
  const now = deps.clock.now()
  const step = deps.totp.acceptedStep(link.totp.secret, code, now)
  if (step === undefined) throw invalidCode()
  const id = deps.random.uuid()
  return {
    id,
    user: link.user,
    label: 'Authenticator app',
    sealedSeed: await deps.sealer.seal(link.totp.secret, factorContext(link.user, id)),
    createdAt: now,
    lastUsedAt: undefined,
    // The code that proved the app is spent with that.
    lastStep: step,
  }
}

async function enrol(
  deps: PeopleDeps,
  tx: StoreTransaction,
  factor: TotpCredential,
  origin: RequestOrigin,
): Promise<void> {
  // Two links cannot be open at once, yet a factor may have come from the settings page meanwhile: it stands.
  if ((await tx.credentials.listTotp(factor.user)).length > 0) return
  await tx.credentials.addTotp(factor)
  const facts = {
    event: 'mfa.add',
    success: true,
    user: factor.user,
    fields: describeFactor(factor),
  } as const
  await record(deps, tx, facts, origin)
}

function linkInvalid(): GatewayError {
  return new GatewayError(
    'LINK_INVALID',
    'this link was used, has expired or was never valid; ask an administrator for a new one',
  )
}
