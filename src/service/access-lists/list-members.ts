/** @module The members of one access list, by page: nested lists first, then users, each by name. */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import type { Authority } from '../authority.js'
import { pageOf, type Page, type PageInput } from '../identity-center/page.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertReadsList, loadViewer } from './rights.js'

export interface MemberView extends AccessListMember {
  /** Whether what it names exists here; a member that import found may be known to AWS alone (T18). */
  readonly hasUser: boolean
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT` for a cursor that is none. */
export async function listMembers(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>,
  list: string,
  page: PageInput,
  authority: Authority,
): Promise<Page<MemberView>> {
  const catalog = await deps.catalog.read()
  assertReadsList(await loadViewer(deps, deps.store, catalog, authority), list)
  const members = await deps.store.members.list(list)
  const shown = pageOf(
    members,
    ({ kind, name }) => [kind, name],
    ({ name, reason }) => `${name} ${reason}`,
    page,
  )
  return { ...shown, items: shown.items.map((member) => viewOfMember(member, catalog)) }
}

export function viewOfMember(member: AccessListMember, catalog: CatalogView): MemberView {
  const kind = member.kind === 'user' ? 'user' : 'access_list'
  return { ...member, hasUser: catalog.parsed(kind).has(member.name) }
}
