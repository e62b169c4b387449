/**
 * @module Nobody locks the door behind themselves: a change after which no one could administer is refused. Someone
 * can while one local user may update users and roles without a condition, is not locked, has sessions that last long
 * enough for it, and a password. Users of a connector do not count: whoever looks after the upstream could shut
 * them all out.
 */
import { GatewayError } from '../../core/error.js'
import { decideRight } from '../../core/role/right.js'
import { areWorkable, sessionLimits } from '../../core/role/session-limits.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { locksOn } from '../locks/in-force.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from './catalog-view.js'
import { mayOnResource } from './may.js'

/** Kinds on which it hangs whether somebody can administer. */
const decisiveKinds: readonly string[] = ['user', 'role', 'lock', 'cluster_auth_preference']

const rights = [
  { resource: 'user', verb: 'update' },
  { resource: 'role', verb: 'update' },
]

interface Administrator {
  readonly name: string
  /** Has a password; without one, a one-time link is all that it takes. */
  readonly ready: boolean
}

/**
 * Does the work, which changes resources of these kinds, and sees that it leaves somebody who can administer, if there
 * was anybody. Whoever waits for a password counts where nobody has one: a reset link must not open the way to delete
 * the last administrator. All within one transaction; `before` and `after` are what it sees then.
 * @throws GatewayError `LAST_ADMINISTRATOR`.
 */
export async function keepAdministrator<T>(
  tx: Pick<StoreTransaction, 'credentials'>,
  catalogs: { readonly before: CatalogView; readonly after: CatalogView },
  change: { readonly kinds: readonly string[]; readonly authority: Authority; readonly now: Instant },
  work: () => Promise<T>,
): Promise<T> {
  const { kinds, authority, now } = change
  if (!kinds.some((kind) => decisiveKinds.includes(kind))) return await work()
  // Asked first, for the work may take away a password, too.
  const before = await findAdministrator(tx, catalogs.before, now)
  const result = await work()
  if (before === undefined) return result
  const after = await findAdministrator(tx, catalogs.after, now)
  if (after !== undefined && (after.ready || !before.ready)) return result
  const maySee = mayOnResource(authority, { resource: 'user', verb: 'read' }).effect === 'allow'
  throw new GatewayError(
    'LAST_ADMINISTRATOR',
    'after this change nobody who can sign in could update users and roles any more, as ' +
      `${maySee ? before.name : 'somebody'} can ${before.ready ? 'now' : 'with a reset link'}; make somebody else an administrator first`,
    { user: before.name },
  )
}

/** One user who can administer; one who only lacks a password where nobody has one. */
async function findAdministrator(
  tx: Pick<StoreTransaction, 'credentials'>,
  catalog: CatalogView,
  now: Instant,
): Promise<Administrator | undefined> {
  let waiting: Administrator | undefined
  for (const { value: user } of catalog.users()) {
    const { name } = user
    const { roles } = catalog.rolesOf(user)
    // Cheaper than a decision: most people have no rule at all.
    if (!roles.some(({ allow }) => allow.rules.length > 0)) continue
    if (user.origin.kind !== 'local' || locksOn(catalog, { user }, now).length > 0) continue
    if (!rights.every((right) => decideRight(roles, right, { user }).effect === 'allow')) continue
    if (!areWorkable(sessionLimits(roles, catalog.preference()))) continue
    if ((await tx.credentials.findPassword(name)) !== undefined) return { name, ready: true }
    waiting ??= { name, ready: false }
  }
  return waiting
}
