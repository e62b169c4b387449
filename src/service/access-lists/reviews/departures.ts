/**
 * @module Who counts no more, in a list and in those above it, and who owns lists no more, when members of one list are
 * taken out or it asks for more. From rows before they are written, in the transaction of the change.
 */
import type { AccessList } from '../../../core/access-list/access-list.js'
import { flattenLists, type FlatLists } from '../../../core/access-list/flatten.js'
import { memberKey, type MemberKey } from '../../../core/access-list/review.js'
import type { Departures } from '../../../core/entitlement/leaving.js'
import type { Instant } from '../../../core/time.js'
import type { StoreTransaction } from '../../../store/store.js'
import type { CatalogView } from '../../resources/catalog-view.js'
import { lookUpPerson } from '../people-of.js'
import { readMembersBelow } from '../read-below.js'
import { momentOf } from '../review-summary.js'

export const noDepartures: Departures = { members: new Map(), owners: new Map() }

export async function findDepartures(
  tx: Pick<StoreTransaction, 'members'>,
  {
    catalog,
    list,
    removed,
    after,
    now,
  }: {
    readonly catalog: CatalogView
    readonly list: string
    readonly removed: readonly MemberKey[]
    /** The list as it will ask. */
    readonly after: AccessList
    readonly now: Instant
  },
): Promise<Departures> {
  const above = (await tx.members.edgesAbove('list', list)).map((edge) => edge.list)
  const concerned = [...new Set([list, ...above])]
  const owned = concerned.flatMap((name) => catalog.listsOwnedBy('list', name))
  // Whoever leaves one list may own another still by a second list.
  const owning = owned.flatMap((name) =>
    (catalog.accessList(name)?.owners ?? []).flatMap((owner) => (owner.kind === 'list' ? [owner.name] : [])),
  )
  const rows = await readMembersBelow(tx, ...concerned, ...owning)
  const names = [...new Set([...concerned, ...owned, ...owning, ...rows.map((row) => row.list)])].filter(
    (name) => catalog.parsed('access_list').has(name),
  )
  const lists = names.map((name) => catalog.accessList(name) ?? { name })
  const people = lookUpPerson(catalog)
  const at = momentOf(catalog, now)
  const gone = new Set(removed.map(memberKey))
  const left = rows.filter((row) => row.list !== list || !gone.has(memberKey(row)))
  const before = flattenLists(lists, rows, people, at)
  const then = flattenLists(
    lists.map((one) => (one.name === list ? after : one)),
    left,
    people,
    at,
  )
  return {
    members: missing(concerned, before, then, 'users'),
    owners: missing([...new Set(owned)], before, then, 'owners'),
  }
}

function missing(
  names: readonly string[],
  before: FlatLists,
  then: FlatLists,
  part: 'users' | 'owners',
): Map<string, ReadonlySet<string>> {
  const gone = new Map<string, ReadonlySet<string>>()
  for (const name of names) {
    const stay = then.lists.get(name)?.[part]
    const people = [...(before.lists.get(name)?.[part].keys() ?? [])].filter((one) => stay?.has(one) !== true)
    if (people.length > 0) gone.set(name, new Set(people))
  }
  return gone
}
