/**
 * @module The review of a list as owners go through it: each member with why and since when they are in, when they were
 * last in AWS, and what is decided on them so far. It may be gone through whether or not it is due.
 */
import type { z } from 'zod'
import type { ReviewAnswer, reviewMember, reviewQuery } from '../../../api/contract/access-lists.js'
import type { FlatList } from '../../../core/access-list/flatten.js'
import { dueAfterReview } from '../../../core/access-list/review-schedule.js'
import { formatInstant, type Instant } from '../../../core/time.js'
import type { Authority } from '../../authority.js'
import { pageOf } from '../../identity-center/page.js'
import type { ResourceDeps } from '../../resources/deps.js'
import { lastAwsSignIns } from '../last-sign-ins.js'
import { titleOf } from '../list-cards.js'
import { factsOf } from '../list-people.js'
import { flattenList, readPeople } from '../people-of.js'
import { findFilled, summariseReview } from '../review-summary.js'
import { assertReadsList, loadViewer, readableList, type Viewer } from '../rights.js'
import { shownWays } from '../ways-of.js'
import { countDecisions } from './decide.js'
import { lastFinished } from './finished-meanwhile.js'
import { digestOf, readReviewed, type Reviewed } from './reviewed.js'
import { sayIneligible } from '../say-ineligible.js'

type ReviewDeps = Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>

/**
 * For everyone who sees the members; deciding takes more.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_RESOURCE`, `INVALID_INPUT` for a cursor that no page gave.
 */
export async function getReview(
  deps: ReviewDeps,
  name: string,
  input: z.infer<typeof reviewQuery>,
  authority: Authority,
): Promise<ReviewAnswer> {
  const catalog = await deps.catalog.read()
  const viewer = await loadViewer(deps, deps.store, catalog, authority)
  assertReadsList(viewer, name)
  const list = readableList(catalog, name)
  const { now } = viewer
  const reviewed = await readReviewed(deps, deps.store, catalog, name)
  const { kept, removed } = countDecisions(reviewed.map(({ decided }) => decided))
  const { show } = input
  const shown = reviewed.filter(({ decided }) => show === 'all' || (decided?.decision ?? 'open') === show)
  const preference = catalog.preference().accessListReviews
  const isFilled = (await findFilled(deps.store.members, [list], preference, now)).has(name)
  const progress = { members: reviewed.length, decided: kept + removed, isFilled }
  const page = pageOf(shown, ({ member: { kind, name: member } }) => [kind, member], textOf(viewer), input)
  const { title, type, review } = list
  return {
    list: { name, title, type },
    review: summariseReview(list, catalog, progress, now),
    items: await toItems(deps, viewer, name, page.items),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
    kept,
    removed,
    digest: digestOf(reviewed),
    lastFinished: (await lastFinished(deps.store, name))?.id ?? null,
    ...(review !== undefined && { nextDueAt: formatInstant(dueAfterReview(review, now)) }),
  }
}

function textOf(viewer: Viewer): (one: Reviewed) => string {
  return ({ member, decided }) =>
    [member.name, titleOf(viewer, member).title ?? '', member.reason, decided?.note ?? ''].join('\n')
}

async function toItems(
  deps: ReviewDeps,
  viewer: Viewer,
  list: string,
  shown: readonly Reviewed[],
): Promise<z.infer<typeof reviewMember>[]> {
  const { catalog, now } = viewer
  const users = shown.flatMap(({ member: { kind, name } }) => (kind === 'user' ? [name] : []))
  const signIns = await lastAwsSignIns(deps, catalog, users)
  const { flat, rows } = await readPeople(deps.store.members, catalog, list, now)
  const waysOf = shownWays(viewer, list, rows)
  const items: z.infer<typeof reviewMember>[] = []
  for (const { member, decided, lapsed } of shown) {
    const { kind, name, joinedAt, expiresAt, addedBy, reason } = member
    items.push({
      kind,
      name,
      joinedAt: formatInstant(joinedAt),
      ...(expiresAt !== undefined && { expiresAt: formatInstant(expiresAt) }),
      addedBy,
      reason,
      ...titleOf(viewer, member),
      ...(kind === 'user'
        ? {
            ...userFacts(viewer, list, name, { flat, signedIn: signIns.get(name) }),
            // The first is what is under review.
            alsoBy: waysOf(name).ways.filter(({ path }) => path.length > 1),
          }
        : await listFacts(deps, viewer, name)),
      ...(decided !== undefined && {
        decision: decided.decision,
        note: decided.note,
        decidedBy: decided.by,
      }),
      ...(lapsed !== undefined && {
        lapsed: { decision: lapsed.decision, note: lapsed.note, decidedBy: lapsed.by },
      }),
    })
  }
  return items
}

function userFacts(
  viewer: Viewer,
  list: string,
  name: string,
  { flat, signedIn }: { readonly flat: FlatList; readonly signedIn: Instant | undefined },
) {
  const ineligible = flat.ineligible.get(name)
  return {
    ...factsOf(viewer.catalog, name, viewer.now),
    ...(ineligible !== undefined && { ineligible: sayIneligible(viewer, list, ineligible) }),
    ...(signedIn !== undefined && { lastAwsSignIn: formatInstant(signedIn) }),
  }
}

async function listFacts({ store }: ReviewDeps, { catalog, now }: Viewer, name: string) {
  const { users } = await flattenList(store.members, catalog, name, now)
  return { hasUser: catalog.parsed('access_list').has(name), isLocked: false, peopleCount: users.size }
}
