/** @module One access list as whoever asks may see it: all of it, what members see, or what tells whether to ask. */
import type { ListDetail } from '../../api/contract/access-lists.js'
import type { AccessList, ListGrants, ListOwner, Requirements } from '../../core/access-list/access-list.js'
import { judgePerson, whyNotWords } from '../../core/access-list/judge-person.js'
import { overduePolicy } from '../../core/access-list/review-schedule.js'
import { day } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { shownRoleNames } from '../resources/role-refs.js'
import { inAwsOf } from './card-index.js'
import { titleOf, toCards } from './list-cards.js'
import { findFreeze, sayManagedElsewhere } from './managed.js'
import { flattenList, lookUpPerson, roleNamesOf } from './people-of.js'
import { reviewFactsOf } from './review-summary.js'
import { factsOf } from './list-people.js'
import { assertSeesList, loadViewer, rightsOn, type ListRights, type Viewer } from './rights.js'

/** @throws GatewayError `NOT_FOUND`, `FORBIDDEN` for machine users and the operator. */
export async function getList(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock' | 'sendsMail'>,
  name: string,
  authority: Authority,
): Promise<ListDetail> {
  const catalog = await deps.catalog.read()
  const viewer = await loadViewer(deps, deps.store, catalog, authority)
  const rights = assertSeesList(viewer, name)
  const list = catalog.accessList(name)
  const parsed = catalog.parsed('access_list').get(name)
  const problem = parsed?.entry === undefined ? parsed?.problem.message : undefined
  const facts = { name, list, problem, inAws: list !== undefined && inAwsOf(catalog)(list) }
  const [card] = await toCards(deps, viewer, [facts])
  if (card === undefined) throw new Error('a card of one list is missing')
  const seesAll = rights.sight === 'all'
  const above = await deps.store.members.listOf('list', name)
  const people = seesAll ? await flattenList(deps.store.members, catalog, name, viewer.now) : undefined
  return {
    ...card,
    ...contentsOf(viewer, list, deps.sendsMail === true),
    memberOf: seen(
      viewer,
      above.map((row) => row.list),
    ),
    ownerOf: seen(viewer, catalog.listsOwnedBy('list', name)),
    ...(people !== undefined && { peopleCount: countFree(viewer, people.users.keys()) }),
    may: await mayOf(deps, viewer, rights, list),
    revision: parsed?.revision ?? '',
  }
}

/** Whoever is locked holds nothing by it. */
function countFree({ catalog, now }: Viewer, names: Iterable<string>): number {
  let count = 0
  for (const name of names) if (!factsOf(catalog, name, now).isLocked) count += 1
  return count
}

function contentsOf(
  viewer: Viewer,
  list: AccessList | undefined,
  byMail: boolean,
): Pick<
  ListDetail,
  'allOwners' | 'membershipRequires' | 'ownershipRequires' | 'grants' | 'ownerGrants' | 'schedule'
> {
  const { catalog } = viewer
  if (list === undefined) {
    const none = { roles: [], traits: {} }
    return {
      allOwners: [],
      membershipRequires: none,
      ownershipRequires: none,
      grants: none,
      ownerGrants: none,
    }
  }
  const schedule = scheduleOf(catalog, list, byMail)
  return {
    allOwners: list.owners.map((owner) => {
      const problem = findOwnerProblem(catalog, list, owner)
      return { ...owner, ...titleOf(viewer, owner), ...(problem !== undefined && { problem }) }
    }),
    membershipRequires: shownHoldings(catalog, list.membershipRequires),
    ownershipRequires: shownHoldings(catalog, list.ownershipRequires),
    grants: shownHoldings(catalog, list.grants),
    ownerGrants: shownHoldings(catalog, list.ownerGrants),
    ...(schedule !== undefined && { schedule }),
  }
}

/** Roles by the names that people know, and traits. */
export function shownHoldings(
  { inventory }: Pick<CatalogView, 'inventory'>,
  { roles, traits }: Requirements | ListGrants,
): ListDetail['grants'] {
  return {
    roles: [...shownRoleNames(roles, inventory)],
    traits: Object.fromEntries(Object.entries(traits).map(([trait, values]) => [trait, [...values]])),
  }
}

function findOwnerProblem(
  catalog: CatalogView,
  { ownershipRequires }: AccessList,
  { kind, name }: ListOwner,
): string | undefined {
  if (kind === 'list') return catalog.parsed('access_list').has(name) ? undefined : 'does not exist'
  if (!catalog.parsed('user').has(name)) return 'does not exist'
  const why = judgePerson(ownershipRequires, lookUpPerson(catalog), name)
  return why && whyNotWords(why, roleNamesOf(catalog))
}

function scheduleOf(catalog: CatalogView, list: AccessList, byMail: boolean): ListDetail['schedule'] {
  const { review } = list
  if (review === undefined) return undefined
  const { then, afterMs } = overduePolicy(reviewFactsOf(list, catalog, true))
  return {
    everyMonths: review.everyMonths,
    dayOfMonth: review.dayOfMonth,
    noticeDays: review.noticeMs / day,
    byMail,
    whenOverdue: then,
    afterDays: afterMs / day,
    isOwnPolicy: review.whenOverdue !== undefined,
  }
}

/** Those that the viewer sees, by name. */
function seen(viewer: Viewer, names: readonly string[]): { name: string; title: string }[] {
  return [...new Set(names)]
    .sort()
    .filter((name) => rightsOn(viewer, name).sight !== 'none')
    .map((name) => ({ name, title: viewer.catalog.accessList(name)?.title ?? name }))
}

async function mayOf(
  { store }: Pick<ResourceDeps, 'store'>,
  { catalog, now }: Viewer,
  rights: ListRights,
  list: AccessList | undefined,
): Promise<ListDetail['may']> {
  const elsewhere = list && sayManagedElsewhere(catalog, list)
  const says = elsewhere ?? (list && (await findFreeze(store, catalog, list, now)))
  return {
    members: rights.members && list !== undefined && elsewhere === undefined,
    edit: rights.edit,
    delete: rights.delete,
    aws: rights.aws,
    review: rights.members && rights.sight === 'all' && list !== undefined,
    ...(rights.members && says !== undefined && { membersSay: says }),
  }
}
