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
import { namesSeen } from './shown-items.js'
import { isSelf, type RequestViewer } from './viewer.js'

/** Requests of one person that live at the same time and are looked at. */
const livingLookedAt = 100

export type Held = (asked: Requestable) => string | undefined

type HeldDeps = Pick<AccessRequestDeps, 'store' | 'kinds' | 'clock'>

/** Answers for the items of one request. */
export async function loadHeld(deps: HeldDeps, viewer: RequestViewer, request: AccessRequest): Promise<Held> {
  return (await loadHoldings(deps, viewer, request.user))(request)
}

/** Answers for each request of one person; a few questions to the store. */
export async function loadHoldings(
  deps: HeldDeps,
  viewer: RequestViewer,
  user: string,
): Promise<(request: AccessRequest) => Held> {
  const { view, now, world } = viewer
  const requester = await effectiveUser(deps.store.members, view, user, now)
  if (requester === undefined) return () => () => undefined
  const living = await findLiving(deps.store.accessRequests, user, viewer)
  const listName = await listNamer(deps, viewer, user, requester)
  const all = view.rolesOf(requester.user).roles
  const sources = sourcesOf(requester, viewer, listName)
  const find = (gives: (roles: readonly Role[]) => boolean) => sources.find(({ roles }) => gives(roles))
  const heldOf = (request: AccessRequest, seesName: (asked: Requestable) => boolean): Held => {
    return (asked) => {
      switch (asked.kind) {
        case 'role':
          return find((roles) => roles.some(({ name }) => name === asked.name))?.says
        case 'app': {
          const app = world.app(asked.name)
          const opens = (roles: readonly Role[]) =>
            app !== undefined && canSignIn({ user: requester.user, roles }, app, world)
          return opens(all) ? find(opens)?.says : undefined
        }
        case 'assignment': {
          if (decidePair(all, asked).because === 'denied_by_role') return undefined
          const source = find((roles) => decidePair(roles, asked).effect === 'allow')
          if (source !== undefined) return seesName(asked) ? source.says : source.saysUnnamed
          const key = pairKey(asked.accountId, asked.permissionSetArn)
          const other = living.find(({ id, pairs }) => id !== request.id && pairs.has(key))
          return other && `until ${describeInstant(other.until)} by another request`
        }
      }
    }
  }
  return (request) => heldOf(request, namesSeen(viewer, request))
}

interface Source {
  readonly says: string
  /** To whom the account and the permission set are not named: a name of a role may tell them. */
  readonly saysUnnamed: string
  readonly roles: readonly Role[]
}

/** Each role and each list by itself, with how it is said; own roles first. */
function sourcesOf(
  { own, given }: EffectiveUser,
  { view }: RequestViewer,
  listName: (list: string) => string,
): Source[] {
  return [
    ...view.rolesOf(own).roles.map((role) => ({
      says: `by the role ${role.name}`,
      saysUnnamed: 'by a role',
      roles: [role],
    })),
    ...given.map(({ list, side, grants }) => {
      const says = side === 'owner' ? `as an owner of ${listName(list)}` : `by ${listName(list)}`
      return { says, saysUnnamed: says, roles: view.rolesOf(grants).roles }
    }),
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
  if (isSelf(viewer, user)) return titleOf
  const looks = await loadViewer(deps, deps.store, view, authority)
  return (list) => (rightsOn(looks, list).sight === 'none' ? 'an access list' : titleOf(list))
}

async function findLiving(
  requests: Pick<StoreTransaction['accessRequests'], 'list'>,
  user: string,
  { now, world }: RequestViewer,
) {
  const approved = await requests.list({ user, states: ['approved'], limit: livingLookedAt })
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
