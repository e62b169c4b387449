/** @module Who acts, as use cases want to know it: a person for what is their own, or an authority for resources. */
import { GatewayError } from '../core/error.js'
import type { Authority } from '../service/authority.js'
import type { Actor } from './route.js'

/** @throws GatewayError `FORBIDDEN` for the operator and for machine users, who are no persons. */
export function personOf(actor: Actor | undefined): Extract<Actor, { kind: 'session' }> {
  if (actor?.kind === 'session') return actor
  const who = actor?.kind === 'machine' ? `${actor.user.name} is a machine user` : undefined
  throw new GatewayError(
    'FORBIDDEN',
    who === undefined
      ? 'this belongs to a person; the operator token does not stand for one'
      : `this belongs to a person; ${who}, so sign in as a person`,
  )
}

/** Who did it, as audit events name them: a person, `token/NAME` or `operator`. */
export function actorName(actor: Actor | undefined): string {
  return actor?.authority.name ?? 'operator'
}

/**
 * In whose name the use cases on resources decide.
 * @throws GatewayError `NOT_SIGNED_IN` where there is nobody: a route that asks has a right that rules this out.
 */
export function authorityOf(actor: Actor | undefined): Authority {
  if (actor !== undefined) return actor.authority
  throw new GatewayError('NOT_SIGNED_IN', 'sign in first; the session or token is missing or has ended')
}
