/**
 * @module One change of AWS from its intent to its outcome (T23, T35). The intent is durable before the call and the
 * outcome is durable after it, with everything that follows from it, in one transaction. An answer that was lost leaves
 * the intent open: `resolve.ts` looks at AWS before anything else is done to the same object.
 */
import type { AuditFacts } from '../core/audit/event.js'
import { AwsCallError } from '../core/governor/call.js'
import { splitPairKey } from '../core/identity-center/observation.js'
import { failureWords, type FailureWords } from '../core/plan/failure-words.js'
import type { Action } from '../core/plan/plan.js'
import type { ChangeRecord } from '../store/store.js'
import { changeEvent } from './change-event.js'
import { appendEvents, assertMayBegin, commit, step, type Cycle } from './cycle.js'
import type { Effect } from './effect.js'
import { LeaseLost } from './lease.js'
import { perform, type Performed, type PerformContext } from './perform.js'
import { doubtsOf } from './reread.js'
import { takeOver } from './take-over.js'

export type ChangeOutcome =
  | { readonly state: 'succeeded' }
  | {
      readonly state: 'failed'
      readonly failure: AwsCallError['failure']
      readonly service: AwsCallError['service']
      readonly words: FailureWords
    }
  /** Open still: the answer was lost. */
  | {
      readonly state: 'unknown'
      readonly failure: 'unknown_outcome'
      readonly service: AwsCallError['service']
      readonly words: FailureWords
    }

/** Whether the service said anything about the change itself: done or refused. */
export function isAnswer(outcome: ChangeOutcome): boolean {
  if (outcome.state === 'succeeded') return true
  const { failure } = outcome
  return failure !== 'unknown_outcome' && failure !== 'throttled' && failure !== 'unauthorized'
}

/** Outcomes are written one after the other, each from what the one before it left. */
export type Serial = <T>(work: () => Promise<T>) => Promise<T>

const priorities = { urgent: 'interactive', normal: 'normal', bulk: 'bulk' } as const

/** @throws LeaseLost and whatever is no failure of AWS; the intent stays open then. */
export async function makeChange(cycle: Cycle, action: Action, serial: Serial): Promise<ChangeOutcome> {
  const { deps, lease } = cycle
  await lease.keep()
  const record = intentOf(cycle, action)
  await step(deps, 'intent', () => serial(() => writeIntent(cycle, action, record)))
  try {
    const performed = await step(deps, 'call', () => callAws(cycle, action))
    await step(deps, 'outcome', () => serial(() => writeSuccess(cycle, action, record, performed)))
    return performed.failure === undefined ? { state: 'succeeded' } : failed(action, performed.failure)
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error
    if (error.failure !== 'throttled' && error.failure !== 'unauthorized') {
      for (const doubted of doubtsOf(cycle, action, error.failure)) cycle.reread.add(doubted)
    }
    if (error.failure === 'unknown_outcome') {
      const { failure, service } = error
      return { state: 'unknown', failure, service, words: wordsOf(action, error) }
    }
    const outcome = failed(action, error)
    await step(deps, 'outcome', () => serial(() => endFailed(cycle, action, record, outcome.words)))
    return outcome
  }
}

/** Changes of the ledger and of links alone, which need no intent: one transaction for many. */
export async function makeLocalChanges(cycle: Cycle, actions: readonly Action[]): Promise<void> {
  const { deps, settings } = cycle
  await cycle.lease.keep()
  const context = contextOf(cycle)
  const effects: Effect[] = []
  const events: (AuditFacts | undefined)[] = []
  for (const action of actions) {
    const { effect } = await perform(action, context, { priority: 'normal' })
    effects.push(effect())
    const changeId = deps.random.uuid()
    events.push(changeEvent('outcome', true, { plugin: settings.name, changeId, action, awsId: undefined }))
  }
  await step(deps, 'local', () =>
    commit(cycle, merge(effects), async (tx) => {
      await assertMayBegin(tx, cycle)
      await appendEvents(deps, tx, events)
    }),
  )
}

async function callAws(cycle: Cycle, action: Action): Promise<Performed> {
  const { lease } = cycle
  const renewDeadline = async () => {
    await lease.keep()
    return lease.deadline()
  }
  const options = { priority: priorities[action.priority], deadline: lease.deadline(), renewDeadline }
  try {
    return await perform(action, contextOf(cycle), options)
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.failure !== 'already_exists') throw error
    const ours = await takeOver(cycle, action, options)
    if (ours === undefined) throw error
    return ours
  }
}

function intentOf({ deps }: Cycle, action: Action): ChangeRecord {
  return {
    id: deps.random.uuid(),
    key: action.key,
    action,
    begunAt: deps.timers.now(),
    holder: deps.holder,
    state: 'open',
    endedAt: undefined,
    error: undefined,
    remedy: undefined,
  }
}

async function writeIntent(cycle: Cycle, action: Action, record: ChangeRecord): Promise<void> {
  const { deps, settings } = cycle
  await deps.store.transaction(async (tx) => {
    await assertMayBegin(tx, cycle)
    await tx.changes.begin(settings.name, record)
    await appendEvents(deps, tx, [changeEvent('intent', true, eventInput(cycle, action, record.id))])
  })
}

