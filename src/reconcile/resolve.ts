/**
 * @module Intents without an outcome: of a call whose answer was lost, or of a process that died. AWS is read anew and
 * tells what became of them; an outcome is never assumed (T23). What cannot be read now stays open, and nothing is
 * planned for its principal meanwhile.
 */
import { z } from 'zod'
import { principalKey, type GrantReason, type LedgerEntry } from '../core/identity-center/observation.js'
import { unresolvedName, unresolvedPart } from '../core/plan/input.js'
import type { Action } from '../core/plan/plan.js'
import { second, type DurationMs, type Instant } from '../core/time.js'
import type { ChangeRecord } from '../store/store.js'
import { contextOf, endFailed, endSucceeded, objectOf } from './change.js'
import { step, type Cycle } from './cycle.js'
import type { Effect } from './effect.js'
import { externalIdOf } from './mark.js'
import { assignmentEffect, forgetPrincipal, idsOf, replaceLink } from './perform.js'
import { doubtsOf, rereadAll } from './reread.js'

const actionForm = z.looseObject({ kind: z.string(), key: z.string() })

/** What AWS shows of an action: done, with what follows; or not, with what follows of the part that was. */
interface Finding {
  readonly isDone: boolean
  readonly effect: Effect
}

/** Answers the principals of which it is still not known what AWS holds, in which part, and how many were found done. */
export async function resolveOpen(
  cycle: Cycle,
): Promise<{ readonly unresolved: ReadonlySet<string>; readonly found: number }> {
  const { deps, settings, reread } = cycle
  const open = await deps.store.changes.listOpen(settings.name)
  const actions = open.map((record) => ({ record, action: parseAction(record) }))
  for (const { action } of actions) {
    for (const doubted of doubtsOf(cycle, action, 'unknown_outcome')) reread.add(doubted)
  }
  if (!reread.isEmpty) await rereadAll(cycle)
  const unresolved = new Set<string>()
  let found = 0
  const early: { readonly action: Action; readonly settledAt: Instant }[] = []
  for (const { record, action } of actions) {
    if (isPending(cycle, action)) {
      for (const name of principalNames(cycle, action)) unresolved.add(name)
      continue
    }
    const { isDone, effect } = find(cycle, action)
    const settledAt = record.begunAt + settlingTime(action)
    if (!isDone && deps.timers.now() < settledAt) {
      for (const name of principalNames(cycle, action)) unresolved.add(name)
      early.push({ action, settledAt })
      continue
    }
    if (isDone) found += 1
    await step(deps, 'resolve', () =>
      isDone
        ? endSucceeded(cycle, action, record, effect)
        : endFailed(
            cycle,
            action,
            record,
            notSeen(action),
            effect,
            isAdoption(action) ? 'failed' : 'unknown',
          ),
    )
  }
  // What was found to be ours by now is read before anything is planned for it.
  if (!reread.isEmpty) await rereadAll(cycle)
  for (const { action, settledAt } of early) {
    reread.notBefore = reread.isEmpty ? settledAt : Math.min(reread.notBefore, settledAt)
    for (const doubted of doubtsOf(cycle, action, 'unknown_outcome')) reread.add(doubted)
  }
  return { unresolved, found }
}

/** AWS answers for an assignment before it has made it: that it is not there yet says nothing for so long. */
function settlingTime({ kind }: Action): DurationMs {
  return kind === 'assignment.create' || kind === 'assignment.delete' ? 10 * second : 0
}

function parseAction(record: ChangeRecord): Action {
  // Written by `change.ts` from an Action; a damaged row fails here instead of being taken for no intent.
  return actionForm.parse(record.action) as unknown as Action
}

function notSeen(action: Action): { says: string; remedy: string } {
  const { name } = objectOf(action)
  if (isAdoption(action)) {
    return {
      says: `Taking over "${name}" was interrupted; it changes nothing in AWS.`,
      remedy: 'Nothing to do: it is done again while it is needed.',
    }
  }
  return {
    says: `AWS's answer about "${name}" was lost, and AWS does not show the change.`,
    remedy: 'Nothing to do: it is made again while it is needed.',
  }
}

/** It reads AWS and writes here alone, so that its outcome is always known here. */
function isAdoption({ kind }: Action): boolean {
  return kind === 'user.adopt' || kind === 'group.adopt'
}

/** Whether something that tells of the action could not be read. */
function isPending(cycle: Cycle, action: Action): boolean {
  return doubtsOf(cycle, action, 'unknown_outcome').some((doubted) => cycle.reread.waitsFor(doubted))
}

