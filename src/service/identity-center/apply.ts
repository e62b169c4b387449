/**
 * @module Switches the sync on, by the setting in the plugin resource that anybody could write as well, and follows
 * the first plan to its end as a job. Held actions go on waiting for their own approval.
 */
import type { JobItem } from '../../api/contract/identity-center.js'
import { GatewayError } from '../../core/error.js'
import { noteNames } from '../../core/identity-center/note-names.js'
import { executableActions } from '../../core/plan/make-plan.js'
import type { Action, Plan } from '../../core/plan/plan.js'
import { minute, second, type Instant } from '../../core/time.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { confirmBefore } from '../people/confirm-change.js'
import { applyResources } from '../resources/apply.js'
import { planChanged } from './approve.js'
import type { IdentityCenterDeps } from './deps.js'
import { editPlugin } from './edit-plugin.js'
import { findPlugin } from './find-plugin.js'
import { hasStarted } from './started.js'
import type { CurrentPlan, PluginSync, Progress } from './sync-port.js'
import { judgeUnfinished, nextTryWords, unfinishedWords, type Unfinished } from './unfinished.js'
import { jobAnswerOf } from './words.js'

const lookEveryMs = second
/** Without any progress for so long the job ends; the sync goes on by itself. */
const patienceMs = 5 * minute

/**
 * @throws GatewayError `PLAN_CHANGED` for a digest of another plan, `CONFLICT` where AWS was not read yet, a SCIM token
 * is missing or a job runs, whatever the plugin refuses, and as `confirmChange`.
 */
export async function applyPlan(
  deps: IdentityCenterDeps,
  name: string,
  input: { readonly heldDigest?: string | undefined },
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<JobItem> {
  const plugin = await findPlugin(deps, name)
  if (plugin.settings.sync === 'active' && !(await hasStarted(deps.store, plugin.settings))) {
    throw new GatewayError(
      'CONFLICT',
      'the sync is active and imports what AWS has before it changes anything; the status says how far it is',
    )
  }
  const sync = await deps.syncs.of(name)
  const current = await sync.plan()
  if (input.heldDigest !== undefined && input.heldDigest !== current.plan.heldDigest) throw planChanged()
  await assertCanBegin(deps, current)
  const switching = plugin.settings.sync === 'paused'
  const acts = [{ resource: 'plugin', verb: 'update' }]
  const confirmed = switching ? await confirmBefore(deps, acts, authority, origin) : authority
  // Begun before the switch, so that a job that runs already refuses the whole.
  const total = executableActions(current.plan, deps.clock.now()).length
  const job = await sync.run('apply', async (progress) => {
    progress({ says: 'Applying the plan', done: 0, total })
    if (switching) await switchOn(deps, name, confirmed, origin)
    sync.wake()
    await follow(deps, sync, total, progress)
  })
  return jobAnswerOf(job)
}

async function switchOn(
  deps: IdentityCenterDeps,
  name: string,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const { parsed } = editPlugin(deps, await findPlugin(deps, name), { sync: 'active' })
  const { notes } = deps.store
  const note = noteNames.started(name)
  const isFirst = (await notes.find(note)) === undefined
  // Before the switch: one that is active and has not started would import first.
  if (isFirst) await notes.put(note, { at: deps.clock.now(), by: authority.name })
  try {
    const input = { documents: [parsed.written], mode: 'update', dryRun: false } as const
    await applyResources(deps, input, authority, origin)
  } catch (error) {
    // Nothing began, so AWS is the truth still and import is not over.
    if (isFirst) await notes.delete(note)
    throw error
  }
}

const byScim = /^(?:user|group|members)\./

async function assertCanBegin(
  deps: IdentityCenterDeps,
  { settings, plan, readAt }: CurrentPlan,
): Promise<void> {
  if (readAt === undefined) {
    throw new GatewayError(
      'CONFLICT',
      'AWS was not read to the end yet: look at AWS first, then read the plan',
    )
  }
  if (!plan.actions.some(({ action }) => byScim.test(action.kind) && !action.kind.endsWith('.adopt'))) return
  const tokens = await deps.store.scimTokens.list(settings.name)
  if (settings.scimBaseUrl !== undefined && tokens.length > 0) return
  throw new GatewayError(
    'CONFLICT',
    'the plan writes users and groups, and no SCIM URL and token are stored: add them first',
  )
}

async function follow(
  deps: IdentityCenterDeps,
  sync: PluginSync,
  total: number,
  progress: Progress,
): Promise<void> {
  let left = total
  let movedAt = deps.clock.now()
  for (;;) {
    const before = deps.clock.now()
    const { plan, settings } = await sync.plan()
    const now = deps.clock.now()
    const state = await sync.state()
    const open = await deps.store.changes.listOpen(sync.plugin)
    const rest = judgeUnfinished({ ...state, plan, open, now })
    if (rest.all !== left) movedAt = now
    left = rest.all
    // What the plan grew by meanwhile is work of its own: more than all is never left.
    const done = Math.max(0, total - rest.all)
    progress({ done })
    if (state.credentials.ok === false) throw new GatewayError('AWS_REFUSED', state.credentials.says)
    if (settings.sync === 'paused') {
      progress({ says: `${done} of ${total} changes are made; then the sync was paused` })
      return
    }
    // What is only tried again may fail for long, and is told where it is not said that all is done.
    if ((rest.ready === 0 && rest.open === 0) || now - movedAt > patienceMs) {
      progress({ says: sayEnd(plan, rest, { done, total, now }) })
      return
    }
    progress({ says: await sayNow(deps, sync, plan, rest, now) })
    // A large plan takes a while to make; half of the time is left to others.
    await deps.timers.sleep(Math.max(lookEveryMs, now - before))
  }
}

/** What is being done, by the name of the object; or, where AWS does not answer, what waits for it. */
async function sayNow(
  deps: IdentityCenterDeps,
  { plugin }: PluginSync,
  plan: Plan,
  rest: Unfinished,
  now: Instant,
): Promise<string> {
  const words = unfinishedWords(rest)
  if (rest.nextAt !== undefined && words !== undefined) return `${words}${nextTryWords(rest, now)}`
  const [begun] = await deps.store.changes.list(plugin, { limit: 1 })
  const next = plan.actions.find(({ action }) => action.key === begun?.key)?.action
  return next === undefined ? 'Applying the plan' : `Applying the plan: ${objectWords(next)}`
}

function objectWords(action: Action): string {
  if ('user' in action) return `user ${action.user}`
  if ('list' in action) return `access list ${action.list}`
  return `${action.principal.kind} ${action.principal.name ?? action.principal.awsId ?? ''}`
}

function sayEnd(
  plan: Plan,
  rest: Unfinished,
  { done, total, now }: { readonly done: number; readonly total: number; readonly now: Instant },
): string {
  const held = plan.actions.filter(({ holds }) => holds.length > 0).length
  const left = unfinishedWords(rest)
  const parts = [
    ...(held > 0 ? [`${held} ${held === 1 ? 'action waits' : 'actions wait'} for a person`] : []),
    ...(left === undefined
      ? []
      : [
          `${done} of ${total} changes are made. ${left}${nextTryWords(rest, now)} The sync goes on by itself; the status says why they fail`,
        ]),
  ]
  return parts.length === 0 ? 'AWS is as Gatehouse says' : parts.join('; ')
}
