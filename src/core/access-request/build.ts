/**
 * @module Makes an access request of what a person asks for, with every problem at once: who may ask for what, the reason,
 * the times. A dry run is the same without being asked for a reason. It also goes on with a request that is in force
 * (T27): with the items that were approved, from where its access ends, within the same longest time.
 */
import { awsPreset } from '../saml/attributes.js'
import type { DurationMs, Instant } from '../time.js'
import { foldName } from '../user/user.js'
import {
  itemIdOf,
  requestLimits,
  requestTimes,
  type AccessRequest,
  type Requestable,
  type RequestItem,
} from './access-request.js'
import {
  judgeDuration,
  judgeExtension,
  judgeStart,
  judgeWait,
  lengthenTerms,
  shortenTerms,
} from './build-times.js'
import { canSignIn, requestJudge, resolveAsked, type RequestJudge } from './may-request.js'
import { tooManyPairs } from './review.js'
import { noteSessions, shortestForSessions } from './session-notes.js'
import { countGiven } from './snapshot.js'
import { combineTerms, type CombinedTerms } from './terms.js'
import type { Requester, RequestWorld } from './world.js'

export interface RequestPolicy {
  /** Whether a request may be shorter than the sessions that its permission sets open. */
  readonly shorterThanAwsSession: 'allow' | 'refuse'
  /** How long a request waits that does not say it. */
  readonly pendingTtlMs: DurationMs
}

export const defaultRequestPolicy: RequestPolicy = {
  shorterThanAwsSession: 'allow',
  pendingTtlMs: requestTimes.pending.usual,
}

export interface RequestDraft {
  readonly id: string
  readonly items: readonly Requestable[]
  readonly reason: string
  readonly durationMs?: DurationMs | undefined
  readonly startAt?: Instant | undefined
  readonly pendingForMs?: DurationMs | undefined
  /** Of the person's own choice; those that roles suggest take their place where it is empty. */
  readonly suggestedReviewers?: readonly string[] | undefined
  /** The request that this one goes on with; `items` and `startAt` are not looked at then. */
  readonly extends?: AccessRequest | undefined
  /** A reason is not missed. */
  readonly dryRun?: boolean | undefined
}

export interface RequestFactsOfPerson {
  readonly requester: Requester
  /** How many requests of this person wait now. */
  readonly waiting: number
  readonly policy: RequestPolicy
}

export interface RequestProblem {
  /** Of the input: `items`, `reason`, `duration`, `startAt`, `pendingFor`, `suggestedReviewers`. */
  readonly field: string
  /** Of `items` the id of the one that is meant; an account assignment role by that of its assignment. */
  readonly item?: string
  readonly says: string
  /** `says` names what they may not know of: whoever shows it says no more than they wrote. */
  readonly isHidden?: true | undefined
}

export type BuiltRequest = {
  /** Of the items that may be asked for; undefined where there is none. */
  readonly terms: CombinedTerms | undefined
  /** What was added or is worth knowing. */
  readonly notes: readonly string[]
} & (
  | { readonly ok: true; readonly request: AccessRequest; readonly terms: CombinedTerms }
  | { readonly ok: false; readonly problems: readonly RequestProblem[] }
)

/** A new request at its first moment, or everything that is wrong with it. */
export function buildRequest(
  draft: RequestDraft,
  { requester, waiting, policy }: RequestFactsOfPerson,
  world: RequestWorld,
  now: Instant,
): BuiltRequest {
  const problems: RequestProblem[] = []
  const notes: string[] = []
  const judge = requestJudge(requester, world)
  const items = chooseItems(draft, judge, world, problems)
  if (draft.extends === undefined) addSignIn(items, requester, judge, world, notes)
  judgeSize(items, world, waiting, problems)
  if (items.length === 0) {
    if (problems.length === 0) problems.push({ field: 'items', says: 'Nothing is asked for.' })
    return { ok: false, problems, terms: undefined, notes }
  }
  const combined = combineTerms(
    items.map(({ terms }) => terms),
    requester,
    world,
  )
  const extended = judgeExtension(draft, requester, now, problems)
  const shortest = shortestForSessions(items, policy, world)
  const terms = lengthenTerms(extended === undefined ? combined : shortenTerms(combined, extended), shortest)
  judgeReason(draft, terms, problems)
  const durationMs = judgeDuration(draft, terms, problems)
  const startAt = judgeStart(draft, now, problems)
  const pendingUntil = judgeWait(draft, policy, now, extended, durationMs, problems)
  const suggestedReviewers = judgeReviewers(draft, terms, requester, problems)
  const sessions = noteSessions(items, durationMs, terms.maxDurationMs, policy, world)
  notes.push(...sessions.notes)
  problems.push(...sessions.problems)
  if (problems.length > 0) return { ok: false, problems, terms, notes }
  const { name } = requester.user
  const request: AccessRequest = {
    id: draft.id,
    user: name,
    state: 'pending',
    items,
    reason: draft.reason,
    createdAt: now,
    pendingUntil,
    startAt,
    durationMs,
    maxDurationMs: combined.maxDurationMs,
    asked: { startAt, durationMs },
    activatedAt: undefined,
    endsAt: undefined,
    resolvedAt: undefined,
    suggestedReviewers,
    annotations: terms.annotations,
    reviews: [],
    extends: extended,
    promotedTo: undefined,
    timeline: [{ at: now, by: name, what: 'created', says: '' }],
    revision: 0,
  }
  return { ok: true, request, terms, notes }
}

