/**
 * A thousand assignments that requests gave, in an organisation whose limits AWS enforces, on a clock of its own: calls
 * take as long as on a network, changes of assignments as long as AWS takes for them, and nothing waits for real.
 */
import { second, type Instant } from '../../src/core/time.js'
import type { OrganisationInput } from '../../src/emulator/state/organisation-file.js'
import type { AssignmentRequest } from '../../src/emulator/state/assignment.js'
import { createGrantSource } from '../../src/service/access-requests/grant-source.js'
import { startKeepingTime } from '../../src/service/access-requests/keep-time.js'
import { readStatus } from '../../src/service/identity-center/status.js'
import type { SyncStatusAnswer } from '../../src/api/contract/identity-center.js'
import { openSyncWorld, plugin, type SyncWorld } from '../bench/sync-world.js'
import { newRequest } from './requests-world.js'

/** Of a request. */
export interface End {
  readonly id: string
  readonly endsAt: Instant
}

export interface Sent {
  readonly kind: 'create' | 'delete'
  readonly at: Instant
  /** Of the request that gave it; undefined for whatever else was deleted or made. */
  readonly id: string | undefined
}

export interface ManyEndsWorld extends AsyncDisposable {
  readonly world: SyncWorld
  readonly now: () => Instant
  /** Instant that ends are counted from. */
  readonly begin: Instant
  readonly ends: readonly End[]
  /** In the order in which AWS was told. */
  readonly sent: readonly Sent[]
  /** Arrived calls of sso-admin, by operation, since the beginning. */
  readonly calls: ReadonlyMap<string, number>
  readonly pass: (ms: number) => Promise<void>
  readonly status: () => Promise<SyncStatusAnswer>
  /** Requests whose access is in AWS. */
  readonly inAws: () => readonly string[]
  /** Thousands of new assignments, from now on. */
  readonly beginBulk: () => Promise<void>
}

const users = 50
const pairsOfEach = 20
/** Of the bulk: two thousand new assignments of groups. */
const lists = 50
const pairsOfList = 40

