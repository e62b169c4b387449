/**
 * @module Makes one-time links. A newer link of a person ends the older ones. The token is in the URL alone: the
 * store keeps its hash, the audit log says only that there is a link and until when.
 */
import { formatDuration, formatInstant, type DurationMs } from '../../core/time.js'
import type { OneTimeLink, StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { PeopleDeps } from './deps.js'
import { record } from './record.js'
import { hashToken } from './tokens.js'

export interface LinkIssued {
  readonly user: string
  /** Whoever holds it is the person: hand it over by a channel that only they read. */
  readonly url: string
  readonly expiresAt: number
}

/** A link that is ready to be stored. */
export interface PreparedLink {
  readonly issued: LinkIssued
  readonly link: OneTimeLink
  readonly ttlMs: DurationMs
}

/** Context to which the seed that a link offers is sealed. */
export function linkSeedContext(tokenHash: string): string {
  return `link-totp:${tokenHash}`
}

/** Prepares a link with the seed that its page may offer; {@link storeLink} stores it. */
export async function prepareLink(
  deps: PeopleDeps,
  what: {
    readonly kind: OneTimeLink['kind']
    readonly user: string
    readonly createdBy: string
    readonly ttlMs: DurationMs
  },
): Promise<PreparedLink> {
  const { kind, user, createdBy, ttlMs } = what
  const token = deps.random.secret()
  const tokenHash = hashToken(token)
  const now = deps.clock.now()
  const expiresAt = now + ttlMs
  const sealedTotpSeed = await deps.sealer.seal(deps.totp.createSeed(), linkSeedContext(tokenHash))
  return {
    issued: { user, url: `${deps.publicUrl}/${kind}/${token}`, expiresAt },
    link: { tokenHash, kind, user, createdBy, createdAt: now, expiresAt, sealedTotpSeed, usedAt: undefined },
    ttlMs,
  }
}

/** Stores a link in place of older ones, with its event. */
export async function storeLink(
  deps: PeopleDeps,
  tx: StoreTransaction,
  { link, ttlMs }: PreparedLink,
  origin: RequestOrigin | undefined,
): Promise<void> {
  await tx.links.revokeAll(link.user)
  await tx.links.create(link)
  const fields = {
    name: link.user,
    ttl: formatDuration(ttlMs),
    expires: formatInstant(link.expiresAt),
    kind: link.kind,
  }
  const facts = { event: 'reset_password_token.create', success: true, user: link.createdBy, fields } as const
  await record(deps, tx, facts, origin)
}
