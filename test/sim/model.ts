/**
 * Who should have what, and who has it in AWS: both from first principles, as sets of (person, account, permission set).
 * Slow, small and plain on purpose.
 */
import type { SimAsks, SimList, SimResources, SimUser } from './resources.js'
import type { SimWorld } from './world.js'

/** `USER NAME ACCOUNT/PERMISSION SET ARN`. */
export type Access = string

const refPrefix = 'assignment/'

/** What the resources say at an instant. */
export function desiredAccess(resources: SimResources, now: number): Set<Access> {
  const access = new Set<Access>()
  const outsiders = [...resources.imported].filter((name) => !resources.users.has(name))
  const strangers = outsiders.map((name): SimUser => ({ name, roles: [], lockedUntil: undefined }))
  for (const user of [...resources.users.values(), ...strangers]) {
    if (isLocked(user.lockedUntil, now)) continue
    const roles = new Set(user.roles)
    for (const list of resources.lists.values()) {
      if (isOverdue(list, now)) continue
      if (contains(resources, list, user, now, new Set())) for (const role of list.roles) roles.add(role)
      if (owns(resources, list, user, now)) for (const role of list.ownerRoles ?? []) roles.add(role)
    }
    const allowed = new Set<string>()
    const denied = new Set<string>()
    for (const name of roles) {
      if (name.startsWith(refPrefix)) allowed.add(name.slice(refPrefix.length))
      const role = resources.roles.get(name)
      for (const pair of role?.allows ?? []) allowed.add(pair)
      for (const pair of role?.denies ?? []) denied.add(pair)
    }
    for (const request of resources.requests.values()) {
      if (request.user === user.name && now < request.until) allowed.add(request.pair)
    }
    for (const pair of allowed) if (!denied.has(pair)) access.add(`${user.name} ${pair}`)
  }
  return access
}

export function isLocked(until: number | undefined, now: number): boolean {
  return until !== undefined && now < until
}

/** From its instant on, as long as it has anybody to review. */
function isOverdue({ overdueAt = Infinity, members }: SimList, now: number): boolean {
  return now >= overdueAt && [...members.values()].some((until) => until > now)
}

/** By what the user holds alone; who is no user here holds nothing. */
function meets(resources: SimResources, asks: SimAsks | undefined, user: SimUser): boolean {
  const { role, team } = asks ?? {}
  if (role === undefined && team === undefined) return true
  if (!resources.users.has(user.name)) return false
  return (role === undefined || user.roles.includes(role)) && (team === undefined || user.team === team)
}

function owns(resources: SimResources, list: SimList, user: SimUser, now: number): boolean {
  if (!resources.users.has(user.name) || !meets(resources, list.asksOwners, user)) return false
  return (list.owners ?? []).some((owner) => {
    if (owner.startsWith('user:')) return owner === `user:${user.name}`
    const of = resources.lists.get(owner.slice(5))
    return of !== undefined && contains(resources, of, user, now, new Set())
  })
}

/** Whether a user is in a list by any path of memberships that are in force, meeting what each list on it asks. */
function contains(
  resources: SimResources,
  list: SimList,
  user: SimUser,
  now: number,
  passed: Set<string>,
): boolean {
  if (passed.has(list.name)) return false
  passed.add(list.name)
  if (!meets(resources, list.asks, user)) return false
  for (const [member, until] of list.members) {
    if (until <= now) continue
    if (member === `user:${user.name}`) return true
    const inner = member.startsWith('list:') ? resources.lists.get(member.slice(5)) : undefined
    if (inner !== undefined && contains(resources, inner, user, now, passed)) return true
  }
  return false
}

/** Ids in AWS that are ours, by the bonds in the store. */
export interface Owned {
  readonly users: ReadonlyMap<string, string>
  readonly groups: ReadonlyMap<string, string>
}

export async function ownedIds({ store }: Pick<SimWorld, 'store'>, plugin: string): Promise<Owned> {
  const links = await store.principalLinks.list(plugin)
  const of = (kind: string) =>
    new Map(links.filter((link) => link.kind === kind).map((link) => [link.awsId, link.name] as const))
  return { users: of('user'), groups: of('group') }
}

/**
 * What AWS gives now through what is ours: direct assignments of our users, and our groups; without that which needs
 * one of the rows to be ignored.
 */
export function actualAccess(
  { aws }: Pick<SimWorld, 'aws'>,
  owned: Owned,
  ignored: ReadonlySet<string> = new Set(),
): Set<Access> {
  const { assignments, memberships, users } = aws.context.state.tables
  const access = new Set<Access>()
  for (const { principalType, principalId, accountId, permissionSetArn } of assignments.rows()) {
    const pair = `${accountId}/${permissionSetArn}`
    if (ignored.has(`${principalId} ${pair}`)) continue
    if (principalType === 'USER') {
      const user = users.get(principalId)
      if (user !== undefined && owned.users.has(principalId) && isActive(user))
        access.add(`${user.userName} ${pair}`)
      continue
    }
    if (!owned.groups.has(principalId)) continue
    for (const { userId } of memberships.by('group', principalId).rows()) {
      const user = users.get(userId)
      if (user === undefined || !isActive(user) || ignored.has(`${principalId} ${userId}`)) continue
      access.add(`${user.userName} ${pair}`)
    }
  }
  return access
}

function isActive({ active }: { readonly active: boolean }): boolean {
  return active
}

/** Lines of what is in one and not in the other, the first few. */
export function difference(label: string, a: Iterable<string>, b: ReadonlySet<string>): string[] {
  return [...a]
    .filter((one) => !b.has(one))
    .sort()
    .slice(0, 5)
    .map((one) => `${label}: ${one}`)
}
