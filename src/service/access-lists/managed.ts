/**
 * @module When the members of an access list are not to be changed here: those of a list that is managed as code are
 * documents, those of one that a directory pushes are changed there, and nobody is let into one that is frozen until
 * its review is finished, be it that it has lost all members meanwhile.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { loosens } from '../../core/access-list/requirements.js'
import { overdueEffect, type ReviewSchedule } from '../../core/access-list/review-schedule.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { AccessListMemberStore, StoredResource } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { isMap, readStored } from '../resources/present.js'
import { findFilled, reviewFactsOf } from './review-summary.js'
import { findAncestors } from './walk.js'

/** Where people look for who manages a resource. */
const managedByLabel = 'managed-by'
const maxShown = 200

/** Who changes members: people here, `apply` with documents, or the directory that pushes the list. */
export type MemberSource = 'people' | 'documents' | 'directory'

export function memberSourceOf({ type }: Pick<AccessList, 'type'>): MemberSource {
  switch (type) {
    case 'standard':
      return 'people'
    case 'static':
      return 'documents'
    case 'scim':
      return 'directory'
  }
}

/** Why people cannot change the members of the list here, and where they can; undefined where they can. */
export function sayManagedElsewhere(catalog: CatalogView, list: AccessList): string | undefined {
  switch (memberSourceOf(list)) {
    case 'people':
      return undefined
    case 'documents': {
      const where = findManager(catalog, list.name)
      return `The members of access list "${list.name}" are managed as code: ${
        where === undefined
          ? 'change its documents (access_list_member) and apply them'
          : `change them in ${where}`
      }.`
    }
    case 'directory':
      return `Access list "${list.name}" is pushed by a directory: change its members there.`
  }
}

/** What the document of the list says of where it is managed. */
export function findManager(catalog: CatalogView, name: string): string | undefined {
  const parsed = catalog.parsed('access_list').get(name)
  return parsed && managerOf(parsed.stored)
}

/** Its label, or the description in its metadata. */
export function managerOf(stored: StoredResource): string | undefined {
  const metadata = readStored(stored)['metadata']
  if (!isMap(metadata)) return undefined
  const labels = metadata['labels']
  const told =
    isMap(labels) && Object.hasOwn(labels, managedByLabel) ? labels[managedByLabel] : metadata['description']
  return typeof told === 'string' && told.trim() !== '' ? told.trim().slice(0, maxShown) : undefined
}

/** @throws GatewayError `MANAGED_ELSEWHERE`. */
export function assertChangedBy(
  source: Exclude<MemberSource, 'directory'>,
  catalog: CatalogView,
  list: AccessList,
): void {
  const allowed = memberSourceOf(list)
  if (allowed === source || (source === 'documents' && allowed === 'people')) return
  const message = sayManagedElsewhere(catalog, list) ?? ''
  throw new GatewayError('MANAGED_ELSEWHERE', message, { kind: 'access_list', name: list.name })
}

export type FreezeStore = { readonly members: Pick<AccessListMemberStore, 'countOf' | 'lastLeft' | 'listOf'> }

/** Why nobody can be added now; undefined where somebody can. */
export async function findFreeze(
  { members }: FreezeStore,
  catalog: CatalogView,
  list: AccessList,
  now: Instant,
): Promise<string | undefined> {
  const due = await frozenSince({ members }, catalog, list, now)
  return due && `${due}; nobody can be added until it is finished.`
}

/**
 * Why nobody holds anything by the list now; undefined where members do. An empty list whose review is as late loses its
 * grants with its first member.
 */
export function sayGrantsRemoved(catalog: CatalogView, list: AccessList, now: Instant): string | undefined {
  const facts = reviewFactsOf(list, catalog, true)
  if (facts.review === undefined || overdueEffect(facts, now) !== 'grants_removed') return undefined
  return `${sayDue(list, facts.review)}; it gives its members nothing until it is finished.`
}

/**
 * A list that asks less of its members lets somebody in, as one that is added to does.
 * @throws GatewayError `REVIEW_OVERDUE` where the list is frozen and `after` asks for less than `list` does.
 */
export async function assertNotLoosened(
  { members }: FreezeStore,
  catalog: CatalogView,
  { list, after }: { readonly list: AccessList; readonly after: AccessList },
  now: Instant,
): Promise<void> {
  if (!loosens(list.membershipRequires, after.membershipRequires)) return
  await assertNotFrozenAbove({ members }, catalog, list, now, 'this list cannot ask for less of its members')
  const due = await frozenSince({ members }, catalog, list, now)
  if (due === undefined) return
  const message = `${due}; it can ask for more of its members, and not for less, until it is finished.`
  throw new GatewayError('REVIEW_OVERDUE', message, { kind: 'access_list', name: list.name })
}

/**
 * Whoever was in a list within a frozen one counts there as they did: not for longer, and not more of them. The frozen list is
 * not named, since whoever manages a list within it may not see it.
 * @throws GatewayError `REVIEW_OVERDUE` where a list that has this one as a member, directly or not, is frozen.
 */
export async function assertNotFrozenAbove(
  { members }: FreezeStore,
  catalog: CatalogView,
  { name }: Pick<AccessList, 'name'>,
  now: Instant,
  cannot: string,
): Promise<void> {
  for (const above of await findAncestors(members, [name])) {
    const list = above === name ? undefined : catalog.accessList(above)
    if (list === undefined || (await frozenSince({ members }, catalog, list, now)) === undefined) continue
    const message = `A list that access list "${name}" is a member of is frozen, since its review is overdue; until that is finished ${cannot}.`
    throw new GatewayError('REVIEW_OVERDUE', message, { kind: 'access_list', name })
  }
}

async function frozenSince(
  { members }: FreezeStore,
  catalog: CatalogView,
  list: AccessList,
  now: Instant,
): Promise<string | undefined> {
  const facts = reviewFactsOf(list, catalog, true)
  if (facts.review === undefined || overdueEffect(facts, now) !== 'frozen') return undefined
  if ((await findFilled(members, [list], facts.preference, now)).size === 0) return undefined
  return sayDue(list, facts.review)
}

function sayDue({ name }: AccessList, { dueAt }: ReviewSchedule): string {
  return `The review of access list "${name}" was due on ${formatInstant(dueAt).slice(0, 10)}`
}
