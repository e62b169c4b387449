/** @module From members up to the lists that hold them. Every list is visited once, so it ends on any graph. */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import type { Instant } from '../../core/time.js'
import type { AccessListMemberStore } from '../../store/store.js'

type Members = Pick<AccessListMemberStore, 'listOf'>

/** These lists and all that hold one of them as a member, by itself or through others, expired memberships too. */
export async function findAncestors(members: Members, lists: readonly string[]): Promise<Set<string>> {
  return await climb(members, lists, () => true)
}

/** The lists that a user is a member of now, by itself or through nested lists. */
export async function findListsOf(members: Members, user: string, now: Instant): Promise<Set<string>> {
  const holds = ({ expiresAt }: AccessListMember) => expiresAt === undefined || now < expiresAt
  const own = (await members.listOf('user', user)).filter(holds).map(({ list }) => list)
  return await climb(members, own, holds)
}

async function climb(
  members: Members,
  lists: readonly string[],
  counts: (edge: AccessListMember) => boolean,
): Promise<Set<string>> {
  const found = new Set(lists)
  // A Set is walked in the order of insertion, those that are added on the way included.
  for (const list of found) {
    for (const edge of await members.listOf('list', list)) if (counts(edge)) found.add(edge.list)
  }
  return found
}
