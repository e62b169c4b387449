/** What people do during a history: on our side by resources, and on AWS's side behind our back. */
import { addMember, removeMember } from '../../src/emulator/directory/memberships.js'
import { createGroup, deleteGroup } from '../../src/emulator/directory/groups.js'
import { deleteUser, updateUser } from '../../src/emulator/directory/users.js'
import type { Prng } from '../../src/emulator/prng.js'
import { newRoleSuffix } from '../../src/emulator/sso-admin/assignments/materialise.js'
import { pairKey, tripleKey, type AccountAssignment } from '../../src/emulator/state/assignment.js'
import type { Owned } from './model.js'
import {
  approveRequest,
  askForAccess,
  endRequest,
  extendRequest,
  keepTime,
  promoteRequest,
} from './request-edits.js'
import type { SimAsks, SimList, SimResources } from './resources.js'
import type { SimWorld } from './world.js'

const minute = 60_000

/** Everything that an edit may look at; it answers in words what it did. */
export interface EditContext {
  readonly world: SimWorld
  readonly resources: SimResources
  readonly prng: Prng
}

type Edit = (context: EditContext) => Promise<string | undefined>

/** One edit of ours, drawn by chance; those that fit no state do nothing. */
export async function editResources(context: EditContext): Promise<string> {
  return (await context.prng.pick(ourEdits)(context)) ?? 'nothing'
}

function pairsOf({ inventory }: SimWorld): string[] {
  return inventory.accounts.flatMap(({ id }) => inventory.permissionSets.map(({ arn }) => `${id}/${arn}`))
}

function somePairs({ world, prng }: EditContext, most: number): readonly string[] {
  return prng.sample(pairsOf(world), 1 + prng.below(most))
}

/** Names of roles to hold: account assignments by reference, and roles of our own. */
function someRoles(context: EditContext, most: number): readonly string[] {
  const { resources, prng } = context
  const refs = somePairs(context, most).map((pair) => `assignment/${pair}`)
  return [...refs, ...prng.sample([...resources.roles.keys()], prng.below(2))]
}

function anyUser({ resources, prng }: EditContext): string | undefined {
  const names = [...resources.users.keys()]
  return names.length === 0 ? undefined : prng.pick(names)
}

function anyList({ resources, prng }: EditContext): SimList | undefined {
  const lists = [...resources.lists.values()]
  return lists.length === 0 ? undefined : prng.pick(lists)
}

const teams = ['', 'red', 'blue']

const addUser: Edit = async (context) => {
  const { resources, prng, world } = context
  const inAws = (world.organisation.contents.users ?? []).map(({ userName }) => userName)
  const name =
    prng.chance(0.3) && inAws.length > 0 ? prng.pick(inAws) : `person-${prng.below(12)}@example.com`
  if (resources.users.has(name)) return undefined
  await resources.unlockUser(name)
  const roles = prng.chance(0.3) ? someRoles(context, 2) : []
  await resources.putUser({ name, roles, team: prng.pick(teams), lockedUntil: undefined })
  return `add user ${name} with ${roles.join(' ')}`
}

/** Of a group that somebody else made, and no list of ours has. */
function foreignTitle({ world, resources, prng }: EditContext): string | undefined {
  const used = new Set([...resources.lists.values()].map(({ title }) => title))
  const groups = world.aws.context.state.tables.groups.rows()
  // The import takes these groups over itself, and two lists cannot be one group.
  if (world.policy.hasImport) return undefined
  const free = groups.filter(({ id, displayName }) => !world.journal.isOurs(id) && !used.has(displayName))
  return free.length === 0 ? undefined : prng.pick(free).displayName
}

const addList: Edit = async (context) => {
  const { resources, prng } = context
  const name = `list-${prng.below(8)}`
  if (resources.lists.has(name)) return undefined
  const roles = prng.chance(0.9) ? someRoles(context, 3) : []
  const title = (prng.chance(0.25) ? foreignTitle(context) : undefined) ?? `List ${name}`
  await resources.putList({ name, title, roles, members: new Map() })
  return `add ${name}, called ${title}, with ${roles.join(' ')}`
}

