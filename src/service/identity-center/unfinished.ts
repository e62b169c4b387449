/**
 * @module What Gatehouse says and AWS does not have yet: changes that can begin, that failed and are tried again, and
 * that were sent without an answer. A plan alone does not tell it: what waits for an answer is not planned meanwhile.
 * Nobody is told that AWS is as it should be while any of it is left. A pure rule.
 */
import { requestOver } from '../../core/plan/diff-assignments.js'
import { executableActions } from '../../core/plan/make-plan.js'
import type { Plan } from '../../core/plan/plan.js'
import { earliest, formatInstant, minute, second, type Instant } from '../../core/time.js'
import type { ChangeRecord } from '../../store/store.js'

export interface Unfinished {
  /** Can begin, or have begun just now. */
  readonly ready: number
  /** Failed, or wait for what failed, and are tried again by themselves. */
  readonly retried: number
  /** Were sent to AWS, and no answer came. */
  readonly open: number
  /** All of them. */
  readonly all: number
  /** When the next of those that failed is tried, where nothing can begin now. */
  readonly nextAt: Instant | undefined
  /** Access by requests that ended and is in AWS all the same: how many assignments. */
  readonly ends: { readonly count: number; readonly since: Instant | undefined } | undefined
  /** Why it is not known whether AWS has everything else; undefined where it was read. */
  readonly unread: string | undefined
}

/** An answer of AWS takes so long now and then; afterwards it is told. */
export const answersWithinMs = 30 * second

/** So long AWS's own limits keep a thousand ends at once. */
export const endsWithinMs = 2 * minute

export interface UnfinishedFacts {
  readonly plan: Plan
  /** Changes without an outcome. */
  readonly open: readonly Pick<ChangeRecord, 'key' | 'action' | 'begunAt'>[]
  /** When the sync asks again by itself, where it knows. */
  readonly nextTryAt?: Instant | undefined
  readonly scanFailure?: { readonly says: string } | undefined
  readonly now: Instant
}

export function judgeUnfinished({ plan, open, nextTryAt, scanFailure, now }: UnfinishedFacts): Unfinished {
  const openKeys = new Set(open.map(({ key }) => key))
  const ready = executableActions(plan, now).filter(({ key }) => !openKeys.has(key)).length
  const able = new Set(executableActions(plan, Number.POSITIVE_INFINITY).map(({ key }) => key))
  const begun = new Set(executableActions(plan, now).map(({ key }) => key))
  const retried = [...able].filter((key) => !begun.has(key) && !openKeys.has(key)).length
  const waits = plan.actions.flatMap(({ notBefore }) =>
    notBefore !== undefined && notBefore > now ? [notBefore] : [],
  )
  const next = nextTryAt !== undefined && nextTryAt > now ? [...waits, nextTryAt] : waits
  return {
    ready,
    retried,
    open: openKeys.size,
    all: ready + retried + openKeys.size,
    nextAt: next.length === 0 ? undefined : Math.min(...next),
    ends: judgeEnds(plan, open),
    unread: scanFailure?.says,
  }
}

/** Those that were sent without an answer too: while AWS is silent these are the first. They are sent as they end. */
function judgeEnds({ actions }: Plan, open: UnfinishedFacts['open']): Unfinished['ends'] {
  const ends = new Map(
    actions.flatMap(({ action: { key }, ended }) => (ended === undefined ? [] : [[key, ended.at] as const])),
  )
  for (const { key, action, begunAt } of open) if (isEndOfRequest(action)) ends.set(key, begunAt)
  if (ends.size === 0) return undefined
  return { count: ends.size, since: earliest([...ends.values()]) }
}

/** Of a stored action. */
function isEndOfRequest(action: unknown): boolean {
  return (
    typeof action === 'object' && action !== null && 'because' in action && action.because === requestOver
  )
}

/** "3 assignments whose access ended are still in AWS, the first since 10:00:00Z." Undefined where none is. */
export function endsWords({ ends }: Pick<Unfinished, 'ends'>): string | undefined {
  if (ends === undefined) return undefined
  const { count, since } = ends
  const what = count === 1 ? '1 assignment' : `${count.toLocaleString('en')} assignments`
  const first = since === undefined ? '' : `, the first since ${formatInstant(since)}`
  return `${what} whose access ended ${count === 1 ? 'is' : 'are'} still in AWS${first}.`
}

/** "24 changes are not in AWS yet: 20 wait for their turn, 4 have no answer of AWS." Undefined where nothing is left. */
export function unfinishedWords({ ready, retried, open, all, unread }: Unfinished): string | undefined {
  if (all === 0) return unread === undefined ? undefined : `AWS could not be read again: ${unread}`
  const parts = [
    ...(ready > 0
      ? [`${ready} ${ready === 1 ? 'waits' : 'wait'} for ${ready === 1 ? 'its' : 'their'} turn`]
      : []),
    ...(retried > 0 ? [`${retried} failed and ${retried === 1 ? 'is' : 'are'} tried again`] : []),
    ...(open > 0 ? [`${open} ${open === 1 ? 'has' : 'have'} no answer of AWS`] : []),
  ]
  return `${all} ${all === 1 ? 'change is' : 'changes are'} not in AWS yet: ${parts.join(', ')}.`
}

/** " The next try is in 40 seconds." Empty where none is known. */
export function nextTryWords({ nextAt }: Pick<Unfinished, 'nextAt'>, now: Instant): string {
  if (nextAt === undefined) return ''
  const seconds = Math.max(1, Math.ceil((nextAt - now) / second))
  if (seconds < 120) return ` The next try is in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
  return ` The next try is in ${Math.ceil(seconds / 60)} minutes.`
}
