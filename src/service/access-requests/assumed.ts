/**
 * @module What the access requests that a session has assumed add to its person, worked out at each use: a request that
 * ended, a role that was changed since the approval or is locked add nothing from that moment on. Assuming adds and
 * never takes away: what would end the session by itself does not count in it.
 */
import { assumedRoles, isActive } from '../../core/access-request/grants.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { isCode } from '../../core/error.js'
import { findLocks } from '../../core/lock/lock.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { AccessRequestStore, Session } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { withoutLocked } from './locked.js'
import { requestWorld } from './world.js'

/** What is written into a session is bounded where it is written; more than this is not looked at. */
export const assumedLimit = 10

export interface Assumed {
  /** Ids of the requests that count now. */
  readonly requests: readonly string[]
  /** The person without what these add: what they may ask for hangs on nothing that they asked for. */
  readonly own: User
  /** Roles that count for one application alone, by its name. */
  readonly ofApps: ReadonlyMap<string, readonly string[]>
}

/** The person as the session has them; undefined where it has assumed nothing that counts now. */
export async function withAssumed(
  store: Pick<AccessRequestStore, 'find'>,
  catalog: CatalogView,
  session: Pick<Session, 'assumed' | 'stage'>,
  own: User,
  now: Instant,
): Promise<{ readonly user: User; readonly assumed: Assumed } | undefined> {
  if (session.stage !== 'full' || session.assumed.length === 0) return undefined
  const found: AccessRequest[] = []
  for (const id of new Set(session.assumed.slice(0, assumedLimit))) {
    const request = await findReadable(store, id)
    // A name that another person has now assumes nothing of the one before.
    if (request?.user === own.name) found.push(request)
  }
  const world = requestWorld(catalog)
  const active = found.filter((request) => isActive(request, now))
  const counting = await withoutLocked(
    { accessRequests: { find: (id) => findReadable(store, id) } },
    catalog,
    active,
    now,
  )
  if (counting.length === 0) return undefined
  const { roles, ofApps } = assumedRoles(counting, world, now)
  const isFree = (role: string) => findLocks(catalog.locks(), { roles: [role] }, now).length === 0
  return {
    user: { ...own, roles: [...new Set([...own.roles, ...roles.filter(isFree)])] },
    assumed: {
      requests: counting.map(({ id }) => id),
      own,
      ofApps: new Map([...ofApps].map(([app, names]) => [app, names.filter(isFree)])),
    },
  }
}

/** The person as one application meets them: with the roles that an assumed request gives for it alone. */
export function personAt(
  { user, assumed }: { readonly user: User; readonly assumed?: Assumed | undefined },
  app: string,
): User {
  const roles = assumed?.ofApps.get(app) ?? []
  return roles.length === 0 ? user : { ...user, roles: [...new Set([...user.roles, ...roles])] }
}

/** One that is damaged gives nothing, and keeps nobody from what else they have. */
async function findReadable(
  store: Pick<AccessRequestStore, 'find'>,
  id: string,
): Promise<AccessRequest | undefined> {
  try {
    return await store.find(id)
  } catch (error) {
    if (isCode(error, 'INTERNAL')) return undefined
    throw error
  }
}