const putMember: Edit = async (context) => {
  const { resources, prng, world } = context
  const list = anyList(context)
  if (list === undefined) return undefined
  // The guard never holds what time ends.
  const until =
    !world.policy.isStrict && prng.chance(0.2)
      ? world.scheduler.clock.now() + (1 + prng.below(20)) * minute
      : Infinity
  const inner = prng.chance(0.2) ? anyList(context) : undefined
  if (inner !== undefined) {
    // No circle: lists only have lists of higher numbers.
    if (inner.name <= list.name) return undefined
    await resources.putMember(list, 'list', inner.name, until)
    return `put ${inner.name} into ${list.name} until ${until}`
  }
  const user = anyUser(context)
  if (user === undefined) return undefined
  await resources.putMember(list, 'user', user, until)
  return `put ${user} into ${list.name} until ${until}`
}

const deleteMember: Edit = async (context) => {
  const { resources, prng } = context
  const list = anyList(context)
  if (list === undefined || list.members.size === 0) return undefined
  const member = prng.pick([...list.members.keys()])
  const kind = member.startsWith('list:') ? 'list' : 'user'
  await resources.deleteMember(list, kind, member.slice(5))
  return `take ${member} out of ${list.name}`
}

const changeGrants: Edit = async (context) => {
  const list = anyList(context)
  if (list === undefined) return undefined
  list.roles = context.prng.chance(0.15) ? [] : someRoles(context, 3)
  await context.resources.putList(list)
  return `let ${list.name} grant ${list.roles.join(' ')}`
}

/** One role or one team, or both; now and then nothing. */
function someAsks({ resources, prng }: EditContext): SimAsks {
  const roles = [...resources.roles.keys()]
  return {
    ...(prng.chance(0.3) && roles.length > 0 && { role: prng.pick(roles) }),
    ...(prng.chance(0.5) && { team: prng.pick(teams.slice(1)) }),
  }
}

const changeAsks: Edit = async (context) => {
  const list = anyList(context)
  if (list === undefined) return undefined
  const asks = someAsks(context)
  const isOfOwners = context.prng.chance(0.3)
  if (isOfOwners) list.asksOwners = asks
  else list.asks = asks
  await context.resources.putList(list)
  return `let ${list.name} ask ${JSON.stringify(asks)} of its ${isOfOwners ? 'owners' : 'members'}`
}

const changeOwners: Edit = async (context) => {
  const { resources, prng } = context
  const list = anyList(context)
  if (list === undefined) return undefined
  const user = anyUser(context)
  // No circle, as with members.
  const below = [...resources.lists.keys()].filter((name) => name > list.name)
  list.owners = [
    ...(user === undefined || prng.chance(0.3) ? [] : [`user:${user}`]),
    ...(below.length === 0 || prng.chance(0.5) ? [] : [`list:${prng.pick(below)}`]),
  ]
  list.ownerRoles = prng.chance(0.2) ? [] : someRoles(context, 2)
  await resources.putList(list)
  return `let ${list.owners.join(' and ')} own ${list.name} and hold ${list.ownerRoles.join(' ')}`
}

const changeTeam: Edit = async (context) => {
  const user = context.resources.users.get(anyUser(context) ?? '')
  if (user === undefined) return undefined
  user.team = context.prng.pick(teams)
  await context.resources.putUser(user)
  return `put ${user.name} into team ${user.team}`
}

/** A review that nobody makes takes the grants away some minutes from now; one that is made gives them back. */
const changeReview: Edit = async (context) => {
  const { world, prng, resources } = context
  const list = anyList(context)
  // The guard holds that, too, and a strict history has a person for it only now and then.
  if (list === undefined || world.policy.isStrict) return undefined
  if (prng.chance(0.4)) delete list.overdueAt
  else list.overdueAt = world.scheduler.clock.now() + (1 + prng.below(10)) * minute
  await resources.putList(list)
  return `let ${list.name} be overdue at ${list.overdueAt ?? 'no time'}`
}

