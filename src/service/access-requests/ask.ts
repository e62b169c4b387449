/**
 * @module Asking for access: what is asked for is judged and stored in one transaction, on what was read in it. A dry run
 * is judged the same and stores nothing. An extension is asked for like anything else (T27).
 */
import type { CreateAccessRequest } from '../../api/contract/access-requests.js'
import type { AccessRequest } from '../../core/access-request/access-request.js'
import {
  buildRequest,
  defaultRequestPolicy,
  type BuiltRequest,
  type RequestDraft,
  type RequestPolicy,
  type RequestProblem,
} from '../../core/access-request/build.js'
import { isActive } from '../../core/access-request/grants.js'
import { reviewByRules, sayRules } from '../../core/access-request/review-rule.js'
import type { CombinedTerms } from '../../core/access-request/terms.js'
import { requestJudge } from '../../core/access-request/may-request.js'
import type { Requester, RequestWorld } from '../../core/access-request/world.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { limitPerson } from '../people/limits.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { noSuchRequest, isOwn, loadRequestViewer, seesRequest } from './viewer.js'
import type { AccessRequestDeps } from './deps.js'
import { assertRequestFree } from './locked.js'
import { findRequester } from './people.js'
import { createReadings, invalidRequest, type FieldProblem } from './readings.js'
import { resolveItems, sayNotAllowed, type ItemProblem } from './resolve-input.js'
import { loadOthers, loadRules } from './rules.js'
import { requestWorld } from './world.js'
import { writeNew } from './write-step.js'

export interface Asked {
  /** As it was stored; after a dry run as it would be. */
  readonly request: AccessRequest
  readonly terms: CombinedTerms
  readonly notes: readonly string[]
}

export interface AskBy {
  readonly authority: Authority
  readonly origin: RequestOrigin | undefined
}

/**
 * @throws GatewayError `FORBIDDEN` for who is no person, `REQUEST_NOT_ALLOWED` where something may not be asked for,
 * `INVALID_INPUT` with everything that is wrong, `TOO_MANY_ATTEMPTS`.
 */
export async function askForAccess(
  deps: AccessRequestDeps,
  input: CreateAccessRequest,
  by: AskBy,
): Promise<Asked> {
  const readings = createReadings()
  const durationMs = readings.duration('duration', input.duration)
  const startAt = readings.instant('startAt', input.startAt)
  const pendingForMs = readings.duration('pendingFor', input.pendingFor)
  readings.assertNone()
  const { reason, suggestedReviewers, dryRun } = input
  return await ask(deps, by, dryRun, ({ world, requester }) => {
    const { judge } = requestJudge(requester, world)
    const { items, problems, placesOf } = resolveItems(input.items, world, (asked) => judge(asked).ok)
    const written = (id: string) =>
      placesOf(id).flatMap((place) => {
        const asked = input.items[place]
        return asked === undefined ? [] : [{ place, says: sayNotAllowed(asked) }]
      })
    return {
      draft: { items, reason, durationMs, startAt, pendingForMs, suggestedReviewers },
      problems,
      written,
    }
  })
}

export interface ExtendInput {
  readonly id: string
  readonly duration: string
  readonly reason: string
  readonly dryRun: boolean
}

/**
 * Asks to go on with a request that gives access now: with what was approved, from where it ends.
 * @throws GatewayError as {@link askForAccess}; `NOT_FOUND`, and `CONFLICT` where it is extended already.
 */
export async function askToExtend(
  deps: AccessRequestDeps,
  { id, duration, reason, dryRun }: ExtendInput,
  by: AskBy,
): Promise<Asked> {
  const readings = createReadings()
  const durationMs = readings.duration('duration', duration)
  readings.assertNone()
  return await ask(deps, by, dryRun, async ({ tx, view, now }) => {
    const viewer = await loadRequestViewer(deps, tx, view, by)
    const extended = await tx.accessRequests.find(id)
    if (extended === undefined || !seesRequest(viewer, extended)) throw noSuchRequest(id)
    if (!isOwn(viewer, extended)) throw new GatewayError('FORBIDDEN', 'Only the requester extends a request.')
    if (!isActive(extended, now)) {
      const says = 'Only a request that gives access now can be extended; ask again.'
      throw new GatewayError('CONFLICT', says)
    }
    await assertNotExtended(tx, extended)
    await assertRequestFree(tx, view, extended, now)
    return {
      draft: { items: [], reason, durationMs, extends: extended },
      problems: [],
      written: () => [],
    }
  })
}

interface Now {
  readonly tx: StoreTransaction
  readonly view: CatalogView
  readonly world: RequestWorld
  readonly requester: Requester
  readonly now: Instant
}

interface Wish {
  readonly draft: Omit<RequestDraft, 'id' | 'dryRun'>
  readonly problems: readonly ItemProblem[]
  /** Wherever an item stands in the input, with a refusal in the words in which it was written there. */
  readonly written: (item: string) => readonly ItemProblem[]
}

