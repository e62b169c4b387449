/** @module A new secret for a machine user, shown once; the old one is worth nothing from that moment. */
import { GatewayError } from '../../core/error.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import type { StoreTransaction } from '../../store/store.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import { record } from '../people/record.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertMayOnResource } from '../resources/may.js'
import { makeTokenSecret } from './secret.js'
import { shownToken } from './shown-token.js'

export interface RotatedToken {
  readonly name: string
  /** For whoever asked, and for nobody else: it is stored as a hash. */
  readonly secret: string
  readonly expiresAt: Instant
}

/**
 * Makes a new secret in place of the old one.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` for a token that has ended, and as `confirmChange`.
 */
export async function rotateToken(
  deps: ResourceDeps,
  name: string,
  authority: Authority,
  origin: RequestOrigin,
): Promise<RotatedToken> {
  const catalog = await deps.catalog.read()
  assertMayOnResource(authority, { resource: 'token', verb: 'rotate' }, name, shownToken(deps, catalog, name))
  const token = catalog.token(name)
  if (token === undefined) throw notFound(name)
  if (deps.clock.now() >= token.expiresAt) {
    throw new GatewayError(
      'INVALID_INPUT',
      `token "${name}" ended at ${formatInstant(token.expiresAt)}, so a secret would open nothing; move spec.expires first`,
    )
  }
  const { secret, stored } = makeTokenSecret(deps, name)
  const acts = [{ resource: 'token', verb: 'rotate' }]
  const write = async (tx: StoreTransaction): Promise<void> => {
    // Deleted meanwhile: a secret must not be there before a later token of this name.
    if ((await tx.resources.find('token', name)) === undefined) throw notFound(name)
    await confirmChange(tx, authority, { acts, preference: catalog.preference(), now: deps.clock.now() })
    await tx.tokens.put(stored)
    const fields = { name, updated_by: authority.name, expires: formatInstant(token.expiresAt) }
    await record(deps, tx, { event: 'api_token.rotate', success: true, user: authority.name, fields }, origin)
  }
  await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(write))
  return { name, secret, expiresAt: token.expiresAt }
}

function notFound(name: string): GatewayError {
  return new GatewayError('NOT_FOUND', `there is no token named "${name.slice(0, 200)}"`, { name })
}