const renameList: Edit = async (context) => {
  const list = anyList(context)
  if (list === undefined) return undefined
  list.title = `List ${list.name} ${context.prng.below(3)}`
  await context.resources.putList(list)
  return `call ${list.name} ${list.title}`
}

const deleteList: Edit = async (context) => {
  const list = anyList(context)
  if (list === undefined) return undefined
  await context.resources.deleteList(list.name)
  return `delete ${list.name}`
}

const changeRoles: Edit = async (context) => {
  const name = anyUser(context)
  const user = context.resources.users.get(name ?? '')
  if (user === undefined) return undefined
  user.roles = context.prng.chance(0.4) ? [] : someRoles(context, 2)
  await context.resources.putUser(user)
  return `let ${user.name} hold ${user.roles.join(' ')}`
}

const putRole: Edit = async (context) => {
  const { resources, prng } = context
  const name = `role-${prng.below(3)}`
  const allows = new Set(prng.chance(0.7) ? somePairs(context, 2) : [])
  const denies = new Set(prng.chance(0.5) ? somePairs(context, 2) : [])
  await resources.putRole({ name, allows, denies })
  return `let ${name} allow ${[...allows].join(' ')} and deny ${[...denies].join(' ')}`
}

const lock: Edit = async (context) => {
  const { resources, prng, world } = context
  const user = anyUser(context)
  if (user === undefined || world.policy.isStrict) return undefined
  if (prng.chance(0.4)) {
    await resources.unlockUser(user)
    return `unlock ${user}`
  }
  const until = prng.chance(0.5) ? undefined : world.scheduler.clock.now() + (1 + prng.below(15)) * minute
  await resources.lockUser(user, until)
  return `lock ${user} until ${until ?? 'for ever'}`
}

const deletePerson: Edit = async (context) => {
  const user = anyUser(context)
  if (user === undefined || context.resources.imported.has(user)) return undefined
  await context.resources.unlockUser(user)
  await context.resources.deleteUser(user)
  return `delete ${user}`
}

const ourEdits: readonly Edit[] = [
  ...[addUser, addUser, addUser, addList, addList, putMember, putMember, putMember, putMember],
  ...[changeAsks, changeOwners, changeOwners, changeTeam, changeReview],
  ...[askForAccess, askForAccess, approveRequest, extendRequest, endRequest, promoteRequest, keepTime],
  ...[deleteMember, changeGrants, renameList, deleteList, changeRoles, putRole, lock, deletePerson],
]

/** One edit behind our back, drawn by chance. */
export function editAws({ world, prng }: EditContext, owned: Owned): string {
  return prng.pick(foreignEdits)({ world, prng, owned }) ?? 'nothing in AWS'
}

interface ForeignContext {
  readonly world: SimWorld
  readonly prng: Prng
  readonly owned: Owned
}

const by = 'arn:aws:iam::111111111111:user/somebody'

function pickId(prng: Prng, ids: Iterable<string>): string | undefined {
  const all = [...ids]
  return all.length === 0 ? undefined : prng.pick(all)
}

/** AWS provisions a permission set in the account with its first assignment there. */
function putAssignment({ aws }: SimWorld, row: Omit<AccountAssignment, 'createdAt'>): void {
  const { context } = aws
  const { accountId, permissionSetArn } = row
  const createdAt = context.clock.now()
  const { provisionedSets, permissionSets } = context.state.tables
  const version = permissionSets.get(permissionSetArn)?.version ?? 1
  if (!provisionedSets.has(pairKey(accountId, permissionSetArn))) {
    const roleSuffix = newRoleSuffix(context)
    context.commit({
      table: 'provisionedSets',
      put: { accountId, permissionSetArn, version, roleSuffix, createdAt },
    })
  }
  context.commit({ table: 'assignments', put: { ...row, createdAt } })
}

