/** @module People and machine users as decisions about access requests see them, as they are at one moment. */
import type { Requester, Reviewer } from '../../core/access-request/world.js'
import { mayAskReviewer } from '../../core/access-request/review-mfa.js'
import type { StoreTransaction } from '../../store/store.js'
import { meansOfPerson } from '../people/factors.js'
import type { Instant } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import { effectiveUser, type MemberRows } from '../access/effective.js'
import { locksOn } from '../locks/in-force.js'
import type { CatalogView } from '../resources/catalog-view.js'

/** Undefined where there is no such person, or none that can be read. What sessions have assumed does not count. */
export async function findRequester(
  members: MemberRows,
  view: CatalogView,
  name: string,
  now: Instant,
): Promise<(Requester & { readonly isLocked: boolean }) | undefined> {
  const user = (await effectiveUser(members, view, name, now))?.user
  if (user === undefined) return undefined
  return { user, roles: view.rolesOf(user).roles, isLocked: locksOn(view, { user }, now).length > 0 }
}

/** Whoever gave a review. Undefined: nobody of this name any more. */
export async function findReviewer(
  members: MemberRows,
  view: CatalogView,
  author: string,
  now: Instant,
): Promise<Reviewer | undefined> {
  const person = await findRequester(members, view, author, now)
  return person && toReviewer(view, person.user, person.isLocked)
}

function toReviewer(view: CatalogView, user: User, isLocked: boolean): Reviewer {
  return {
    name: user.name,
    roles: view.rolesOf(user).roles,
    roleNames: view.withEveryRoleName(user).roles,
    traits: user.traits,
    isLocked,
    since: personSince(view, user.name),
    actsFor: [],
  }
}

/** With the second factors that they can give, where any of their decisions may take one. */
export async function withMeans(
  store: Pick<StoreTransaction, 'credentials' | 'passkeys'>,
  view: CatalogView,
  reviewer: Reviewer,
): Promise<Reviewer> {
  const preference = view.preference()
  if (!mayAskReviewer(reviewer, { preference })) return reviewer
  return { ...reviewer, means: await meansOfPerson(store, preference, reviewer.name) }
}

/** Since when the name is this person's; later than everything for one that nobody has. */
export function personSince(view: CatalogView, name: string): Instant {
  return view.parsed('user').get(name)?.stored.createdAt ?? Number.POSITIVE_INFINITY
}
