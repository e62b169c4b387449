/**
 * @module What approved requests give in AWS accounts, for the sync of every plugin: each takes what is in its own
 * accounts. Asked with every plan, so it is worked out anew only after a write, or when time changes it.
 */
import { grantsOf } from '../../core/access-request/grants.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import type { TimeBoxedGrant } from '../../core/entitlement/input.js'
import { findLocks, type Lock } from '../../core/lock/lock.js'
import { earliest, type Instant } from '../../core/time.js'
import type { Clock } from '../../lib/clock.js'
import type { Store } from '../../store/store.js'
import type { Catalog } from '../resources/catalog.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { withoutLocked } from './locked.js'
import { requestWorld } from './world.js'

export interface GrantSourceDeps {
  readonly store: Pick<Store, 'accessRequests'>
  readonly catalog: Pick<Catalog, 'read'>
  readonly clock: Clock
}

export interface GrantSource {
  /** The same value as long as nothing has changed. */
  grants(): Promise<readonly TimeBoxedGrant[]>
  /** Of these requests those that give nothing now: they ended, a lock is on them, or there is none by this id. */
  findOver(ids: readonly string[]): Promise<ReadonlySet<string>>
}

interface Known {
  readonly generation: number
  readonly view: CatalogView
  readonly madeAt: Instant
  readonly validUntil: Instant
  readonly grants: readonly TimeBoxedGrant[]
}

export function createGrantSource({ store, catalog, clock }: GrantSourceDeps): GrantSource {
  let known: Known | undefined

  return {
    grants: async () => {
      // Read before the contents: a write in between makes the next use read again, never miss it.
      const generation = await store.accessRequests.generation()
      const view = await catalog.read()
      const now = clock.now()
      const isKnown = known?.generation === generation && known.view === view
      if (known !== undefined && isKnown && known.madeAt <= now && now < known.validUntil) return known.grants
      const requests = await store.accessRequests.listApproved(now)
      const isLocked = (roles: readonly string[]) => findLocks(view.locks(), { roles }, now).length > 0
      const free = await withoutLocked(store, view, requests, now)
      const grants = grantsOf(free, { ...requestWorld(view), isLocked }, now)
      known = { generation, view, madeAt: now, validUntil: nextChange(requests, view.locks(), now), grants }
      return grants
    },

    findOver: async (ids) => {
      if (ids.length === 0) return new Set()
      const view = await catalog.read()
      const now = clock.now()
      const giving = await withoutLocked(store, view, await store.accessRequests.listApproved(now), now)
      const alive = new Set(giving.map(({ id }) => id))
      return new Set(ids.filter((id) => !alive.has(id)))
    },
  }
}

/** When time alone begins or ends what one of them gives. */
function nextChange(requests: readonly AccessRequest[], locks: readonly Lock[], now: Instant): Instant {
  const ends = locks.map(({ expiresAt }) => expiresAt)
  const instants = [...ends, ...requests.flatMap(({ activatedAt, endsAt }) => [activatedAt, endsAt])]
  return earliest(instants.filter((at) => at !== undefined && at > now)) ?? Number.POSITIVE_INFINITY
}
