/**
 * @module What the page at `/` shows, read from the tables: who has what where, seen from an account, a person, a group
 * or a permission set. It shows the present, never the state that reads see by the setting `readLagMs`.
 */
import type { Account } from '../state/account.js'
import type { AccountAssignment } from '../state/assignment.js'
import type { EmulatorState } from '../state/state.js'
import type { Tables } from '../state/tables.js'

/** A thing of the organisation, its name and where the page tells more of it. */
export interface Link {
  readonly kind: 'account' | 'user' | 'group' | 'set'
  readonly id: string
  readonly name: string
  /** What stands beside the name, such as `3 members`; empty where nothing does. */
  readonly note: string
}

/** One assignment with its three ends. */
export interface Held {
  readonly account: Link
  readonly set: Link
  readonly principal: Link
  /** The group through which a person has it; undefined where it is held directly. */
  readonly through: Link | undefined
}

/** A principal or permission set that is gone; AWS leaves such references behind. */
const gone = 'deleted'

export function accountLink(tables: Tables, id: string): Link {
  return { kind: 'account', id, name: tables.accounts.get(id)?.name ?? id, note: id }
}

export function setLink(tables: Tables, arn: string): Link {
  return { kind: 'set', id: arn, name: tables.permissionSets.get(arn)?.name ?? arn, note: '' }
}

export function principalLink(tables: Tables, type: 'USER' | 'GROUP', id: string): Link {
  if (type === 'USER') {
    const user = tables.users.get(id)
    return {
      kind: 'user',
      id,
      name: user?.userName ?? id,
      note: user === undefined ? gone : user.active ? '' : 'disabled',
    }
  }
  const group = tables.groups.get(id)
  const members = tables.memberships.by('group', id).size
  return {
    kind: 'group',
    id,
    name: group?.displayName ?? id,
    note: group === undefined ? gone : members === 1 ? '1 member' : `${members} members`,
  }
}

function heldBy(tables: Tables, assignment: AccountAssignment, through?: Link): Held {
  return {
    account: accountLink(tables, assignment.accountId),
    set: setLink(tables, assignment.permissionSetArn),
    principal: principalLink(tables, assignment.principalType, assignment.principalId),
    through,
  }
}

export function heldInAccount(tables: Tables, accountId: string): readonly Held[] {
  return inOrder(
    tables.assignments
      .by('account', accountId)
      .rows()
      .map((row) => heldBy(tables, row)),
  )
}

export function heldThroughSet(tables: Tables, arn: string): readonly Held[] {
  return inOrder(
    tables.assignments
      .by('permissionSet', arn)
      .rows()
      .map((row) => heldBy(tables, row)),
  )
}

export function heldByGroup(tables: Tables, groupId: string): readonly Held[] {
  return inOrder(
    tables.assignments
      .by('principal', groupId)
      .rows()
      .map((row) => heldBy(tables, row)),
  )
}

/** Directly and through groups. */
export function heldByUser(tables: Tables, userId: string): readonly Held[] {
  const direct = tables.assignments
    .by('principal', userId)
    .rows()
    .map((row) => heldBy(tables, row))
  const inherited = groupsOf(tables, userId).flatMap((group) =>
    tables.assignments
      .by('principal', group.id)
      .rows()
      .map((row) => heldBy(tables, row, group)),
  )
  return inOrder([...direct, ...inherited])
}

function inOrder(held: readonly Held[]): readonly Held[] {
  const keyOf = ({ account, set, principal }: Held): string =>
    `${account.name}\0${set.name}\0${principal.name}`
  return held
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)
}

export function groupsOf(tables: Tables, userId: string): readonly Link[] {
  return tables.memberships
    .by('user', userId)
    .rows()
    .map(({ groupId }) => principalLink(tables, 'GROUP', groupId))
}

export function membersOf(tables: Tables, groupId: string, limit: number): readonly Link[] {
  return tables.memberships
    .by('group', groupId)
    .after(-1, limit)
    .map(({ row }) => principalLink(tables, 'USER', row.userId))
}

/** Names of the units above an account, from the root down. */
export function unitPath(tables: Tables, account: Account): string {
  const names: string[] = []
  // The tree of AWS is at most five units deep.
  for (let id = account.parentId; names.length < 6;) {
    const unit = tables.units.get(id)
    if (unit === undefined) break
    names.unshift(unit.name)
    id = unit.parentId
  }
  return names.join(' / ')
}

/** Everything whose name or id has the words of `query`, accounts first; at most `limit` of each kind. */
export function search(state: EmulatorState, query: string, limit: number): readonly Link[] {
  const { tables } = state
  const wanted = query.trim().toLowerCase()
  const fits = (...texts: readonly (string | undefined)[]): boolean =>
    texts.some((text) => text?.toLowerCase().includes(wanted) === true)
  const some = <Row>(rows: readonly Row[], is: (row: Row) => boolean, link: (row: Row) => Link): Link[] => {
    const found: Link[] = []
    for (const row of rows) {
      if (found.length === limit) break
      if (is(row)) found.push(link(row))
    }
    return found
  }
  return [
    ...some(
      tables.accounts.rows(),
      (row) => fits(row.name, row.id, row.email),
      (row) => accountLink(tables, row.id),
    ),
    ...some(
      tables.permissionSets.rows(),
      (row) => fits(row.name, row.arn),
      (row) => setLink(tables, row.arn),
    ),
    ...some(
      tables.groups.rows(),
      (row) => fits(row.displayName, row.id),
      (row) => principalLink(tables, 'GROUP', row.id),
    ),
    ...some(
      tables.users.rows(),
      (row) => fits(row.userName, row.displayName, row.id),
      (row) => principalLink(tables, 'USER', row.id),
    ),
  ]
}
