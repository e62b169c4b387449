/**
 * @module The one way in which members of a list are added, changed and removed, whoever asks: one at a time, in bulk,
 * by documents. Everything happens in the transaction that was begun, and only `commitEdit` writes: rows, and one audit
 * event for all that was done alike.
 */
import type { AccessList, AccessListMember } from '../../core/access-list/access-list.js'
import { maxListMembers } from '../../core/access-list/limits.js'
import type { ListHierarchy } from '../../core/access-list/hierarchy.js'
import { memberKey as keyOf, type MemberKey } from '../../core/access-list/review.js'
import { GatewayError } from '../../core/error.js'
import { parseInstant, type Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { addEdge, readHierarchy } from './hierarchy.js'
import { assertNotFrozenAbove, findFreeze } from './managed.js'
import { recordMembers, recordRefused, type EventDeps, type RefusedMember } from './member-events.js'
import type { Sight } from './rights.js'

export { keyOf, type MemberKey }

export interface MemberWish extends MemberKey {
  readonly expiresAt: Instant | undefined
  readonly reason: string
}

export interface PlacedMember {
  readonly action: 'create' | 'update' | 'none'
  readonly member: AccessListMember
}

/** What one transaction does to the members of one list. */
export interface MemberEdit {
  readonly tx: StoreTransaction
  /** What the transaction sees. */
  readonly catalog: CatalogView
  /** Refuses what is no name of a user. */
  readonly parseUser: (document: unknown) => unknown
  readonly list: AccessList
  /** As audit events name them. */
  readonly actor: string
  readonly now: Instant
  /**
   * How much whoever asks sees of a list of this name. Only one whose members they see may be nested: people of a list
   * are shown with those of the lists that it is in.
   */
  readonly sightOf: (name: string) => Sight
  /** As they will be, by {@link keyOf}. */
  readonly members: Map<string, AccessListMember>
  readonly done: {
    readonly create: AccessListMember[]
    readonly update: AccessListMember[]
    readonly delete: AccessListMember[]
  }
  /** Of many at once those that could not be done, while the others are. */
  readonly refused: RefusedMember[]
  readonly frozen: string | undefined
  /** Loaded with the first list that is nested. */
  hierarchy: ListHierarchy | undefined
}

/** Begins to change a list; rights were asked before. */
export async function beginEdit(
  given: Pick<MemberEdit, 'tx' | 'catalog' | 'parseUser' | 'list' | 'actor' | 'now' | 'sightOf'>,
): Promise<MemberEdit> {
  const { tx, catalog, list, now } = given
  const members = await tx.members.list(list.name)
  return {
    ...given,
    members: new Map(members.map((member) => [keyOf(member), member])),
    done: { create: [], update: [], delete: [] },
    refused: [],
    frozen: await findFreeze(tx, catalog, list, now),
    hierarchy: undefined,
  }
}

/**
 * Adds a member, or changes the end and the reason of a membership.
 * @throws GatewayError `REVIEW_OVERDUE`, `INVALID_INPUT`, `LIST_FULL`, `LIST_CYCLE`, `LIST_TOO_DEEP`, and `INVALID_RESOURCE` for what
 * is no name of a user.
 */
export async function placeMember(edit: MemberEdit, wish: MemberWish): Promise<PlacedMember> {
  const { kind, name, expiresAt, reason } = wish
  const before = edit.members.get(keyOf(wish))
  // Whoever was out, since their membership had ended, joins anew.
  const isOver = before?.expiresAt !== undefined && before.expiresAt <= edit.now
  const stays = isOver && (expiresAt ?? Infinity) > edit.now ? undefined : before
  const member: AccessListMember = {
    list: edit.list.name,
    kind,
    name,
    awsUserId: before?.awsUserId,
    joinedAt: stays?.joinedAt ?? edit.now,
    expiresAt,
    addedBy: stays?.addedBy ?? edit.actor,
    reason,
  }
  if (before?.expiresAt === expiresAt && before?.reason === reason) return { action: 'none', member }
  if (edit.frozen !== undefined && isLonger(before, expiresAt)) {
    throw new GatewayError('REVIEW_OVERDUE', edit.frozen, { kind: 'access_list', name: edit.list.name })
  }
  if (stays !== undefined && isLonger(stays, expiresAt)) {
    const cannot =
      'memberships here cannot be made longer; whoever is taken out and added again is in this list alone'
    await assertNotFrozenAbove(edit.tx, edit.catalog, edit.list, edit.now, cannot)
  }
  assertLine('reason', reason)
  if (expiresAt !== undefined && expiresAt <= edit.now && before?.expiresAt !== expiresAt) {
    throw invalidInput('expiresAt', 'lies in the past; remove the member instead')
  }
  if (before === undefined) {
    assertHasRoom(edit)
    await assertMayJoin(edit, wish)
  }
  edit.members.set(keyOf(wish), member)
  const action = before === undefined ? 'create' : 'update'
  edit.done[action].push(member)
  return { action, member }
}

/** A membership that ends later than it did gives access to somebody, as a new one does. */
function isLonger(before: AccessListMember | undefined, expiresAt: Instant | undefined): boolean {
  if (before === undefined) return true
  return (expiresAt ?? Infinity) > (before.expiresAt ?? Infinity)
}

function assertHasRoom({ members, list }: MemberEdit): void {
  if (members.size < maxListMembers) return
  throw new GatewayError(
    'LIST_FULL',
    `access list "${list.name}" has ${maxListMembers.toLocaleString('en')} members, the most that one takes; put more people into lists within it`,
    { kind: 'access_list', name: list.name },
  )
}

async function assertMayJoin(edit: MemberEdit, { kind, name }: MemberKey): Promise<void> {
  if (kind === 'user') {
    // A name that no user can have would be a member for ever that nobody is.
    if (!edit.catalog.parsed('user').has(name)) {
      const other = edit.catalog.lookAlike(name)
      if (other !== undefined) {
        throw invalidInput(
          'name',
          `there is a user "${other}", whose name looks the same; write it like that`,
        )
      }
      edit.parseUser({ kind: 'user', version: 'v2', metadata: { name }, spec: {} })
    }
    return
  }
  const sight = edit.sightOf(name)
  if (sight === 'none') throw invalidInput('name', `there is no access list named "${name.slice(0, 200)}"`)
  if (sight !== 'all') {
    const who = 'its owners, and who may read every list'
    throw invalidInput('name', `only who sees the members of "${name}" can put it into another list: ${who}`)
  }
  edit.hierarchy ??= await readHierarchy(edit.tx, edit.catalog)
  addEdge(
    edit.hierarchy,
    { above: edit.list.name, below: name },
    { as: 'member', sees: (other) => edit.sightOf(other) !== 'none' },
  )
}

/** @throws GatewayError `NOT_FOUND` for who is none. */
export function takeMember(edit: MemberEdit, key: MemberKey): AccessListMember {
  const member = edit.members.get(keyOf(key))
  if (member === undefined) {
    throw new GatewayError(
      'NOT_FOUND',
      `"${key.name.slice(0, 200)}" is no member of access list "${edit.list.name}"`,
    )
  }
  edit.members.delete(keyOf(key))
  edit.done.delete.push(member)
  return member
}

/** Writes what was done, with its audit events. */
export async function commitEdit(
  deps: EventDeps,
  edit: MemberEdit,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const { tx, done } = edit
  for (const { list, kind, name } of done.delete) await tx.members.delete(list, kind, name, edit.now)
  const put = [...done.create, ...done.update]
  if (put.length > 0) await tx.members.put(put)
  for (const action of ['create', 'update', 'delete'] as const) {
    await recordMembers(
      deps,
      tx,
      { action, list: edit.list, members: done[action], actor: edit.actor },
      origin,
    )
    const refused = edit.refused.filter((one) => one.action === action)
    if (refused.length > 0) await recordRefused(deps, edit, { action, refused }, origin)
  }
}

/** @throws GatewayError `INVALID_INPUT` for a text that is no instant. */
export function readEnd(written: string | undefined): Instant | undefined {
  if (written === undefined) return undefined
  const end = parseInstant(written)
  if (end === undefined) {
    throw invalidInput('expiresAt', 'is not an instant; write for example 2027-01-31T08:00:00Z')
  }
  return end
}

/** What people read on a page and in a terminal. @throws GatewayError `INVALID_INPUT`. */
export function assertLine(field: string, text: string): void {
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) {
    throw invalidInput(field, 'must be one line without control or invisible characters')
  }
}

export function invalidInput(field: string, message: string): GatewayError {
  return new GatewayError('INVALID_INPUT', `${field}: ${message}`, {
    fields: [{ path: `body.${field}`, message }],
  })
}
