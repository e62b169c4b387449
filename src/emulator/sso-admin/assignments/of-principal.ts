/**
 * @module The assignments of a principal: a group's own; a user's own and those of the groups that the user is in.
 */
import type { AccountAssignment } from '../../state/assignment.js'
import type { RowList } from '../../state/table.js'
import type { Tables } from '../../state/tables.js'
import { notFound } from '../errors.js'

/**
 * What is left behind by a deleted principal can still be listed.
 * @throws AwsError `ResourceNotFoundException` for a principal that neither exists nor left anything
 */
export function assignmentsOfPrincipal(
  tables: Tables,
  type: 'USER' | 'GROUP',
  id: string,
): RowList<AccountAssignment> {
  const own = tables.assignments.by('principal', id)
  const exists = (type === 'USER' ? tables.users : tables.groups).has(id)
  const isStale = !exists && own.after(-1, 1)[0]?.row.principalType === type
  if (!exists && !isStale) throw notFound(`The ${type} ${id}`)
  if (type === 'GROUP') return own
  const groups = tables.memberships.by('user', id).rows()
  return merge([own, ...groups.map(({ groupId }) => tables.assignments.by('principal', groupId))])
}

/** Lists of one table as one, in the order of the table. */
function merge<Row>(lists: readonly RowList<Row>[]): RowList<Row> {
  const after: RowList<Row>['after'] = (seq, limit) =>
    lists
      .flatMap((list) => list.after(seq, limit))
      .sort((a, b) => a.seq - b.seq)
      .slice(0, limit)
  return {
    size: lists.reduce((sum, list) => sum + list.size, 0),
    after,
    rows: () => after(-1, Infinity).map((entry) => entry.row),
  }
}