/** One request for each of these ends; access of all of them is in AWS, and the sync and the keeper of time run. */
export async function openManyEnds(options: {
  /** Instants by the place of the request, given the beginning. */
  readonly endsAt: (place: number, begin: Instant) => Instant
  readonly count: number
  readonly assignmentMs?: number
}): Promise<ManyEndsWorld> {
  const { count, assignmentMs = 500 } = options
  if (count > users * pairsOfEach) throw new RangeError('so many ends need more people')
  const size = { accounts: 100, permissionSets: 20, users, groups: 0 }
  const world = await openSyncWorld(size, {
    organisation: withAssignments,
    settings: { assignmentMs },
    deps: ({ store, catalog, timers }) => {
      const source = createGrantSource({ store, catalog, clock: timers })
      return { grants: () => source.grants(), endedRequests: (ids) => source.findOver(ids) }
    },
  })
  const { store, scheduler, services, sync, run, tables, setPlugin, write } = world
  const begin = scheduler.clock.now()
  const ids = new Map<string, string>()
  const ends: End[] = []
  for (const [place, row] of directRows(world).slice(0, count).entries()) {
    const { userName, userId, accountId, permissionSetArn } = row
    const pair = `${accountId}/${permissionSetArn}`
    const id = `request-${String(place).padStart(4, '0')}`
    const endsAt = options.endsAt(place, begin)
    ids.set(`${userId} ${pair}`, id)
    ends.push({ id, endsAt })
    const request = newRequest(id, begin, [{ kind: 'assignment', accountId, permissionSetArn }])
    await store.accessRequests.create({
      ...{ ...request, user: userName, state: 'approved', resolvedAt: begin, activatedAt: begin, endsAt },
      items: request.items.map((item) => ({ ...item, state: 'approved' })),
    })
    await store.ledger.put(plugin, [
      {
        ...{ kind: 'assignment', principal: `user/${userId}`, target: pair, since: begin },
        reasons: [{ kind: 'request', request: id, until: endsAt }],
      },
    ])
  }
  for (const { id, userName } of tables().users.rows()) {
    const link = { kind: 'user', name: userName, awsId: id, origin: 'created' } as const
    await store.principalLinks.put(plugin, { ...link, linkedAt: begin, unwantedSince: undefined })
  }
  const sent: Sent[] = []
  const calls = new Map<string, number>()
  const { events } = world.aws.context
  const nameOf = ({ principalId, accountId, permissionSetArn }: AssignmentRequest) =>
    ids.get(`${principalId} ${accountId}/${permissionSetArn}`)
  events.listen((event) => {
    if (event.type === 'call') calls.set(event.operation, (calls.get(event.operation) ?? 0) + 1)
    if (event.type !== 'change' || event.change.table !== 'assignmentRequests') return
    if (!('put' in event.change) || event.change.put.status !== 'IN_PROGRESS') return
    const { kind } = event.change.put
    sent.push({ kind, at: event.at, id: nameOf(event.change.put) })
  })
  await run(async () => {
    await sync.scan()
    while ((await sync.state()).job?.state === 'running') await world.deps.timers.sleep(second)
  })
  await setPlugin('active')
  const stop = new AbortController()
  const loop = sync.loop(stop.signal)
  const { timers } = world.deps
  const keeper = startKeepingTime({ ...services, timers, syncs: { wakeAll: () => sync.wake() } })
  await scheduler.advance(30 * second)

  const pairs = (): string[] => {
    const { accounts, permissionSets } = tables()
    return accounts.rows().flatMap(({ id }) => permissionSets.rows().map(({ arn }) => `${id}/${arn}`))
  }

  return {
    world,
    ...{ sent, calls, begin, ends },
    now: () => scheduler.clock.now(),
    pass: async (ms) => await scheduler.advance(ms),
    status: async () => await run(() => readStatus(services, plugin)),
    inAws: () =>
      directRows(world).flatMap(({ userId, accountId, permissionSetArn }) => {
        return ids.get(`${userId} ${accountId}/${permissionSetArn}`) ?? []
      }),
    beginBulk: async () => {
      const refs = pairs().map((pair) => `assignment/${pair}`)
      for (let place = 0; place < lists; place++) {
        const title = `list ${place}`
        const roles = refs.slice(place * pairsOfList, (place + 1) * pairsOfList)
        const spec = { title, owners: [{ name: 'owner@example.com' }], grants: { roles } }
        await write('access_list', `list-${place}`, 'v1', spec)
      }
      sync.wake()
    },
    [Symbol.asyncDispose]: async () => {
      // What is left of the bulk would be made first.
      await setPlugin('paused')
      stop.abort()
      await run(() => loop)
      await run(async () => await keeper[Symbol.asyncDispose]())
      await run(async () => await sync[Symbol.asyncDispose]())
      await world[Symbol.asyncDispose]()
    },
  }
}

/** People hold single assignments, each of a set of its own in accounts of its own. */
function withAssignments(generated: OrganisationInput): OrganisationInput {
  const { accounts, permissionSets = [], users: people = [] } = generated
  const open = accounts.slice(1)
  const assignments = people.map(({ userName }, place) => ({
    user: userName,
    accounts: Array.from({ length: pairsOfEach }, (_, at) => open[(place + at) % open.length]?.name ?? ''),
    permissionSets: [permissionSets[place % permissionSets.length]?.name ?? ''],
  }))
  return { ...generated, assignments }
}

function directRows({ tables }: SyncWorld) {
  const { users: people, assignments } = tables()
  return assignments.rows().flatMap(({ principalType, principalId, accountId, permissionSetArn }) => {
    const user = principalType === 'USER' ? people.get(principalId) : undefined
    return user === undefined
      ? []
      : [{ userName: user.userName, userId: principalId, accountId, permissionSetArn }]
  })
}
