/**
 * @module What people get again in Identity Center when a list that gave nothing, since nobody reviewed it, is reviewed:
 * the desired state with the list as it will stand, beside that of now.
 */
import type { PairKey } from '../identity-center/observation.js'
import { memberKey } from '../access-list/review.js'
import { buildDesired } from './build-desired.js'
import type { Desired } from './desired.js'
import type { Leave } from './gaining.js'
import type { DesiredInput } from './input.js'
import { findOverdue } from './overdue.js'

export interface Returning {
  readonly list: string
  /** In the group of the list then. */
  readonly people: number
  /** What the group gives again. */
  readonly pairs: readonly PairKey[]
  /** Who gets something again by owning it, by name. */
  readonly owners: readonly string[]
}

/** Undefined where the list gives what it grants now, or nothing of it reaches an account. */
export function findReturning(
  input: DesiredInput,
  before: Desired,
  { removed, after }: Pick<Leave, 'removed' | 'after'>,
): Returning | undefined {
  const lists = input.lists.flatMap((list) => ('unreadable' in list ? [] : [list]))
  if (!findOverdue(lists, input).withoutGrants.has(after.name)) return undefined
  const gone = new Set(removed.map(memberKey))
  const then = buildDesired({
    ...input,
    lists: input.lists.map((list) => (!('unreadable' in list) && list.name === after.name ? after : list)),
    members: input.members.filter((row) => row.list !== after.name || !gone.has(memberKey(row))),
  })
  const group = then.groups.get(after.name)
  const had = before.groups.get(after.name)?.pairs
  const pairs = [...(group?.pairs.keys() ?? [])].filter((pair) => had?.has(pair) !== true).sort()
  const owners = [...then.userPairs]
    .filter(([name, of]) =>
      [...of].some(
        ([pair, reasons]) =>
          reasons.some((reason) => reason.kind === 'list_owner' && reason.list === after.name) &&
          before.userPairs.get(name)?.has(pair) !== true,
      ),
    )
    .map(([name]) => name)
    .sort()
  if (pairs.length === 0 && owners.length === 0) return undefined
  return { list: after.name, people: group?.members.length ?? 0, pairs, owners }
}
