/** @module The members of the list of a group changed as its directory says, by the one way in which members change. */
import type { AccessList } from '../../core/access-list/access-list.js'
import { beginEdit, commitEdit, placeMember, takeMember } from '../access-lists/edit-members.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { MembershipChange } from './group-members.js'
import type { ShownMember } from './represent.js'
import { directoryAuthority, type DirectoryWriting } from './write.js'

/** @throws GatewayError `LIST_FULL`, `LIST_CYCLE`, `LIST_TOO_DEEP`, `REVIEW_OVERDUE`. */
export async function editListMembers(
  { deps, tx, directory, origin }: DirectoryWriting,
  catalog: CatalogView,
  list: AccessList,
  { add, remove }: MembershipChange,
): Promise<void> {
  if (add.length + remove.length === 0) return
  const edit = await beginEdit({
    tx,
    catalog,
    parseUser: deps.kinds.known.user.parse,
    list,
    actor: directoryAuthority(directory).name,
    now: deps.clock.now(),
    sightOf: () => 'all',
  })
  for (const one of remove) takeMember(edit, keyOf(one))
  for (const one of add) await placeMember(edit, { ...keyOf(one), expiresAt: undefined, reason: '' })
  await commitEdit(deps, edit, origin)
}

function keyOf({ kind, name }: ShownMember): { readonly kind: 'user' | 'list'; readonly name: string } {
  return { kind: kind === 'user' ? 'user' : 'list', name }
}
