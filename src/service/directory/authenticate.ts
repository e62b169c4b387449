/**
 * @module Which directory a bearer token is. A lock on the connector, and a connector that is gone, make its tokens
 * worthless at once. Tokens are 256 random bits; wrong ones are counted by address, and one event tells of them.
 */
import { GatewayError } from '../../core/error.js'
import { minute } from '../../core/time.js'
import type { RequestOrigin } from '../context.js'
import { limitAddress, mayRecordRefusedToken } from '../people/limits.js'
import { recordRefusal } from '../people/record.js'
import { equalText, hashToken } from '../people/tokens.js'
import { findTokenProblem } from './connector.js'
import type { Directory, DirectoryDeps } from './deps.js'

const touchEveryMs = minute

/**
 * `token` is undefined where the request has none.
 * @throws GatewayError `NOT_SIGNED_IN`, the same for every reason; `TOO_MANY_ATTEMPTS`.
 */
export async function authenticateDirectory(
  deps: DirectoryDeps,
  token: string | undefined,
  origin: RequestOrigin,
): Promise<Directory> {
  const hash = hashToken(token ?? '')
  const found = await deps.store.directories.findToken(hash)
  const now = deps.clock.now()
  let why = 'the token is unknown'
  if (found !== undefined && equalText(found.tokenHash, hash)) {
    const { connector } = found
    const problem = findTokenProblem(await deps.catalog.read(), found, now)
    if (problem === undefined) {
      if (found.lastUsedAt === undefined || now - found.lastUsedAt >= touchEveryMs)
        await deps.store.directories.touchToken(found.id, { at: now, from: origin.address })
      return { connector }
    }
    why = `${problem} (connector ${connector})`
  } else if (token === undefined) why = 'there is no token'
  if (await mayRecordRefusedToken(deps, origin.address)) {
    await recordRefusal(deps, { event: 'directory.token.refused', fields: { error: why } }, origin)
  }
  await limitAddress(deps, 'directory', origin.address)
  throw new GatewayError(
    'NOT_SIGNED_IN',
    'a SCIM token of a connector is needed; this one is missing or not valid',
  )
}