const tooManyItems = `A request has at most ${requestLimits.items} items.`

function chooseItems(
  draft: RequestDraft,
  judge: RequestJudge,
  world: RequestWorld,
  problems: RequestProblem[],
): RequestItem[] {
  const asked =
    draft.extends === undefined
      ? draft.items
      : draft.extends.items.flatMap((item) => (item.state === 'approved' ? [item.asked] : []))
  if (asked.length > requestLimits.items) {
    problems.push({ field: 'items', says: tooManyItems })
    return []
  }
  const items = new Map<string, RequestItem>()
  for (const one of asked) {
    const resolved = resolveAsked(one, world) ?? one
    const id = itemIdOf(resolved)
    if (items.has(id)) continue
    const verdict = judge.judge(resolved)
    if (verdict.ok) items.set(id, { id, asked: resolved, terms: verdict.terms, state: 'pending' })
    else problems.push({ field: 'items', item: id, says: verdict.says, isHidden: verdict.isHidden })
  }
  return [...items.values()]
}

/** Who can sign in to no Identity Center needs that too to use an account assignment. */
function addSignIn(
  items: RequestItem[],
  requester: Requester,
  judge: RequestJudge,
  world: RequestWorld,
  notes: string[],
): void {
  const portals = world.apps().filter(({ preset }) => preset === awsPreset)
  if (portals.length === 0 || !items.some(({ asked }) => asked.kind === 'assignment')) return
  if (portals.some((app) => canSignIn(requester, app, world))) return
  if (portals.some(({ name }) => items.some(({ asked }) => asked.kind === 'app' && asked.name === name)))
    return
  const [first] = portals
    .map(({ name }) => ({ name, verdict: judge.judge({ kind: 'app', name }) }))
    .sort((a, b) => Number(b.verdict.ok) - Number(a.verdict.ok))
  if (first === undefined) return
  if (!first.verdict.ok) {
    notes.push(
      `You cannot sign in to AWS (${first.name}) and may not ask for that; until somebody gives it, the account assignments are of no use.`,
    )
    return
  }
  const asked: Requestable = { kind: 'app', name: first.name }
  items.push({ id: itemIdOf(asked), asked, terms: first.verdict.terms, state: 'pending' })
  notes.push(`The sign-in to AWS (${first.name}) was added, since you cannot sign in to it yet.`)
}

function judgeSize(
  items: readonly RequestItem[],
  world: RequestWorld,
  waiting: number,
  problems: RequestProblem[],
): void {
  let pairs = 0
  for (const { asked } of items) {
    const role = asked.kind === 'role' ? world.role(asked.name) : undefined
    pairs += asked.kind === 'assignment' ? 1 : role === undefined ? 0 : countGiven(role, world)
  }
  // The sign-in may have been added.
  if (items.length > requestLimits.items) problems.push({ field: 'items', says: tooManyItems })
  if (pairs > requestLimits.pairs) problems.push({ field: 'items', says: tooManyPairs })
  if (waiting >= requestLimits.pending) {
    problems.push({
      field: 'items',
      says: `${waiting} requests of yours wait for a decision; at most ${requestLimits.pending} may.`,
    })
  }
}

function judgeReason(
  { reason, dryRun }: RequestDraft,
  terms: CombinedTerms,
  problems: RequestProblem[],
): void {
  if (terms.reasonRequired && reason.trim() === '' && dryRun !== true) {
    problems.push({ field: 'reason', says: ['A reason is needed.', ...terms.prompts].join(' ') })
  }
  if (reason.length > requestLimits.reason) {
    problems.push({ field: 'reason', says: `It is longer than ${requestLimits.reason} characters.` })
  }
}

function judgeReviewers(
  { suggestedReviewers = [] }: RequestDraft,
  terms: CombinedTerms,
  { user }: Requester,
  problems: RequestProblem[],
): readonly string[] {
  const own = foldName(user.name)
  const named = [...new Set(suggestedReviewers)].filter((name) => foldName(name) !== own)
  if (named.length > requestLimits.suggestedReviewers) {
    const says = `At most ${requestLimits.suggestedReviewers} reviewers are suggested.`
    problems.push({ field: 'suggestedReviewers', says })
  }
  return named.length > 0 ? named : terms.suggestedReviewers
}