async function ask(
  deps: AccessRequestDeps,
  { authority, origin }: AskBy,
  dryRun: boolean,
  wishOf: (now: Now) => Wish | Promise<Wish>,
): Promise<Asked> {
  if (authority.kind !== 'person') {
    throw new GatewayError(
      'FORBIDDEN',
      'access is asked for by people; a machine user has what its roles say',
    )
  }
  await limitPerson(deps, dryRun ? 'preview' : 'request', authority.name)
  // Outside of the transaction, so that what is parsed is kept.
  await deps.catalog.read()
  const asked = await deps.store.transaction(async (tx) => {
    const view = await deps.catalog.readIn(tx)
    const now = deps.clock.now()
    const world = requestWorld(view)
    const requester = await findRequester(tx.members, view, authority.name, now)
    if (requester === undefined || requester.isLocked) {
      throw new GatewayError('FORBIDDEN', 'only people who are known here and not locked ask for access')
    }
    const { draft, problems, written } = await wishOf({ tx, view, world, requester, now })
    const facts = {
      requester,
      waiting: await tx.accessRequests.countPending(authority.name),
      policy: policyOf(view),
    }
    const built = buildRequest({ ...draft, id: deps.random.uuid(), dryRun }, facts, world, now)
    assertBuilt(built, problems, written)
    const { request, terms } = built
    const rules = await loadRules(tx, view, request.user, now)
    const others = await loadOthers(tx, rules, request.user)
    const decided = reviewByRules(request, rules, { ...rules, requester, others }, world)
    const notes = [...built.notes, ...decided.notes, ...sayRules(decided.request, dryRun)]
    if (dryRun) return { request: decided.request, terms, notes }
    const step = { tx, view, now, origin }
    return { request: await writeNew(deps, step, request, decided.request), terms, notes }
  })
  if (!dryRun) deps.syncs.wakeAll()
  return asked
}

/** Each place of the input has its own problem, in its order: what exists is refused like what does not. */
function assertBuilt(
  built: BuiltRequest,
  unresolved: readonly ItemProblem[],
  written: Wish['written'],
): asserts built is Extract<BuiltRequest, { ok: true }> {
  // Where nothing that was named means anything, that nothing is asked for is no news.
  const judged = built.ok
    ? []
    : built.problems.filter(({ says }) => unresolved.length === 0 || says !== nothingAsked)
  const ofItems = [...unresolved, ...judged.flatMap((problem) => itemProblems(problem, written))]
  // What is written twice is judged twice, and each time told of both places.
  const byPlace = new Map(ofItems.map((problem) => [problem.place, problem]))
  const others = judged.filter((problem) => itemProblems(problem, written).length === 0)
  const problems: FieldProblem[] = [
    ...[...byPlace.values()]
      .sort((a, b) => a.place - b.place)
      .map(({ place, says }) => ({ path: `body.items.${place}`, message: says })),
    ...others.map(({ field, says }) => ({ path: `body.${field}`, message: says })),
  ]
  if (problems.length === 0 && built.ok) return
  const isRefused = unresolved.length > 0 || judged.some(({ item }) => item !== undefined)
  throw invalidRequest(isRefused ? 'REQUEST_NOT_ALLOWED' : 'INVALID_INPUT', problems)
}

const nothingAsked = 'Nothing is asked for.'

function itemProblems({ item, says, isHidden }: RequestProblem, written: Wish['written']): ItemProblem[] {
  if (item === undefined) return []
  return written(item).map((one) => (isHidden === true ? one : { place: one.place, says }))
}

/** What holds for everyone, as stored. */
export function policyOf(view: CatalogView): RequestPolicy {
  const { shorterThanAwsSession, pendingTtlMs } = view.preference().accessRequests ?? {}
  return {
    shorterThanAwsSession: shorterThanAwsSession ?? defaultRequestPolicy.shorterThanAwsSession,
    pendingTtlMs: pendingTtlMs ?? defaultRequestPolicy.pendingTtlMs,
  }
}

/** The newest requests among which extensions of one are looked for; older ones are over. */
const extensionsLookedAt = 200

/** The request that goes on with this one: it waits, or was approved. */
export async function findExtension(
  requests: Pick<StoreTransaction['accessRequests'], 'list'>,
  { id, user }: Pick<AccessRequest, 'id' | 'user'>,
): Promise<AccessRequest | undefined> {
  const own = await requests.list({ user, states: ['pending', 'approved'], limit: extensionsLookedAt })
  return own.find((one) => one.extends?.request === id)
}

async function assertNotExtended(tx: StoreTransaction, request: AccessRequest): Promise<void> {
  const extension = await findExtension(tx.accessRequests, request)
  if (extension === undefined) return
  const says =
    extension.state === 'pending'
      ? `The request ${extension.id} to extend it waits for its decision already.`
      : `It was extended by the request ${extension.id} already; extend that one.`
  throw new GatewayError('CONFLICT', says)
}
