/**
 * @module The fewest calls that the interface of AWS allows, derived from the state of AWS alone, never from what the
 * sync did. Reading: each list by its largest page, at least one call each. Writing: from the difference between two
 * states; SCIM has no bulk, takes 100 membership changes in a request, and one kind of change in each of ours; an
 * assignment is begun by one call, and seen to be done by one more, since AWS answers the first before it has done it.
 */
import type { Tables } from '../../src/emulator/state/tables.js'

/** By operation. */
export type Counts = ReadonlyMap<string, number>

const pages = (rows: number, size: number): number => Math.max(1, Math.ceil(rows / size))
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0)

/** A full look. `describesSets` is false for looks of the same day, which know the permission sets already. */
export function fewestReads(tables: Tables, describesSets: boolean): Counts {
  const accounts = tables.accounts.rows()
  const groups = tables.groups.rows()
  const users = tables.users.rows()
  const sets = tables.permissionSets.rows().length
  const parents = countBy(accounts, ({ parentId }) => parentId)
  const units = countBy(tables.units.rows(), ({ parentId }) => parentId ?? '')
  // The root is a parent, and every unit is; empty ones have to be asked as well.
  const nodes = [
    ...new Set([...parents.keys(), ...units.keys(), ...tables.units.rows().map(({ id }) => id)]),
  ].filter((id) => id !== '')
  const byGroup = sum(groups.map(({ id }) => pages(tables.memberships.by('group', id).rows().length, 100)))
  const byMember = sum(users.map(({ id }) => pages(tables.memberships.by('user', id).rows().length, 100)))
  const counts = new Map<string, number>([
    ['DescribeInstance', 1],
    ['GetCallerIdentity', 1],
    ['DescribeOrganization', 1],
    ['ListAccounts', pages(accounts.length, 20)],
    ['ListRoots', 1],
    ['ListAccountsForParent', sum(nodes.map((id) => pages(parents.get(id) ?? 0, 20)))],
    ['ListOrganizationalUnitsForParent', sum(nodes.map((id) => pages(units.get(id) ?? 0, 20)))],
    // No operation answers the tags of several accounts.
    ['ListTagsForResource', accounts.length],
    ['ListPermissionSets', pages(sets, 100)],
    ...(describesSets ? [['DescribePermissionSet', sets] as const] : []),
    ['ListUsers', pages(users.length, 100)],
    ['ListGroups', pages(groups.length, 100)],
    // Each membership is seen from its group and from its user: whichever costs less.
    [
      byGroup <= byMember ? 'ListGroupMemberships' : 'ListGroupMembershipsForMember',
      Math.min(byGroup, byMember),
    ],
  ])
  for (const [operation, count] of fewestAssignmentReads(tables)) counts.set(operation, count)
  return counts
}

/** By principal, or by provisioned pair: whichever costs less. Users are answered with what their groups give them. */
function fewestAssignmentReads(tables: Tables): Counts {
  const rowsOf = (id: string): number => tables.assignments.by('principal', id).rows().length
  const ofGroups = tables.groups.rows().map(({ id }) => pages(rowsOf(id), 100))
  const ofUsers = tables.users.rows().map(({ id }) => {
    const viaGroups = tables.memberships
      .by('user', id)
      .rows()
      .map(({ groupId }) => rowsOf(groupId))
    return pages(rowsOf(id) + sum(viaGroups), 100)
  })
  const byPrincipal = sum(ofGroups) + sum(ofUsers)
  const provisioned = tables.provisionedSets.rows()
  const setsOf = countBy(provisioned, ({ accountId }) => accountId)
  const toAccounts = sum(tables.accounts.rows().map(({ id }) => pages(setsOf.get(id) ?? 0, 100)))
  const ofPairs = sum(
    provisioned.map(({ accountId, permissionSetArn }) =>
      pages(tables.assignments.by('pair', `${accountId}/${permissionSetArn}`).rows().length, 100),
    ),
  )
  if (byPrincipal <= toAccounts + ofPairs) {
    return new Map([['ListAccountAssignmentsForPrincipal', byPrincipal]])
  }
  return new Map([
    ['ListPermissionSetsProvisionedToAccount', toAccounts],
    ['ListAccountAssignments', ofPairs],
  ])
}

/** What counts of the state of AWS, kept apart from it. */
export interface Snapshot {
  readonly users: ReadonlyMap<string, string>
  readonly groups: ReadonlyMap<string, string>
  /** Group and user. */
  readonly memberships: ReadonlySet<string>
  readonly assignments: ReadonlySet<string>
}

export function snapshot(tables: Tables): Snapshot {
  // Everything of a user but when and by whom it was written.
  const userRow = (row: object): string =>
    JSON.stringify(
      Object.entries(row)
        .filter(([key]) => !/(?:At|By)$/.test(key))
        .sort(),
    )
  return {
    users: new Map(tables.users.rows().map((row) => [row.id, userRow(row)])),
    groups: new Map(tables.groups.rows().map(({ id, displayName }) => [id, displayName])),
    memberships: new Set(tables.memberships.rows().map(({ groupId, userId }) => `${groupId}/${userId}`)),
    assignments: new Set(
      tables.assignments.rows().map((row) => `${row.principalId} ${row.accountId}/${row.permissionSetArn}`),
    ),
  }
}

export interface FewestWrites {
  readonly calls: Counts
  /** Membership changes within them, which AWS counts against a limit of their own. */
  readonly memberships: number
}

/** From one state to another. */
export function fewestWrites(before: Snapshot, after: Snapshot): FewestWrites {
  const counts = new Map<string, number>()
  const add = (operation: string, count: number): void => {
    if (count > 0) counts.set(operation, (counts.get(operation) ?? 0) + count)
  }
  add('scim POST Users', missing(after.users, before.users).length)
  add('scim DELETE Users', missing(before.users, after.users).length)
  const changed = [...after.users].filter(([id, row]) => before.users.has(id) && before.users.get(id) !== row)
  add('scim PATCH Users', changed.length)
  add('scim POST Groups', missing(after.groups, before.groups).length)
  add('scim DELETE Groups', missing(before.groups, after.groups).length)
  const renamed = [...after.groups].filter(
    ([id, name]) => before.groups.has(id) && before.groups.get(id) !== name,
  )
  add('scim PATCH Groups', renamed.length)
  const group = (membership: string): string => membership.slice(0, membership.indexOf('/'))
  // Members of groups that went go with them; those of a new group come with its creation up to 100.
  const added = countBy(
    [...after.memberships].filter((one) => !before.memberships.has(one)),
    group,
  )
  const removed = countBy(
    [...before.memberships].filter((one) => !after.memberships.has(one) && after.groups.has(group(one))),
    group,
  )
  for (const [id, count] of added)
    add('scim PATCH Groups', Math.ceil((before.groups.has(id) ? count : Math.max(0, count - 100)) / 100))
  for (const count of removed.values()) add('scim PATCH Groups', Math.ceil(count / 100))
  const created = [...after.assignments].filter((one) => !before.assignments.has(one)).length
  const deleted = [...before.assignments].filter((one) => !after.assignments.has(one)).length
  add('CreateAccountAssignment', created)
  add('DescribeAccountAssignmentCreationStatus', created)
  add('DeleteAccountAssignment', deleted)
  add('DescribeAccountAssignmentDeletionStatus', deleted)
  return { calls: counts, memberships: sum(added.values()) + sum(removed.values()) }
}

function missing(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...a.keys()].filter((id) => !b.has(id))
}

function countBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
  return counts
}
