/**
 * @module What people do while AWS is away: one membership in twenty and one assignment in fifty are others afterwards.
 */
import { plugin, type SyncWorld } from './sync-world.js'

const refPrefix = 'assignment/'

interface Coming {
  readonly list: string
  readonly groupId: string
  readonly user: string
  readonly userId: string
}

interface Edits {
  readonly memberships: number
  readonly assignments: number
}

/** Half of the changes take away, half give. */
export async function editDuringOutage(world: SyncWorld): Promise<Edits> {
  const { store, prng, tables, scheduler } = world
  const now = scheduler.clock.now()
  const members = await store.members.listAll()
  const users = tables()
    .users.rows()
    .map(({ userName }) => userName)
  const present = new Set(members.map(({ list, name }) => `${list} ${name}`))
  const half = Math.ceil(members.length * 0.025)
  const leaving = prng.sample(members, half)
  for (const { list, kind, name } of leaving) await store.members.delete(list, kind, name, now)
  const lists = [...new Set(members.map(({ list }) => list))].sort()
  const coming = Array.from({ length: half }, () => ({
    list: prng.pick(lists),
    name: prng.pick(users),
  })).filter(({ list, name }) => !present.has(`${list} ${name}`))
  await store.members.put(
    coming.map(({ list, name }) => ({
      ...{ list, kind: 'user' as const, name, awsUserId: undefined, joinedAt: now },
      ...{ expiresAt: undefined, addedBy: 'benchmark', reason: '' },
    })),
  )
  return { memberships: leaving.length + coming.length, assignments: await editGrants(world) }
}

/** Replaces assignments of lists one by one, each by a pair that the list did not have. */
async function editGrants({ deps, prng, write, tables }: SyncWorld): Promise<number> {
  const view = await deps.catalog.read()
  const lists = view
    .accessLists()
    .map(({ value }) => value)
    .filter(({ grants }) => grants.roles.length > 0)
  const pairs = tables()
    .provisionedSets.rows()
    .map((row) => `${refPrefix}${row.accountId}/${row.permissionSetArn}`)
  const grants = lists.reduce((sum, list) => sum + list.grants.roles.length, 0)
  let changed = 0
  for (const {
    name,
    title,
    owners,
    grants: { roles },
  } of prng.sample(lists, Math.min(lists.length, Math.ceil(grants * 0.01)))) {
    const fresh = prng.pick(pairs)
    if (roles.includes(fresh)) continue
    const [, ...rest] = roles
    await write('access_list', name, 'v1', {
      ...{ title, owners: owners.map((owner) => ({ name: owner.name })) },
      grants: { roles: [...rest, fresh] },
      origin: { plugin },
    })
    changed += 2
  }
  return changed
}

/** One list is granted this many pairs more, which keeps AWS busy for minutes. */
export async function grantInBulk({ deps, tables, write }: SyncWorld, count: number): Promise<void> {
  const view = await deps.catalog.read()
  const list = view.accessLists().find(({ value }) => value.grants.roles.length > 0)?.value
  if (list === undefined) throw new Error('no list grants anything')
  const { roles } = list.grants
  const has = new Set(roles)
  const sets = tables().permissionSets.rows()
  const fresh = tables()
    .accounts.rows()
    .flatMap(({ id }) => sets.map(({ arn }) => `${refPrefix}${id}/${arn}`))
    .filter((role) => !has.has(role))
  await write('access_list', list.name, 'v1', {
    ...{ title: list.title, owners: list.owners.map((owner) => ({ name: owner.name })) },
    grants: { roles: [...roles, ...fresh.slice(0, count)] },
    origin: { plugin },
  })
}

/** People and lists of one membership more than there are. */
export async function membersToCome(world: SyncWorld, count: number): Promise<Coming[]> {
  const { store, tables, prng } = world
  const groups = (await store.principalLinks.list(plugin)).filter(({ kind }) => kind === 'group')
  const users = tables().users.rows()
  const members = new Set((await store.members.listAll()).map(({ list, name }) => `${list} ${name}`))
  const coming = new Map<string, Coming>()
  while (coming.size < count) {
    const { name: list, awsId: groupId } = prng.pick(groups)
    const { userName: user, id: userId } = prng.pick(users)
    if (!members.has(`${list} ${user}`)) coming.set(`${list} ${user}`, { list, groupId, user, userId })
  }
  return [...coming.values()]
}
