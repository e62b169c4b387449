/**
 * @module What a schedule does at the moment at which a list is stored with it: one that is overdue by it is frozen, or
 * gives nothing, at once and without the notice that others have.
 */
import type { AccessList } from '../../core/access-list/access-list.js'
import { flattenLists } from '../../core/access-list/flatten.js'
import {
  frozenSince,
  overdueEffect,
  type OverdueEffect,
  type OverduePolicy,
} from '../../core/access-list/review-schedule.js'
import { formatInstant, type Instant } from '../../core/time.js'
import { readMembersBelow } from '../../service/access-lists/read-below.js'
import { findFilled, momentOf, reviewFactsOf } from '../../service/access-lists/review-summary.js'
import type { KindChange } from '../../service/resources/kind.js'
import type { StoreTransaction } from '../../store/store.js'
import { lookUpIn } from './warnings.js'

/** A sentence for whoever stores the list; none where nothing begins by it. */
export async function noteOverdue(
  { before, after, catalog }: Pick<KindChange<AccessList>, 'before' | 'after' | 'catalog'>,
  tx: Pick<StoreTransaction, 'members'>,
  now: Instant,
): Promise<string[]> {
  if (after === undefined) return []
  const preference = catalog.preference().accessListReviews
  const filled = await findFilled(tx.members, [after], preference, now)
  const effectOf = (list: AccessList | undefined): OverdueEffect =>
    list === undefined ? 'nothing' : overdueEffect(reviewFactsOf(list, catalog, filled.has(after.name)), now)
  const effect = effectOf(after)
  if (effect === effectOf(before)) return []
  switch (effect) {
    case 'nothing':
      return []
    case 'frozen':
      return [
        `The review is overdue at once: nobody can be added to the list until it is reviewed, and whoever came into lists within it since ${sinceOf(after, preference, now)} does not count in it.`,
      ]
    case 'grants_removed': {
      const who = await sayPeople({ after, catalog }, tx, now)
      return [
        `The review is overdue at once: ${who} what the list gives, here and in AWS, until it is reviewed.`,
      ]
    }
  }
}

function sinceOf({ review }: AccessList, preference: OverduePolicy | undefined, now: Instant): string {
  return formatInstant(frozenSince({ review, preference }, now) ?? now).slice(0, 10)
}

async function sayPeople(
  { after, catalog }: { readonly after: AccessList; readonly catalog: KindChange<AccessList>['catalog'] },
  tx: Pick<StoreTransaction, 'members'>,
  now: Instant,
): Promise<string> {
  const rows = await readMembersBelow(tx, after.name)
  const below = catalog.accessLists().flatMap(({ value }) => (value.name === after.name ? [] : [value]))
  const count =
    flattenLists([...below, after], rows, lookUpIn(catalog), momentOf(catalog, now)).lists.get(after.name)
      ?.users.size ?? 0
  return count === 1 ? 'one person loses' : `${count.toLocaleString('en')} people lose`
}
