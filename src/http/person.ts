/** @module The signed-in person of a request whose right guarantees one. */
import { GatewayError } from '../core/error.js'
import type { Actor } from './route.js'

/** @throws GatewayError `FORBIDDEN` for the operator, who is no person. */
export function personOf(actor: Actor | undefined): Extract<Actor, { kind: 'session' }> {
  if (actor?.kind === 'session') return actor
  throw new GatewayError('FORBIDDEN', 'this belongs to a person; the operator token does not stand for one')
}

/** Who did it, as audit events name them. */
export function actorName(actor: Actor | undefined): string {
  return actor?.kind === 'session' ? actor.user.name : 'operator'
}
