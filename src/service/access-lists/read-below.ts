/** @module The rows of lists and of all lists within them: what is needed to say who is in them. */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import type { AccessListMemberStore } from '../../store/store.js'

/** Also memberships that have ended. Each list is read once, so it ends on any graph. */
export async function readMembersBelow(
  { members }: { readonly members: Pick<AccessListMemberStore, 'list'> },
  ...roots: readonly string[]
): Promise<AccessListMember[]> {
  const rows: AccessListMember[] = []
  const lists = new Set(roots)
  // A Set is walked in the order of insertion, those that are added on the way included.
  for (const one of lists) {
    for (const row of await members.list(one)) {
      rows.push(row)
      if (row.kind === 'list') lists.add(row.name)
    }
  }
  return rows
}
