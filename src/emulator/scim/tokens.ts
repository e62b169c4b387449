/**
 * @module Bearer tokens of the endpoint, as the console makes and deletes them: two at a time at most, so that a
 * second can be tried before the first is deleted. An expired token keeps its place until it is deleted.
 */
import type { EmulatorContext } from '../context.js'
import { EmulatorError } from '../error.js'
import { scimTenant } from '../state/instance.js'
import { tokenDigest, type ScimToken } from '../state/scim-token.js'

const maxTokens = 2

/** AWS's tokens are long, and clients have failed on that; this makes 896 characters. */
const tokenBytes = 672

export interface NewToken {
  readonly row: ScimToken
  /** Shown once. */
  readonly token: string
}

/** Where SCIM clients send their requests; clients must bear it with and without a slash at the end. */
export function scimEndpoint({ publicUrl, state }: EmulatorContext): string {
  return `${publicUrl}/${scimTenant(state.instance)}/scim/v2/`
}

/** @throws EmulatorError 409 where there are two already */
export function createToken(context: EmulatorContext, lifetimeMs: number): NewToken {
  if (context.state.tables.scimTokens.size >= maxTokens) {
    throw new EmulatorError(409, 'TOO_MANY_SCIM_TOKENS', `there are ${maxTokens} tokens; delete one first`)
  }
  const token = context.random.bytes(tokenBytes).toString('base64')
  const createdAt = context.clock.now()
  const id = context.random.uuid()
  const row = { id, digest: tokenDigest(token), createdAt, expiresAt: createdAt + lifetimeMs }
  context.commit({ table: 'scimTokens', put: row })
  return { row, token }
}

/** @throws EmulatorError 404 */
export function deleteToken(context: EmulatorContext, id: string): void {
  if (!context.state.tables.scimTokens.has(id)) {
    throw new EmulatorError(404, 'NOT_FOUND', `there is no SCIM token "${id}"`)
  }
  context.commit({ table: 'scimTokens', delete: id })
}
