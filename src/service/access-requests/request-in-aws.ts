/**
 * @module What is in AWS now for a request, item by item: the assignments of the requester as last seen, and what the
 * sync is about to do or cannot do. Told, never guessed: what was not read is unknown.
 */
import type { RequestItemShown } from '../../api/contract/access-requests.js'
import type { AccessRequest, RequestItem } from '../../core/access-request/access-request.js'
import { isLive, pairsOfItem } from '../../core/access-request/grants.js'
import { splitPairKey, type PairKey } from '../../core/identity-center/observation.js'
import { GatewayError } from '../../core/error.js'
import type { AccessRequestDeps } from './deps.js'
import type { CurrentPlan, ObjectError } from '../identity-center/sync-port.js'
import type { RequestViewer } from './viewer.js'

export type InAws = NonNullable<RequestItemShown['inAws']>

/** By id of the item; nothing for applications, and for a request that never gave anything. */
export async function describeInAws(
  deps: Pick<AccessRequestDeps, 'syncs' | 'logger'>,
  { view, world, now }: RequestViewer,
  request: AccessRequest,
  isLocked: boolean,
): Promise<ReadonlyMap<string, InAws>> {
  if (request.activatedAt === undefined) return new Map()
  const given = request.items.flatMap((item) => {
    const pairs = pairsEver(item)
    return pairs.length === 0 ? [] : [{ item, pairs }]
  })
  if (given.length === 0) return new Map()
  const plugins: Seen[] = []
  for (const { value } of view.plugins()) {
    const seen = await see(deps, value.name, request.user)
    if (seen !== undefined) plugins.push(seen)
  }
  const live = isLive(request, now) && !isLocked
  return new Map(
    given.map(({ item, pairs }) => {
      const wanted = new Set(live ? pairsOfItem(item, world) : [])
      const stateOf = (pair: PairKey) =>
        request.state === 'promoted'
          ? statePromoted(pair, request.id, plugins)
          : statePair(pair, wanted.has(pair), plugins)
      return [item.id, sayItem(pairs.map(stateOf))]
    }),
  )
}

/** All that it gave at any time: what it no longer gives may still be on its way out. */
function pairsEver({ asked, state, gave }: RequestItem): PairKey[] {
  if (state !== 'approved') return []
  if (asked.kind === 'assignment') return [`${asked.accountId}/${asked.permissionSetArn}`]
  return gave?.pairs.map(({ accountId, permissionSetArn }) => `${accountId}/${permissionSetArn}`) ?? []
}

/** What one instance of Identity Center has of the requester. */
interface Seen {
  readonly current: CurrentPlan
  readonly accounts: ReadonlySet<string>
  readonly there: ReadonlySet<PairKey> | undefined
  readonly planned: ReadonlyMap<PairKey, string | undefined>
  readonly failures: readonly ObjectError[]
  readonly user: string
}

async function see(
  { syncs, logger }: Pick<AccessRequestDeps, 'syncs' | 'logger'>,
  plugin: string,
  user: string,
): Promise<Seen | undefined> {
  try {
    const sync = await syncs.of(plugin)
    const current = await sync.plan()
    const { observation, plan, links, accounts } = current
    const awsId = links.find(({ kind, name }) => kind === 'user' && name === user)?.awsId
    const planned = new Map<PairKey, string | undefined>()
    for (const { action, holds } of plan.actions) {
      if (action.kind !== 'assignment.create' && action.kind !== 'assignment.delete') continue
      if (action.principal.name === user) planned.set(action.pair, holds[0]?.says)
    }
    return {
      current,
      user,
      planned,
      accounts: new Set(accounts.map(({ id }) => id)),
      there: awsId === undefined ? new Set() : observation.assignments.get(`user/${awsId}`),
      failures: (await sync.state()).errors,
    }
  } catch (error) {
    // A plugin that is being set up or removed; others tell what they know.
    if (!(error instanceof GatewayError)) throw error
    logger.info({ plugin, problem: error.code }, 'what is in AWS for a request could not be told')
    return undefined
  }
}

interface PairState {
  readonly state: InAws['state']
  readonly says: string
}

/** The assignment stays until the membership has been seen in AWS, which gives the same from then on. */
function statePromoted(pair: PairKey, request: string, plugins: readonly Seen[]): PairState {
  const { accountId } = splitPairKey(pair)
  const seen = plugins.find(({ accounts }) => accounts.has(accountId))
  const reasons = seen?.current.desired.userPairs.get(seen.user)?.get(pair) ?? []
  const isNeeded = reasons.some((reason) => reason.kind === 'request' && reason.request === request)
  const found = statePair(pair, isNeeded, plugins)
  if (!isNeeded || found.state !== 'there') return found
  return { state: 'there', says: 'The assignment is in AWS until the membership is there, too.' }
}

function statePair(pair: PairKey, isWanted: boolean, plugins: readonly Seen[]): PairState {
  const { accountId } = splitPairKey(pair)
  const seen = plugins.find(({ accounts }) => accounts.has(accountId))
  if (seen === undefined) return { state: 'unknown', says: 'No connection to AWS has this account.' }
  const { current, there, planned, failures, user } = seen
  if (current.readAt === undefined || there === undefined) {
    return { state: 'unknown', says: 'AWS was not read yet.' }
  }
  const isThere = there.has(pair)
  if (isThere && isWanted) return { state: 'there', says: 'The assignment is in AWS.' }
  const says = whyNotYet(current, user) ?? failures.find(({ name }) => name === `${user} ${pair}`)
  if (isThere && current.desired.userPairs.get(user)?.has(pair) === true) {
    return { state: 'there', says: 'The assignment is in AWS for other reasons.' }
  }
  if (!isThere && !isWanted) return { state: 'none', says: 'Nothing of it is in AWS.' }
  if (says !== undefined && isThere) return { state: 'failed', says: stillThere }
  if (says !== undefined) return { state: 'failed', says: `${says.says} ${says.remedy}` }
  if (current.settings.sync === 'paused') {
    return { state: 'pending', says: 'The sync is paused: nothing is changed in AWS.' }
  }
  const held = planned.get(pair)
  if (held !== undefined) return { state: 'pending', says: `The change waits for a person: ${held}` }
  if (isThere) return { state: 'pending', says: 'The assignment is about to be removed.' }
  return planned.has(pair)
    ? { state: 'pending', says: 'The assignment is about to be created.' }
    : {
        state: 'none',
        says: 'Nothing of it is in AWS: a role of the requester denies it, or a lock keeps it away.',
      }
}

/** Of access that is over; what AWS said is in the status of the sync, for whoever looks after it. */
const stillThere =
  'It is over, and the assignment is still in AWS: its removal did not get through, and is tried again by itself.'

/** The requester as a whole cannot be written. */
function whyNotYet(
  { plan }: CurrentPlan,
  user: string,
): { readonly says: string; readonly remedy: string } | undefined {
  return plan.setAside.find(({ kind, name }) => kind === 'user' && name === user)
}

/** One assignment as it is; of many the worst, with how many are there. */
function sayItem(states: readonly PairState[]): InAws {
  const [only] = states
  if (only !== undefined && states.length === 1) return only
  const there = states.filter(({ state }) => state === 'there').length
  const worst = order
    .map((state) => states.find((one) => one.state === state))
    .find((one) => one !== undefined)
  const count = `${there} of ${states.length} assignments are in AWS.`
  if (worst === undefined || worst.state === 'there') return { state: 'there', says: count, count: there }
  return { state: worst.state, says: `${count} ${worst.says}`, count: there }
}

const order: readonly InAws['state'][] = ['failed', 'pending', 'unknown', 'none', 'there']
