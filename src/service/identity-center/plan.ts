/** @module The plan as of now, in words and by page. Changes nothing. */
import type { PlanAnswer } from '../../api/contract/identity-center-plan.js'
import { describePlan, planNames, type DescribedAction } from '../../core/plan/describe.js'
import type { Action, PlannedAction } from '../../core/plan/plan.js'
import { compareText } from '../../core/inventory/inventory-index.js'
import { formatInstant } from '../../core/time.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { pageInOrder, type PageInput } from './page.js'
import { refuseWords } from './refuse-words.js'
import { hasStarted } from './started.js'
import type { CurrentPlan } from './sync-port.js'
import { judgeUnfinished, unfinishedWords, type Unfinished } from './unfinished.js'

export interface PlanPageInput extends PageInput {
  readonly show: 'all' | 'held'
}

/** @throws GatewayError `NOT_FOUND`, and `INVALID_INPUT` for a cursor that no page gave. */
export async function readPlan(
  deps: IdentityCenterDeps,
  name: string,
  input: PlanPageInput,
): Promise<PlanAnswer> {
  await findPlugin(deps, name)
  const sync = await deps.syncs.of(name)
  const current = await sync.plan()
  const { inventory } = await deps.catalog.read()
  const facts = { ...(await sync.state()), plan: current.plan, open: await deps.store.changes.listOpen(name) }
  const started = await hasStarted(deps.store, current.settings)
  const isOn = current.settings.sync === 'active' && started
  const left = judgeUnfinished({ ...facts, now: deps.clock.now() })
  return {
    ...describeCurrent(current, inventory, input),
    ...bindsOf(current, started),
    ...(isOn && unfinishedOf(left)),
  }
}

/** Of a sync that is on: before, all of the plan is what is not in AWS yet. */
function unfinishedOf(left: Unfinished): Pick<PlanAnswer, 'unfinished'> {
  const says = unfinishedWords(left)
  if (says === undefined) return {}
  const nextAt = left.nextAt === undefined ? {} : { nextAt: formatInstant(left.nextAt) }
  return { unfinished: { count: left.all, says, ...nextAt } }
}

function describeCurrent(
  current: CurrentPlan,
  inventory: Parameters<typeof describePlan>[0]['inventory'],
  input: PlanPageInput,
): PlanAnswer {
  const { plan, settings } = current
  const words = describePlan({ ...current, inventory })
  const names = planNames({ ...current, inventory })
  const planned = new Map(plan.actions.map((one) => [one.action.key, one]))
  const wanted = words.actions
    .filter(({ holds }) => input.show === 'all' || holds.length > 0)
    .map((one, index) => ({ one, index }))
    .sort((a, b) => weightOf(a.one) - weightOf(b.one) || a.index - b.index)
    .map(({ one }) => one)
  const heldKeys = new Set(words.actions.flatMap(({ key, holds }) => (holds.length > 0 ? [key] : [])))
  const page = pageInOrder(
    wanted,
    ({ says, because, key }) => [says, because, key, ...peopleOf(planned.get(key)?.action)].join('\n'),
    input,
  )
  return {
    ...(current.readAt !== undefined && { readAt: formatInstant(current.readAt) }),
    madeAt: formatInstant(current.madeAt),
    sync: settings.sync,
    ...(current.restored !== undefined && {
      restored: {
        backupAt: formatInstant(current.restored.backupAt),
        restoredAt: formatInstant(current.restored.restoredAt),
      },
    }),
    heldDigest: plan.heldDigest,
    counts: words.counts.map((count) => ({ ...count })),
    actions: page.items.map(({ attributes, holds, ...action }) => ({
      ...action,
      ...(attributes !== undefined && { attributes: attributes.map((one) => ({ ...one })) }),
      holds: holds.map((hold) => ({ ...hold })),
      ...rowOf(planned.get(action.key), (of) => refuseWords(of, names)),
    })),
    ...(page.next !== undefined && { nextCursor: page.next }),
    total: page.total,
    effects: words.effects.map((effect) => ({ ...effect })),
    moreEffects: words.moreEffects,
    drift: words.drift.map((drift, index) => {
      const key = plan.drift[index]?.action
      return { ...drift, ...(key !== undefined && heldKeys.has(key) && { held: true }) }
    }),
    setAside: words.setAside.map((one) => ({ ...one })),
    notes: [...words.notes],
  }
}

const bindsTold = 200

/**
 * Those whom nobody has to approve singly, so that whoever agrees to the plan knows them; before the first plan with
 * those whom the import found, since nothing was done to them until then.
 */
function bindsOf({ plan, links }: CurrentPlan, started: boolean): Pick<PlanAnswer, 'binds'> {
  const adopted = plan.actions.flatMap(({ action, holds }) =>
    action.kind === 'user.adopt' && holds.length === 0 ? [action.user] : [],
  )
  const found = links.filter(({ kind }) => kind === 'user' && !started).map(({ name }) => name)
  const users = [...new Set([...found, ...adopted])].sort(compareText)
  if (users.length === 0) return {}
  return { binds: { users: users.slice(0, bindsTold), more: Math.max(0, users.length - bindsTold) } }
}

/** First what waits for a person, and of that what takes away; people made anew last: they harm nobody. */
function weightOf({ kind, holds, removes }: DescribedAction): number {
  const isHarmless = kind === 'user.create' || kind === 'ledger.update'
  return (holds.length > 0 ? 0 : 4) + (removes ? 0 : 1) + (isHarmless ? 1 : 0)
}

/** What stands in a row beside its words. */
function rowOf(
  planned: PlannedAction | undefined,
  refusal: (action: Action) => string,
): Pick<PlanAnswer['actions'][number], 'people' | 'refuse' | 'notBefore'> {
  if (planned === undefined) return {}
  const { action, holds, notBefore } = planned
  const people = peopleOf(action)
  return {
    ...(people.length > 0 && { people }),
    ...(holds.length > 0 && { refuse: refusal(action) }),
    ...(notBefore !== undefined && { notBefore: formatInstant(notBefore) }),
  }
}

function peopleOf(action: Action | undefined): string[] {
  return action !== undefined && 'members' in action ? action.members.map(({ name }) => name) : []
}
