/**
 * @module Makes one-time links. A newer link of a person ends the older ones. The token is in the URL alone, and
 * there in the fragment, which browsers send to no server, so that no proxy writes it down (RFC 3986 §3.5). The
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

/** Prepares a link; {@link storeLink} stores it. */
export function prepareLink(
  deps: PeopleDeps,
  what: {
    readonly kind: OneTimeLink['kind']
    readonly user: string
    readonly createdBy: string
    readonly ttlMs: DurationMs
  },
): PreparedLink {
  const { kind, user, createdBy, ttlMs } = what
  const token = deps.random.secret()
  const tokenHash = hashToken(token)
  const now = deps.clock.now()
  const expiresAt = now + ttlMs
  return {
    issued: { user, url: `${deps.publicUrl}/${kind}#${token}`, expiresAt },
    link: { tokenHash, kind, user, createdBy, createdAt: now, expiresAt, usedAt: undefined },
    ttlMs,
  }
}

/** What ended with the making of a link. */
export interface LinkEffects {
  readonly sessions_ended: number
  readonly password_deleted: boolean
}

/** Stores a link in place of older ones, with its event, which tells the `effects` too. */
export async function storeLink(
  deps: PeopleDeps,
  tx: StoreTransaction,
  { link, ttlMs }: PreparedLink,
  origin: RequestOrigin | undefined,
  effects?: LinkEffects,
): Promise<void> {
  await tx.links.revokeAll(link.user)
  await tx.links.create(link)
  const fields = {
    name: link.user,
    ttl: formatDuration(ttlMs),
    expires: formatInstant(link.expiresAt),
    kind: link.kind,
    ...effects,
  }
  const facts = { event: 'reset_password_token.create', success: true, user: link.createdBy, fields } as const
  await record(deps, tx, facts, origin)
}
