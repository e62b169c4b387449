/** @module What a plan brings with it beside its actions: links that nothing wants any more, and drift to be told. */
import { principalKey } from '../core/identity-center/observation.js'
import type { Plan } from '../core/plan/plan.js'
import { appendEvents, assertMayBegin, type Cycle } from './cycle.js'
import type { Memory } from './memory.js'
import { noteNames } from './notes.js'

type Context = Pick<Cycle, 'deps' | 'settings' | 'revision' | 'lease' | 'term'>

/** Deviations that are remembered as told, and told at once. */
const mostKnown = 5000
const mostTold = 1000

/** Dates links that nothing wants, so that their deletion waits from then on; and takes the date back. */
export async function markUnwanted(cycle: Context, { unwanted }: Plan): Promise<void> {
  const { deps, settings } = cycle
  if (unwanted.length === 0) return
  await deps.store.transaction(async (tx) => {
    await assertMayBegin(tx, cycle)
    for (const { kind, name, since } of unwanted) {
      const link = await tx.principalLinks.find(settings.name, kind, name)
      if (link !== undefined) await tx.principalLinks.put(settings.name, { ...link, unwantedSince: since })
    }
  })
}

/** What a group has whose adoption waits for a person is read, so that the plan can tell what comes of it. */
export function readAdoptable({ reread, seen }: Pick<Cycle, 'reread' | 'seen'>, { actions }: Plan): void {
  for (const { action } of actions) {
    if (action.kind !== 'group.adopt') continue
    const { awsId: id } = action
    if (!seen.members.has(id)) reread.add({ what: 'members', id })
    if (!seen.assignments.has(principalKey('group', id)))
      reread.add({ what: 'assignments', kind: 'group', id })
  }
}

/** Each deviation is told once, when it is found. */
export async function tellDrift(cycle: Context, { drift }: Plan, memory: Memory): Promise<void> {
  const { deps, settings } = cycle
  const keys = drift.map(({ kind, principal, target }) => {
    return `${kind}/${principal.kind}/${principal.awsId ?? principal.name ?? ''}/${target ?? ''}`
  })
  const known = new Set(memory.progress.drift)
  const news = drift.filter((_, index) => !known.has(keys[index] ?? '')).slice(0, mostTold)
  const kept = keys.slice(0, mostKnown)
  if (news.length === 0 && kept.length === known.size) return
  const progress = { ...memory.progress, drift: kept }
  await deps.store.transaction(async (tx) => {
    await assertMayBegin(tx, cycle)
    const events = news.map(({ kind, principal, says, action }) => ({
      event: 'aws_identity_center.drift' as const,
      success: true,
      user: 'system',
      fields: {
        plugin: settings.name,
        kind,
        name: principal.name,
        aws_id: principal.awsId,
        says,
        reverted: action !== undefined,
      },
    }))
    await appendEvents(deps, tx, events)
    await tx.notes.put(noteNames.progress(settings.name), progress)
  })
  memory.progress = progress
}
