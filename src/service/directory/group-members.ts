/**
 * @module Who is in the list of a group, in the ids of the directory, and the change from those to others. Members are
 * users, and groups, of the same directory; whoever else is in the list is none of its business.
 */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import { isObject, listOf, scimError } from '../../core/scim/schema.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Directory } from './deps.js'
import type { ShownMember } from './represent.js'

/** Every user and group of a directory, by id and by name. */
export interface Directories {
  readonly byId: ReadonlyMap<string, ShownMember>
  /** By `user NAME` and `list NAME`, as lists know their members. */
  readonly byName: ReadonlyMap<string, ShownMember>
}

export async function readDirectoryIds(
  tx: Pick<StoreTransaction, 'directories'>,
  { connector }: Directory,
): Promise<Directories> {
  const byId = new Map<string, ShownMember>()
  const byName = new Map<string, ShownMember>()
  for (const kind of ['user', 'group'] as const) {
    for (const [name, id] of await tx.directories.listIds(connector, kind)) {
      const one = { id, name, kind }
      byId.set(id, one)
      byName.set(`${kind === 'user' ? 'user' : 'list'} ${name}`, one)
    }
  }
  return { byId, byName }
}

/** Members of a list that the directory knows. */
export function shownMembers(members: readonly AccessListMember[], { byName }: Directories): ShownMember[] {
  return members.flatMap(({ kind, name }) => {
    const found = byName.get(`${kind} ${name}`)
    return found === undefined ? [] : [found]
  })
}

/** Those that were sent, each once. @throws GatewayError `INVALID_SCIM` for an id that is none of this directory. */
export function readSentMembers(sent: unknown, { byId }: Directories): ShownMember[] {
  const members = new Map<string, ShownMember>()
  for (const one of listOf(sent)) {
    const id = isObject(one) ? one['value'] : undefined
    const found = typeof id === 'string' ? byId.get(id) : undefined
    if (found === undefined)
      throw scimError(
        'invalidValue',
        `members: there is no user or group with the id "${typeof id === 'string' ? id.slice(0, 100) : ''}"; push it first`,
      )
    members.set(found.id, found)
  }
  return [...members.values()]
}

export interface MembershipChange {
  readonly add: readonly ShownMember[]
  readonly remove: readonly ShownMember[]
}

export function diffMembers(before: readonly ShownMember[], after: readonly ShownMember[]): MembershipChange {
  const had = new Set(before.map(({ id }) => id))
  const has = new Set(after.map(({ id }) => id))
  return { add: after.filter(({ id }) => !had.has(id)), remove: before.filter(({ id }) => !has.has(id)) }
}
