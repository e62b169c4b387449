/** @module How the sync of a plugin stands: health, problems with remedies, totals, errors, calls. Reads only. */
import type { SyncStatusAnswer } from '../../api/contract/identity-center.js'
import { tokensInOrder } from '../../core/identity-center/scim-token-order.js'
import { executableActions } from '../../core/plan/make-plan.js'
import { formatInstant } from '../../core/time.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { judgeHealth } from './health.js'
import { readPermissionSets } from './import-facts.js'
import { listLockedInAws, lockedInAwsWords } from './locked-in-aws.js'
import { describeScim } from './scim-tokens.js'
import { hasStarted } from './started.js'
import type { CurrentPlan, PluginSync, SyncState } from './sync-port.js'
import { judgeUnfinished, unfinishedWords, type Unfinished } from './unfinished.js'
import { earliest } from '../../core/time.js'
import { jobAnswerOf } from './words.js'

/** An answer with thousands of objects is read by nobody. */
const maxErrors = 200

/** @throws GatewayError `NOT_FOUND`. */
export async function readStatus(deps: IdentityCenterDeps, name: string): Promise<SyncStatusAnswer> {
  const { settings } = await findPlugin(deps, name)
  const sync = await deps.syncs.of(name)
  const state = await sync.state()
  const current = await tryPlan(deps, sync)
  const tokens = await deps.store.scimTokens.list(name)
  const now = deps.clock.now()
  const usedSlot = tokensInOrder(tokens, now)[0]?.slot
  const started = await hasStarted(deps.store, settings)
  const open = await deps.store.changes.listOpen(name)
  const unfinished =
    current === undefined ? undefined : judgeUnfinished({ ...state, plan: current.plan, open, now })
  const locked = current === undefined || !started ? [] : listLockedInAws(current)
  const judged = judgeHealth({
    ...{ settings, started, state, tokens, usedSlot, current, unfinished, locked, now },
    oldestOpenAt: earliest(open.map(({ begunAt }) => begunAt)),
  })
  const held = current?.plan.actions.filter(({ holds }) => holds.length > 0).length ?? 0
  return {
    plugin: name,
    health: judged.health,
    says: judged.says,
    mode: settings.serviceProvider === undefined ? 'hybrid' : 'full',
    sync: settings.sync,
    problems: judged.problems.map((problem) => ({ ...problem })),
    credentials: {
      ...(state.credentials.ok !== undefined && { ok: state.credentials.ok }),
      kind: settings.credentials.kind,
      says: state.credentials.says,
      ...(state.credentials.expiresAt !== undefined && {
        expiresAt: formatInstant(state.credentials.expiresAt),
      }),
    },
    scim: describeScim(settings, tokens, now),
    ...timesOf(state, unfinished),
    totals: await countTotals(deps, name, current),
    waiting: {
      actions: current === undefined ? 0 : executableActions(current.plan, now).length,
      held,
      open: open.length,
      retried: unfinished?.retried ?? 0,
      ...(unfinished?.nextAt !== undefined && { nextAt: formatInstant(unfinished.nextAt) }),
      ...(unfinished?.ends !== undefined && {
        ends: {
          count: unfinished.ends.count,
          ...(unfinished.ends.since !== undefined && { since: formatInstant(unfinished.ends.since) }),
        },
      }),
    },
    locked: locked.map((one) => ({ ...one, says: lockedInAwsWords(one) })),
    drift: current?.plan.drift.length ?? 0,
    errors: state.errors.slice(0, maxErrors).map(({ since, ...error }) => ({
      ...error,
      since: formatInstant(since),
    })),
    moreErrors: Math.max(0, state.errors.length - maxErrors),
    governor: {
      queue: state.governor.queue,
      ...(state.governor.secondsLeft !== undefined && { secondsLeft: state.governor.secondsLeft }),
      services: state.governor.services.map((service) => ({ ...service })),
      history: state.governor.history.map((minute) => ({ ...minute })),
    },
    ...(state.job !== undefined && { job: jobAnswerOf(state.job) }),
    ...(state.lease !== undefined && {
      lease: {
        holder: state.lease.holder,
        isOurs: state.isHolder,
        expiresAt: formatInstant(state.lease.expiresAt),
      },
    }),
  }
}

/** The status has to be told also, above all, where the plan cannot be made. */
async function tryPlan(deps: IdentityCenterDeps, sync: PluginSync): Promise<CurrentPlan | undefined> {
  try {
    return await sync.plan()
  } catch (error) {
    deps.logger.error({ err: error, plugin: sync.plugin }, 'no plan can be made')
    return undefined
  }
}

/** What the last cycle said was true then: while anything is left, it is not said that all is as it should be. */
function timesOf(
  { lastSync, lastScan }: SyncState,
  unfinished: Unfinished | undefined,
): Pick<SyncStatusAnswer, 'lastSync' | 'lastScan'> {
  const left = unfinished === undefined ? undefined : unfinishedWords(unfinished)
  const isOld = lastSync?.success === true && lastSync.changed === 0 && left !== undefined
  return {
    ...(lastSync !== undefined && {
      lastSync: {
        at: formatInstant(lastSync.at),
        success: lastSync.success,
        says: isOld ? left : lastSync.says,
        changed: lastSync.changed,
        ...(lastSync.remedy !== undefined && { remedy: lastSync.remedy }),
      },
    }),
    ...(lastScan !== undefined && { lastScan: { ...lastScan, at: formatInstant(lastScan.at) } }),
  }
}

async function countTotals(
  deps: IdentityCenterDeps,
  name: string,
  current: CurrentPlan | undefined,
): Promise<SyncStatusAnswer['totals']> {
  const { users, groups, assignments } = current?.observation ?? {}
  return {
    accounts: current?.accounts.length ?? 0,
    permissionSets: (await readPermissionSets(deps.store, name)).length,
    users: users?.size ?? 0,
    groups: groups?.size ?? 0,
    assignments: [...(assignments?.values() ?? [])].reduce((sum, pairs) => sum + pairs.size, 0),
  }
}

/** Of every plugin that can be read, by name. Those that cannot be read are in `listUnreadable`. */
export async function readStatuses(deps: IdentityCenterDeps): Promise<SyncStatusAnswer[]> {
  const catalog = await deps.catalog.read()
  const statuses: SyncStatusAnswer[] = []
  for (const { value } of catalog.plugins()) statuses.push(await readStatus(deps, value.name))
  return statuses
}

/** Names of the plugins that cannot be read as they are stored: nothing is done for them, so they are failing. */
export async function listUnreadable(deps: Pick<IdentityCenterDeps, 'catalog'>): Promise<string[]> {
  const problems = (await deps.catalog.read()).problems()
  return problems.filter(({ kind }) => kind === 'plugin').map(({ name }) => name)
}
