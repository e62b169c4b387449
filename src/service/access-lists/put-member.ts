/**
 * @module Adds somebody to an access list, or changes the end or the reason of a membership. A user may be added before
 * there is one of that name, and whoever does so is told; a list is added only where it is there and no list would
 * become a member of itself.
 */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import { judgePerson, whyNotWords } from '../../core/access-list/judge-person.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import type { ResourceDeps } from '../resources/deps.js'
import { confirmListChange } from './confirm-list-change.js'
import { beginEdit, commitEdit, placeMember, readEnd, type MemberEdit } from './edit-members.js'
import { viewOfMember, type MemberView } from './list-members.js'
import { completeWish } from './member-change.js'
import { assertChangedBy } from './managed.js'
import { lookUpPerson, roleNamesOf } from './people-of.js'
import { tellingRefusal } from './refused-change.js'
import { assertManagesMembers, loadViewer, readableList, rightsOn, seesUsers } from './rights.js'

export interface PutMemberInput {
  readonly list: string
  readonly kind: AccessListMember['kind']
  readonly name: string
  /** RFC 3339; `null` for no end. Undefined leaves the end of whoever is in as it is. */
  readonly expiresAt: string | null | undefined
  /** Undefined leaves the reason of whoever is in as it is. */
  readonly reason: string | undefined
}

export interface PutMemberResult {
  readonly action: 'create' | 'update' | 'none'
  readonly member: MemberView
  readonly notes: readonly string[]
}

/**
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `MANAGED_ELSEWHERE`, `REVIEW_OVERDUE`, `INVALID_INPUT`, `LIST_FULL`,
 * `LIST_CYCLE`, `LIST_TOO_DEEP`, `INVALID_RESOURCE` for what is no name of a user, and as `confirmChange`.
 */
export async function putMember(
  deps: ResourceDeps,
  input: PutMemberInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<PutMemberResult> {
  const { list, kind, name, reason } = input
  const wanted = { list, event: 'access_list.member.put', member: { kind, name } } as const
  // Outside of the transaction, so that what is parsed is kept.
  await deps.catalog.read()
  return await tellingRefusal(deps, wanted, authority, origin, () =>
    deps.store.transaction(async (tx) => {
      const edit = await editAs(deps, tx, list, authority)
      const expiresAt = input.expiresAt === null ? null : readEnd(input.expiresAt)
      const wish = completeWish(edit, { kind, name, expiresAt, reason })
      const { action, member } = await placeMember(edit, wish)
      await commitEdit(deps, edit, origin)
      if (action !== 'none') await confirmListChange(deps, edit, authority)
      const view = viewOfMember(member, edit.catalog)
      return { action, member: view, notes: notesOn(edit, view, seesUsers(authority)) }
    }),
  )
}

/**
 * Begins to change the members of a list in the name of whoever asks.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `MANAGED_ELSEWHERE`, `INVALID_RESOURCE`.
 */
export async function editAs(
  deps: ResourceDeps,
  tx: MemberEdit['tx'],
  name: string,
  authority: Authority,
): Promise<MemberEdit> {
  const catalog = await deps.catalog.readIn(tx)
  const viewer = await loadViewer(deps, tx, catalog, authority)
  assertManagesMembers(viewer, name)
  const list = readableList(catalog, name)
  assertChangedBy('people', catalog, list)
  const sightOf = (other: string) => rightsOn(viewer, other).sight
  return await beginEdit({
    tx,
    catalog,
    parseUser: deps.kinds.known.user.parse,
    list,
    actor: authority.name,
    now: deps.clock.now(),
    sightOf,
  })
}

function notesOn(
  { catalog, list }: MemberEdit,
  { kind, name, hasUser }: MemberView,
  tellsWhy: boolean,
): string[] {
  if (kind === 'list') return []
  const why = judgePerson(list.membershipRequires, lookUpPerson(catalog), name)
  const words = tellsWhy && why !== undefined ? `: ${name} ${whyNotWords(why, roleNamesOf(catalog))}` : ''
  const counts = why === undefined ? [] : [`${name} does not count as a member for now${words}.`]
  if (hasUser) return counts
  return [`There is no user "${name}" yet; whoever is given that name will be a member.`, ...counts]
}
