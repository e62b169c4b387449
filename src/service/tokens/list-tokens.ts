/** @module The machine users with what their resources do not tell: whether a secret is there, and its last use. */
import { findLocks } from '../../core/lock/lock.js'
import type { Instant } from '../../core/time.js'
import { machineUserName, type Token } from '../../core/token/token.js'
import type { TokenSecret } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertMayOnSome, mayOnResource } from '../resources/may.js'
import { shownRoleNames } from '../resources/role-refs.js'
import { shownToken } from './shown-token.js'

export interface TokenView {
  readonly name: string
  readonly description: string | undefined
  /** As people write them. */
  readonly roles: readonly string[]
  readonly expiresAt: Instant
  readonly state: 'active' | 'expired' | 'locked' | 'no_secret'
  readonly secret: Pick<TokenSecret, 'createdAt' | 'lastUsedAt' | 'lastUsedFrom'> | undefined
}

/**
 * Those that this authority may list, by name; one whose document cannot be read is in the list of resources alone.
 * @throws GatewayError `FORBIDDEN` where it may list none.
 */
export async function listTokens(deps: ResourceDeps, authority: Authority): Promise<TokenView[]> {
  const right = { resource: 'token', verb: 'list' }
  assertMayOnSome(authority, right)
  const catalog = await deps.catalog.read()
  const secrets = new Map((await deps.store.tokens.list()).map((secret) => [secret.name, secret]))
  const now = deps.clock.now()
  return catalog.tokens().flatMap(({ value }) => {
    const document = shownToken(deps, catalog, value.name)
    if (document === undefined || mayOnResource(authority, right, document).effect !== 'allow') return []
    const secret = secrets.get(value.name)
    return [
      {
        name: value.name,
        description: document.metadata.description,
        roles: shownRoleNames(value.roles, catalog.inventory),
        expiresAt: value.expiresAt,
        state: stateOf(value, secret, catalog, now),
        secret,
      },
    ]
  })
}

function stateOf(
  { name, roles, expiresAt }: Token,
  secret: TokenSecret | undefined,
  catalog: CatalogView,
  now: Instant,
): TokenView['state'] {
  if (now >= expiresAt) return 'expired'
  const locks = findLocks(catalog.locks(), { user: machineUserName(name), roles, token: name }, now)
  if (locks.length > 0) return 'locked'
  return secret === undefined ? 'no_secret' : 'active'
}