const assign = ({ world, prng, owned }: ForeignContext): string | undefined => {
  const isUser = prng.chance(0.5)
  const { context } = world.aws
  const principalId = pickId(prng, isUser ? owned.users.keys() : owned.groups.keys())
  const [accountId, permissionSetArn] = splitPair(prng.pick(pairsOf(world)))
  const tables = context.state.tables
  if (principalId === undefined || !(isUser ? tables.users : tables.groups).has(principalId)) return undefined
  putAssignment(world, { principalType: isUser ? 'USER' : 'GROUP', principalId, accountId, permissionSetArn })
  return `in AWS assign ${accountId}/${permissionSetArn} to ${principalId}`
}

const unassign = ({ world, prng, owned }: ForeignContext): string | undefined => {
  const { context } = world.aws
  const rows = context.state.tables.assignments.rows().filter(({ principalId }) => {
    return owned.users.has(principalId) || owned.groups.has(principalId)
  })
  if (rows.length === 0) return undefined
  const row = prng.pick(rows)
  context.commit({ table: 'assignments', delete: tripleKey(row) })
  return `in AWS take ${tripleKey(row)} away`
}

const join = ({ world, prng, owned }: ForeignContext): string | undefined => {
  const { context } = world.aws
  const groupId = pickId(prng, owned.groups.keys())
  const userId = pickId(
    prng,
    context.state.tables.users.rows().map(({ id }) => id),
  )
  if (groupId === undefined || userId === undefined) return undefined
  addMember(context, { groupId, userId }, by)
  return `in AWS put ${userId} into ${groupId}`
}

const leave = ({ world, prng, owned }: ForeignContext): string | undefined => {
  const { context } = world.aws
  const rows = context.state.tables.memberships.rows().filter(({ groupId }) => owned.groups.has(groupId))
  if (rows.length === 0) return undefined
  const { groupId, userId } = prng.pick(rows)
  removeMember(context, { groupId, userId })
  return `in AWS take ${userId} out of ${groupId}`
}

const dropGroup = ({ world, prng, owned }: ForeignContext): string | undefined => {
  const id = pickId(prng, owned.groups.keys())
  if (id === undefined) return undefined
  deleteGroup(world.aws.context, id)
  return `in AWS delete group ${id}`
}

const dropUser = ({ world, prng, owned }: ForeignContext): string | undefined => {
  const id = pickId(prng, owned.users.keys())
  if (id === undefined) return undefined
  deleteUser(world.aws.context, id)
  return `in AWS delete user ${id}`
}

const switchUser = ({ world, prng, owned }: ForeignContext): string | undefined => {
  const { context } = world.aws
  const user = context.state.tables.users.get(pickId(prng, owned.users.keys()) ?? '')
  if (user === undefined) return undefined
  updateUser(context, user.id, { ...user, active: !user.active }, by)
  return `in AWS switch user ${user.id} ${user.active ? 'off' : 'on'}`
}

const makeForeignGroup = ({ world, prng }: ForeignContext): string => {
  const displayName = `Foreign ${prng.below(1000)}`
  const { context } = world.aws
  const made = createGroup(context, { displayName }, by)
  if (!made.ok) return 'nothing in AWS'
  const groupId = made.row.id
  const users = context.state.tables.users.rows().map(({ id }) => id)
  for (const userId of prng.sample(users, prng.below(3))) addMember(context, { groupId, userId }, by)
  const pairs = prng.sample(pairsOf(world), prng.below(3))
  for (const pair of pairs) {
    const [accountId, permissionSetArn] = splitPair(pair)
    putAssignment(world, { principalType: 'GROUP', principalId: groupId, accountId, permissionSetArn })
  }
  return `in AWS make group ${displayName} with ${pairs.join(' ')}`
}

const foreignEdits = [assign, unassign, join, leave, dropGroup, dropUser, switchUser, makeForeignGroup]

function splitPair(pair: string): [string, string] {
  const slash = pair.indexOf('/')
  return [pair.slice(0, slash), pair.slice(slash + 1)]
}
