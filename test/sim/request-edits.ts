/** What people do with access requests during a history: what was approved, gone on with, or given back. */
import type { EditContext } from './edits.js'

const minute = 60_000

/** Access for some minutes, that begins at once. */
export async function approveRequest({ world, resources, prng }: EditContext): Promise<string | undefined> {
  const users = [...resources.users.keys()]
  const { accounts, permissionSets } = world.inventory
  // A strict history has a person for what the guard holds only now and then; a role may begin to deny the pair.
  if (users.length === 0 || world.policy.isStrict) return undefined
  const [user, account, set] = [prng.pick(users), prng.pick(accounts), prng.pick(permissionSets)]
  const until = world.scheduler.clock.now() + (1 + prng.below(20)) * minute
  const id = await resources.putRequest({ user, pair: `${account.id}/${set.arn}`, until })
  return `let ${id} give ${user} ${account.id}/${set.arn} until ${until}`
}

/** Another request for the same, that begins before the end of the first one. */
export async function extendRequest(context: EditContext): Promise<string | undefined> {
  const { resources, prng } = context
  const first = anyLive(context)
  if (first === undefined) return undefined
  const [id, { user, pair, until }] = first
  const extension = await resources.putRequest({ user, pair, until: until + (1 + prng.below(10)) * minute })
  return `let ${extension} go on with ${id}`
}

export async function releaseRequest(context: EditContext): Promise<string | undefined> {
  const live = anyLive(context)
  if (live === undefined) return undefined
  await context.resources.endRequest(live[0])
  return `give ${live[0]} back`
}

function anyLive({ world, resources, prng }: EditContext) {
  const now = world.scheduler.clock.now()
  const live = [...resources.requests].filter(([, { until }]) => until > now)
  return live.length === 0 ? undefined : prng.pick(live)
}
