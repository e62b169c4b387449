/**
 * @module What the requester has of an item without this request: by a role of theirs, by an access list, or by another
 * request that gives access now. For reviewers, who decide better when they know; a list is named to those who see it.
 */
import type { AccessRequest, Requestable } from '../../core/access-request/access-request.js'
import { isLive, pairsOfItem } from '../../core/access-request/grants.js'
import { canSignIn } from '../../core/access-request/may-request.js'
import { pairKey } from '../../core/identity-center/observation.js'
import { decidePair } from '../../core/role/pair-access.js'
import type { Role } from '../../core/role/role.js'
import { describeInstant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { effectiveUser, type EffectiveUser } from '../access/effective.js'
import { loadViewer, rightsOn } from '../access-lists/rights.js'
import type { AccessRequestDeps } from './deps.js'
import { isOwn, type RequestViewer } from './viewer.js'

/** Requests of one person that live at the same time and are looked at. */
const livingLookedAt = 100

export type Held = (asked: Requestable) => string | undefined

type HeldDeps = Pick<AccessRequestDeps, 'store' | 'kinds' | 'clock'>

/** Answers for the items of one request. */
export async function loadHeld(
  deps: HeldDeps,
  viewer: RequestViewer,
  request: Pick<AccessRequest, 'id' | 'user'>,
): Promise<Held> {
  return (await loadHoldings(deps, viewer, request.user))(request.id)
}

/** Answers for each request of one person; a few questions to the store. */
export async function loadHoldings(
  deps: HeldDeps,
  viewer: RequestViewer,
  user: string,
): Promise<(request: string) => Held> {
  const { view, now, world } = viewer
  const requester = await effectiveUser(deps.store.members, view, user, now)
  if (requester === undefined) return () => () => undefined
  const living = await findLiving(deps.store.accessRequests, user, viewer)
  const listName = await listNamer(deps, viewer, user, requester)
  const all = view.rolesOf(requester.user).roles
  const sources = sourcesOf(requester, viewer, listName)
  const by = (gives: (roles: readonly Role[]) => boolean): string | undefined =>
    sources.find(({ roles }) => gives(roles))?.says
  return (request) => (asked) => {
    switch (asked.kind) {
      case 'role':
        return by((roles) => roles.some(({ name }) => name === asked.name))
      case 'app': {
        const app = world.app(asked.name)
        const opens = (roles: readonly Role[]) =>
          app !== undefined && canSignIn({ user: requester.user, roles }, app, world)
        return opens(all) ? by(opens) : undefined
      }
      case 'assignment': {
        if (decidePair(all, asked).because === 'denied_by_role') return undefined
        const key = pairKey(asked.accountId, asked.permissionSetArn)
        const other = living.find(({ id, pairs }) => id !== request && pairs.has(key))
        return (
          by((roles) => decidePair(roles, asked).effect === 'allow') ??
          (other && `until ${describeInstant(other.until)} by another request`)
        )
      }
    }
  }
}

/** Each role and each list by itself, with how it is said; own roles first. */
function sourcesOf(
  { own, given }: EffectiveUser,
  { view }: RequestViewer,
  listName: (list: string) => string,
): { readonly says: string; readonly roles: readonly Role[] }[] {
  return [
    ...view.rolesOf(own).roles.map((role) => ({ says: `by the role ${role.name}`, roles: [role] })),
    ...given.map(({ list, side, grants }) => ({
      says: side === 'owner' ? `as an owner of ${listName(list)}` : `by ${listName(list)}`,
      roles: view.rolesOf(grants).roles,
    })),
  ]
}

async function listNamer(
  deps: HeldDeps,
  viewer: RequestViewer,
  user: string,
  { given }: EffectiveUser,
): Promise<(list: string) => string> {
  if (given.length === 0) return () => ''
  const { view, authority } = viewer
  const titleOf = (list: string) => `the access list ${view.accessList(list)?.title ?? list}`
  if (isOwn(viewer, { user })) return titleOf
  const looks = await loadViewer(deps, deps.store, view, authority)
  return (list) => (rightsOn(looks, list).sight === 'none' ? 'an access list' : titleOf(list))
}

async function findLiving(
  requests: Pick<StoreTransaction['accessRequests'], 'list'>,
  user: string,
  { now, world }: RequestViewer,
) {
  const approved = await requests.list({ user, states: ['approved', 'promoted'], limit: livingLookedAt })
  return approved.flatMap((one) =>
    !isLive(one, now) || one.endsAt === undefined
      ? []
      : [
          {
            id: one.id,
            until: one.endsAt,
            pairs: new Set(one.items.flatMap((item) => pairsOfItem(item, world))),
          },
        ],
  )
}
