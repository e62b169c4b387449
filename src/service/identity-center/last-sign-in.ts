/** @module Whether people sign in to an application through us: what tells that we are its identity source. */
import { day, parseInstant, type Instant } from '../../core/time.js'
import { isMap } from '../resources/present.js'
import type { IdentityCenterDeps } from './deps.js'

/** Further back nobody looks: an identity source that nobody used for a month is none. */
export const lookBackMs = 30 * day
/** Sign-ins that are looked through, newest first; of other applications there may be many. */
const maxLooked = 500

/** The last successful sign-in to the service provider within the month; undefined where there is none. */
export async function lastSignIn(
  deps: Pick<IdentityCenterDeps, 'store' | 'clock'>,
  serviceProvider: string | undefined,
): Promise<Instant | undefined> {
  if (serviceProvider === undefined) return undefined
  const events = await deps.store.audit.list({
    limit: maxLooked,
    order: 'desc',
    types: ['saml.idp.auth'],
    success: true,
    from: deps.clock.now() - lookBackMs,
  })
  for (const { json } of events) {
    const event: unknown = JSON.parse(json)
    if (!isMap(event) || event['service_provider_name'] !== serviceProvider) continue
    return typeof event['time'] === 'string' ? parseInstant(event['time']) : undefined
  }
  return undefined
}
