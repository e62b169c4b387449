/**
 * @module Which of many lists have members now, for pages that follow each other: until when they have is asked of the
 * store once after each change of members. Never within a transaction: what that does to members may not be kept.
 */
import type { Instant } from '../../core/time.js'
import type { Store } from '../../store/store.js'

type Members = Pick<Store['members'], 'generation' | 'lastEnds'>

interface Kept {
  readonly generation: number
  /** Undefined for a list that never had any. */
  readonly ends: Map<string, Instant | undefined>
}

const kept = new WeakMap<Members, Kept>()

/** Until when each of `lists` has members, with those that were asked for before; undefined for one that never had any. */
export async function keepEnds(
  members: Members,
  lists: readonly string[],
): Promise<ReadonlyMap<string, Instant | undefined>> {
  // Read before the rows: a write in between makes the next page ask again, never miss it.
  const generation = await members.generation()
  let known = kept.get(members)
  if (known?.generation !== generation) kept.set(members, (known = { generation, ends: new Map() }))
  const { ends } = known
  const unknown = lists.filter((name) => !ends.has(name))
  if (unknown.length > 0) {
    const found = await members.lastEnds(unknown)
    for (const name of unknown) ends.set(name, found.get(name))
  }
  return ends
}
