/**
 * @module What a read of a single thing is taken for: AWS shows our own changes late, so what we changed a moment
 * before is believed before what the read says of it. Whole lists have their own rule, see `markOfRead`.
 */
import { principalKey, type ObservedGroup } from '../core/identity-center/observation.js'
import type { Instant } from '../core/time.js'
import { commit, type Cycle } from './cycle.js'
import type { SeenWrite } from './seen.js'

/** @param begunAt When the read began. */
export async function commitRead(
  cycle: Cycle,
  begunAt: Instant,
  writes: readonly SeenWrite[],
): Promise<void> {
  await commit(cycle, { seen: settledReads(cycle, begunAt, writes) })
}

/** What is to be written of it. */
export function settledReads(
  cycle: Pick<Cycle, 'seen' | 'owned'>,
  begunAt: Instant,
  writes: readonly SeenWrite[],
): SeenWrite[] {
  return writes.map((write) => {
    const settled = cycle.seen.settle(write, begunAt)
    if (settled.kind !== 'group' || settled.value === undefined) return settled
    return { ...settled, value: withSettledName(cycle, settled.value) }
  })
}

/**
 * A group as it was read, with the name that it had when it became ours or that we gave it last: only another one is
 * somebody else's doing. A group that is not ours may be called whatever its owner likes.
 */
export function withSettledName(
  { seen, owned }: Pick<Cycle, 'seen' | 'owned'>,
  group: ObservedGroup,
): ObservedGroup {
  const known = owned.has(principalKey('group', group.id)) ? seen.groups.get(group.id) : undefined
  return { ...group, settledName: known?.settledName ?? group.displayName }
}
