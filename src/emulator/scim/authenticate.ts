/**
 * @module Who calls the SCIM endpoint: the holder of a bearer token, at the tenant's own address.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { EmulatorContext } from '../context.js'
import { scimTenant } from '../state/instance.js'
import { tokenDigest, type ScimToken } from '../state/scim-token.js'

export type ScimCaller =
  | { readonly token: ScimToken }
  /** `expired` alone is told apart, since its status can be set. */
  | { readonly problem: 'unknown' | 'expired' }

/** `authorization` is the header; `tenant` the first segment of the path. */
export function authenticateScim(
  context: EmulatorContext,
  authorization: string | undefined,
  tenant: string,
): ScimCaller {
  const bearer = /^Bearer ([\w.~+/:-]{1,8192}=*)$/i.exec(authorization ?? '')?.[1]
  if (bearer === undefined) return { problem: 'unknown' }
  const digest = tokenDigest(bearer)
  // Every token is compared, and in constant time: how long it takes tells nothing about any of them.
  const [token] = context.state.tables.scimTokens.rows().filter((row) => isSame(row.digest, digest))
  if (token === undefined || !isSame(tenant, scimTenant(context.state.instance)))
    return { problem: 'unknown' }
  return token.expiresAt <= context.clock.now() ? { problem: 'expired' } : { token }
}

function isSame(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