async function writeSuccess(
  cycle: Cycle,
  action: Action,
  record: ChangeRecord,
  { effect, failure }: Performed,
): Promise<void> {
  if (failure === undefined) await endSucceeded(cycle, action, record, effect())
  else await endFailed(cycle, action, record, wordsOf(action, failure), effect())
}

/** Also for an intent of an earlier cycle of which AWS shows that it was done. */
export async function endSucceeded(
  cycle: Cycle,
  action: Action,
  record: Pick<ChangeRecord, 'id'>,
  effect: Effect,
): Promise<void> {
  const { deps, settings } = cycle
  const linked = effect.putLinks?.[0]?.awsId
  const about = eventInput(cycle, action, record.id)
  await commit(
    cycle,
    effect,
    async (tx) => {
      const outcome = {
        state: 'succeeded',
        error: undefined,
        remedy: undefined,
        endedAt: deps.timers.now(),
      } as const
      if (!(await tx.changes.end(settings.name, record.id, outcome))) throw ended()
      await tx.approvals.delete(settings.name, [action.key])
      const event = changeEvent('outcome', true, { ...about, awsId: about.awsId ?? linked })
      await appendEvents(deps, tx, [event])
    },
    'change',
  )
}

/** `state` is `unknown` for an intent of which AWS does not show that it was done. */
export async function endFailed(
  cycle: Cycle,
  action: Action,
  record: Pick<ChangeRecord, 'id'>,
  words: FailureWords,
  effect: Effect = {},
  state: 'failed' | 'unknown' = 'failed',
): Promise<void> {
  const { deps, settings } = cycle
  const { says: error, remedy } = words
  await commit(
    cycle,
    effect,
    async (tx) => {
      const outcome = { state, error, remedy, endedAt: deps.timers.now() }
      if (!(await tx.changes.end(settings.name, record.id, outcome))) throw ended()
      const event = changeEvent('outcome', false, { ...eventInput(cycle, action, record.id), error })
      await appendEvents(deps, tx, [event])
    },
    'change',
  )
}

function ended(): LeaseLost {
  return new LeaseLost('another replica has ended this change')
}

function failed(action: Action, error: AwsCallError): Extract<ChangeOutcome, { state: 'failed' }> {
  const { failure, service } = error
  return { state: 'failed', failure, service, words: wordsOf(action, error) }
}

function wordsOf(action: Action, error: AwsCallError): FailureWords {
  const { kind, name } = objectOf(action)
  return failureWords(`${kind === 'list' ? 'access list' : kind} "${name}"`, error)
}

/** The object of ours that a failure is shown with. */
export function objectOf(action: Action): { kind: 'user' | 'list' | 'assignment'; name: string } {
  switch (action.kind) {
    case 'user.create':
    case 'user.adopt':
    case 'user.update':
    case 'user.activate':
    case 'user.deactivate':
    case 'user.delete':
      return { kind: 'user', name: action.user }
    case 'group.create':
    case 'group.adopt':
    case 'group.rename':
    case 'group.delete':
    case 'members.add':
    case 'members.remove':
      return { kind: 'list', name: action.list }
    case 'assignment.create':
    case 'assignment.delete': {
      const { name, awsId } = action.principal
      return { kind: 'assignment', name: `${name ?? awsId ?? ''} ${action.pair}` }
    }
    case 'ledger.update':
    case 'link.forget': {
      const { kind, name, awsId } = action.principal
      return { kind: kind === 'user' ? 'user' : 'list', name: name ?? awsId ?? '' }
    }
  }
}

export function contextOf({
  deps,
  center,
  scim,
  links,
  seen,
  ledger,
  owned,
  reading,
}: Cycle): PerformContext {
  const { mark, mayAskByPrincipal } = reading
  return { center, scim, links, seen, ledger, owned, mark, mayAskByPrincipal, now: deps.timers.now() }
}

function eventInput({ settings, links, seen }: Cycle, action: Action, changeId: string) {
  const known = knownId(action, links)
  const about = { plugin: settings.name, changeId, action, awsId: known }
  if (action.kind !== 'assignment.create' && action.kind !== 'assignment.delete') return about
  const { accountId, permissionSetArn } = splitPairKey(action.pair)
  return {
    ...about,
    accountName: seen.accounts.get(accountId)?.name,
    permissionSetName: seen.permissionSets.get(permissionSetArn)?.name,
  }
}

function knownId(action: Action, links: Cycle['links']): string | undefined {
  if ('principal' in action) {
    const { kind, name, awsId } = action.principal
    return awsId ?? (name === undefined ? undefined : links.id(kind, name))
  }
  if ('awsId' in action && action.awsId !== undefined) return action.awsId
  return action.kind === 'members.add' || action.kind === 'members.remove'
    ? links.id('group', action.list)
    : undefined
}

function merge(effects: readonly Effect[]): Effect {
  return {
    seen: effects.flatMap(({ seen }) => seen ?? []),
    putLinks: effects.flatMap(({ putLinks }) => putLinks ?? []),
    deleteLinks: effects.flatMap(({ deleteLinks }) => deleteLinks ?? []),
    putLedger: effects.flatMap(({ putLedger }) => putLedger ?? []),
    deleteLedger: effects.flatMap(({ deleteLedger }) => deleteLedger ?? []),
    deleteLedgerOf: effects.flatMap(({ deleteLedgerOf }) => deleteLedgerOf ?? []),
  }
}