function principalNames({ links }: Cycle, action: Action): string[] {
  const { kind, name } = objectOf(action)
  if ('principal' in action) {
    const id = action.principal.awsId ?? links.id(action.principal.kind, action.principal.name ?? '')
    return id === undefined
      ? [unresolvedName(action.principal.kind, name)]
      : [unresolvedPart(principalKey(action.principal.kind, id), 'assignments')]
  }
  const of = kind === 'list' ? 'group' : 'user'
  const id = ('awsId' in action ? action.awsId : undefined) ?? links.id(of, name)
  if (id === undefined) return [unresolvedName(of, name)]
  return [principalKey(of, id), unresolvedName(of, name)].map((one) => unresolvedPart(one, 'object'))
}

function find(cycle: Cycle, action: Action): Finding {
  const { seen, links, ledger, reading, deps } = cycle
  const nothing: Finding = { isDone: false, effect: {} }
  const done = (effect: Effect = {}): Finding => ({ isDone: true, effect })
  const now = deps.timers.now()
  switch (action.kind) {
    case 'user.create': {
      const ours = externalIdOf(reading.mark, 'user', action.user)
      const made = [...seen.users.values()].find(({ externalId }) => externalId === ours)
      if (made === undefined) return nothing
      cycle.reread.add({ what: 'assignments', kind: 'user', id: made.id })
      // Written as a change of ours: it may be so new that AWS's next reads do not show it.
      const effect = replaceLink('user', action.user, made.id, { links, ledger, now })
      return done({ ...effect, seen: [{ kind: 'user', id: made.id, value: made }] })
    }
    case 'group.create': {
      const ours = externalIdOf(reading.mark, 'group', action.list)
      const made = [...seen.groups.values()].find(({ externalId }) => externalId === ours)
      if (made === undefined) return nothing
      cycle.reread.add({ what: 'assignments', kind: 'group', id: made.id })
      cycle.reread.add({ what: 'members', id: made.id })
      const effect = replaceLink('group', action.list, made.id, { links, ledger, now })
      return done({ ...effect, seen: [{ kind: 'group', id: made.id, value: made }] })
    }
    case 'user.update': {
      const user = seen.users.get(action.awsId)
      if (user === undefined) return nothing
      const is: Readonly<Record<string, unknown>> = { ...user }
      return Object.entries(action.changes).every(([key, value]) => is[key] === value) ? done() : nothing
    }
    case 'user.activate':
      return seen.users.get(action.awsId)?.active === true ? done() : nothing
    case 'user.deactivate':
      return seen.users.get(action.awsId)?.active === false ? done() : nothing
    case 'user.delete':
      return seen.users.has(action.awsId)
        ? nothing
        : done(forgetPrincipal({ kind: 'user', name: action.user, awsId: action.awsId }, cycle))
    case 'group.delete':
      return seen.groups.has(action.awsId)
        ? nothing
        : done(forgetPrincipal({ kind: 'group', name: action.list, awsId: action.awsId }, cycle))
    case 'group.rename': {
      const group = seen.groups.get(action.awsId)
      if (group === undefined) return nothing
      const isDone = group.displayName === action.displayName
      // AWS may show the new name later: then it is no deviation.
      const settledName = isDone ? group.displayName : undefined
      return { isDone, effect: { seen: [{ kind: 'group', id: group.id, value: { ...group, settledName } }] } }
    }
    case 'members.add':
    case 'members.remove':
      return findMembers(cycle, action)
    case 'assignment.create':
    case 'assignment.delete': {
      const { kind, name } = action.principal
      const id = action.principal.awsId ?? (name === undefined ? undefined : links.id(kind, name))
      const pairs = id === undefined ? undefined : seen.assignments.get(principalKey(kind, id))
      if (id === undefined || pairs === undefined) return nothing
      const isThere = pairs.has(action.pair)
      if (isThere !== (action.kind === 'assignment.create')) return nothing
      return done(assignmentEffect(action, id, { seen, ledger, now }))
    }
    case 'user.adopt':
    case 'group.adopt':
    case 'ledger.update':
    case 'link.forget':
      return nothing
  }
}

function findMembers(
  cycle: Cycle,
  action: Extract<Action, { readonly kind: 'members.add' | 'members.remove' }>,
): Finding {
  const { seen, links, ledger } = contextOf(cycle)
  const id = action.awsId ?? links.id('group', action.list)
  const there = id === undefined ? undefined : seen.members.get(id)
  if (id === undefined || there === undefined) return { isDone: false, effect: {} }
  const isAdd = action.kind === 'members.add'
  const ids = idsOf(action.members, links)
  const hits = ids.filter((one) => there.has(one) === isAdd)
  const principal = principalKey('group', id)
  const reasons: readonly GrantReason[] = [{ kind: 'list', list: action.list }]
  const since = cycle.deps.timers.now()
  const rows = hits.map((target): LedgerEntry => {
    return ledger.renewed({ kind: 'membership', principal, target, reasons, since })
  })
  return {
    isDone: hits.length === ids.length,
    effect: isAdd ? { putLedger: rows } : { deleteLedger: rows },
  }
}
