/**
 * @module The SCIM tokens of a connector: several at once, so that a directory is moved to a new one before the old one
 * goes. Each is shown once and kept as a hash.
 */
import { GatewayError } from '../../core/error.js'
import { day, formatInstant, type Instant } from '../../core/time.js'
import type { DirectoryToken, StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import { record } from '../people/record.js'
import { hashToken } from '../people/tokens.js'
import { assertMayOnConnector, createdAtOf } from './connector.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { DirectoryDeps } from './deps.js'

export const directoryTokenPrefix = 'ghs_'

const defaultLifetimeMs = 365 * day
const longestLifetimeMs = 2 * 365 * day
/** Two are enough to move from one to the next; more are somebody's mistake, sooner or later. */
const maxTokens = 5
const maxLabel = 200

export interface AddTokenInput {
  readonly connector: string
  readonly label: string
  /** Undefined: in a year. */
  readonly expiresAt: Instant | undefined
}

export interface AddedToken {
  readonly token: DirectoryToken
  /** For whoever asked, and for nobody else. */
  readonly secret: string
}

/**
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` for an end in the past, or for a sixth token; and as
 * `confirmChange`.
 */
export async function addDirectoryToken(
  deps: DirectoryDeps,
  { connector, label, expiresAt }: AddTokenInput,
  authority: Authority,
  origin: RequestOrigin,
): Promise<AddedToken> {
  const now = deps.clock.now()
  const end = expiresAt ?? now + defaultLifetimeMs
  if (end <= now) throw wrong('expiresAt', 'lies in the past')
  if (end > now + longestLifetimeMs) throw wrong('expiresAt', 'lies more than two years ahead')
  if (label.length > maxLabel || /[\p{C}\p{Zl}\p{Zp}]/u.test(label))
    throw wrong('label', `must be one line of at most ${maxLabel} characters`)
  const secret = `${directoryTokenPrefix}${deps.random.secret()}`
  await deps.catalog.read()
  const write = async (tx: StoreTransaction): Promise<AddedToken> => {
    const catalog = await deps.catalog.readIn(tx)
    const act = assertMayOnConnector(deps, catalog, { authority, verb: 'update', connector })
    const held = await forgetEarlier(tx, catalog, connector)
    if (held.length >= maxTokens)
      throw wrong('connector', `there are ${maxTokens} tokens already; delete one that is not used`)
    // Whoever has the token makes people.
    await confirmChange(tx, authority, { acts: [act], preference: catalog.preference(), now })
    const token: DirectoryToken = {
      id: deps.random.uuid(),
      connector,
      tokenHash: hashToken(secret),
      label,
      createdAt: now,
      createdBy: authority.name,
      expiresAt: end,
      lastUsedAt: undefined,
      lastUsedFrom: undefined,
    }
    await tx.directories.addToken(token)
    const fields = { connector, id: token.id, label, expires: formatInstant(end), updated_by: authority.name }
    const facts = { event: 'directory.token.create', success: true, user: authority.name, fields } as const
    await record(deps, tx, facts, origin)
    return { token, secret }
  }
  return await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(write))
}

export interface ListedTokens {
  readonly tokens: readonly DirectoryToken[]
  /** What the directory pushed and is here now. */
  readonly pushed: { readonly users: number; readonly groups: number }
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function listDirectoryTokens(
  deps: DirectoryDeps,
  connector: string,
  authority: Authority,
): Promise<ListedTokens> {
  const catalog = await deps.catalog.read()
  assertMayOnConnector(deps, catalog, { authority, verb: 'read', connector })
  const since = createdAtOf(catalog, connector) ?? 0
  const { directories } = deps.store
  const [tokens, users, groups] = await Promise.all([
    directories.listTokens(connector),
    directories.listIds(connector, 'user'),
    directories.listIds(connector, 'group'),
  ])
  return {
    tokens: tokens.filter(({ createdAt }) => createdAt >= since),
    pushed: { users: users.size, groups: groups.size },
  }
}

/** Tokens of an earlier connector of the name open nothing; answers those of this one. */
async function forgetEarlier(
  { directories }: Pick<StoreTransaction, 'directories'>,
  catalog: CatalogView,
  connector: string,
): Promise<DirectoryToken[]> {
  const since = createdAtOf(catalog, connector) ?? 0
  const tokens = await directories.listTokens(connector)
  for (const { id, createdAt } of tokens) if (createdAt < since) await directories.deleteToken(connector, id)
  return tokens.filter(({ createdAt }) => createdAt >= since)
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function deleteDirectoryToken(
  deps: DirectoryDeps,
  { connector, id }: { readonly connector: string; readonly id: string },
  authority: Authority,
  origin: RequestOrigin,
): Promise<void> {
  await deps.catalog.read()
  await deps.store.transaction(async (tx) => {
    assertMayOnConnector(deps, await deps.catalog.readIn(tx), { authority, verb: 'update', connector })
    if (!(await tx.directories.deleteToken(connector, id)))
      throw new GatewayError('NOT_FOUND', `connector "${connector}" has no SCIM token "${id.slice(0, 100)}"`)
    const fields = { connector, id, updated_by: authority.name }
    const facts = { event: 'directory.token.delete', success: true, user: authority.name, fields } as const
    await record(deps, tx, facts, origin)
  })
}

function wrong(field: string, message: string): GatewayError {
  return new GatewayError('INVALID_INPUT', `${field}: ${message}`, {
    fields: [{ path: `body.${field}`, message }],
  })
}
