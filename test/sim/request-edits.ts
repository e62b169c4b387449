/** What people do with access requests during a history, and what the keeper of time writes. */
import type { EditContext } from './edits.js'

const minute = 60_000

/** Access for some minutes: asked for and approved at once, or left to wait. */
export async function askForAccess({ world, resources, prng }: EditContext): Promise<string | undefined> {
  const users = [...resources.users.keys()]
  const { accounts, permissionSets } = world.inventory
  if (users.length === 0) return undefined
  const [user, account, set] = [prng.pick(users), prng.pick(accounts), prng.pick(permissionSets)]
  const until = world.scheduler.clock.now() + (1 + prng.below(20)) * minute
  const id = await resources.askFor({ user, pair: `${account.id}/${set.arn}`, until })
  const isApproved = prng.chance(0.7)
  if (isApproved) await resources.approve(id)
  return `let ${id} ${isApproved ? 'give' : 'ask for'} ${user} ${account.id}/${set.arn} until ${until}`
}

/** One that waited: its time counts from now on. */
export async function approveRequest({ resources, prng }: EditContext): Promise<string | undefined> {
  const waiting = [...resources.asked.keys()]
  if (waiting.length === 0) return undefined
  const id = prng.pick(waiting)
  await resources.approve(id)
  return `approve ${id} until ${resources.requests.get(id)?.until ?? 0}`
}

/** Another request for the same, that begins before the end of the first one. */
export async function extendRequest(context: EditContext): Promise<string | undefined> {
  const { resources, prng } = context
  const first = anyLive(context)
  if (first === undefined) return undefined
  const [id, { user, pair, until }] = first
  const extension = await resources.askFor({ user, pair, until: until + (1 + prng.below(10)) * minute })
  await resources.approve(extension)
  return `let ${extension} go on with ${id}`
}

export async function endRequest(context: EditContext): Promise<string | undefined> {
  const live = anyLive(context)
  if (live === undefined) return undefined
  const how = context.prng.pick(['release', 'revoke'] as const)
  await context.resources.endRequest(live[0], how)
  return `${how} ${live[0]}`
}

/** To a list, whatever that gives: a reviewer says that it covers everything, and nobody here has to be right. */
export async function promoteRequest(context: EditContext): Promise<string | undefined> {
  const { resources, prng } = context
  const lists = [...resources.lists.values()]
  const live = anyLive(context)
  if (live === undefined || lists.length === 0) return undefined
  const list = prng.pick(lists)
  await resources.promote(live[0], list)
  return `promote ${live[0]} to ${list.name}`
}

export async function keepTime({ resources }: EditContext): Promise<string | undefined> {
  const count = await resources.passTime()
  return count === 0 ? undefined : `write the end of ${count} requests`
}

function anyLive({ world, resources, prng }: EditContext) {
  const now = world.scheduler.clock.now()
  const live = [...resources.requests].filter(([, { until }]) => until > now)
  return live.length === 0 ? undefined : prng.pick(live)
}
