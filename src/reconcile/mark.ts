/**
 * @module The external id of what we create: of this installation, for this name. An object that carries it was made by
 * a call of ours whose answer was lost, so it is ours without asking; one of another installation never matches.
 */
import { createHash } from 'node:crypto'
import type { PrincipalKind } from '../core/identity-center/observation.js'

/** At most 256 characters at AWS; names may be longer, so they are hashed. */
export function externalIdOf(mark: string, kind: PrincipalKind, name: string): string {
  const hash = createHash('sha256').update(`${kind}/${name}`).digest('base64url')
  return `gatehouse:${mark}:${hash}`
}
