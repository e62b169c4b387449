/**
 * @module What a list that is made under the name of a deleted one does with the group that the earlier list still has
 * in Identity Center: the group becomes the new list's, since ids are kept, and nothing in it does (T7). Whatever is
 * there counts as put there for the earlier list from now on, so that the sync takes away what the new one does not say.
 */
import { z } from 'zod'
import { principalKey, type LedgerEntry, type Link } from '../../core/identity-center/observation.js'
import type { Instant } from '../../core/time.js'
import type { SeenKind, StoreTransaction } from '../../store/store.js'

const ids = z.array(z.string())

/** Answers notes for people. Within the transaction that makes the list. */
export async function releaseGroups(
  tx: Pick<StoreTransaction, 'principalLinks' | 'ledger' | 'observations'>,
  list: string,
  plugins: Iterable<string>,
  now: Instant,
): Promise<string[]> {
  const notes: string[] = []
  for (const plugin of plugins) {
    const link = await tx.principalLinks.find(plugin, 'group', list)
    if (link === undefined) continue
    await tx.ledger.put(plugin, await rowsWithoutFound(tx, plugin, link, now))
    notes.push(
      `The group of the access list ${list} that was deleted is there still in Identity Center and becomes this list's; members and assignments that this list does not give are taken away.`,
    )
  }
  return notes
}

/** What the group has, by the ledger and by what was seen; what import or adoption found is no reason any more. */
async function rowsWithoutFound(
  { ledger, observations }: Pick<StoreTransaction, 'ledger' | 'observations'>,
  plugin: string,
  { name, awsId }: Link,
  now: Instant,
): Promise<LedgerEntry[]> {
  const principal = principalKey('group', awsId)
  const known = await ledger.listOf(plugin, principal)
  const rows = new Map(known.map((row) => [`${row.kind} ${row.target}`, row]))
  const seen = async (kind: SeenKind, id: string): Promise<string[]> => {
    const one = (await observations.list(plugin, kind)).find((object) => object.id === id)
    return ids.safeParse(one?.document).data ?? []
  }
  const add = (kind: LedgerEntry['kind'], target: string): void => {
    const key = `${kind} ${target}`
    if (!rows.has(key)) rows.set(key, { kind, principal, target, reasons: [], since: now })
  }
  for (const target of await seen('members', awsId)) add('membership', target)
  for (const target of await seen('assignments', principal)) add('assignment', target)
  return [...rows.values()].map((row) => {
    const reasons = row.reasons.filter(({ kind }) => kind !== 'found')
    return { ...row, reasons: reasons.length > 0 ? reasons : [{ kind: 'list', list: name }] }
  })
}
