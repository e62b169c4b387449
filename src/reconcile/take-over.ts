/**
 * @module What to do when AWS says that it exists already. It is ours only where it carries the external id that this
 * installation gives to this name: then an earlier call of ours made it and its answer was lost. Anything else is
 * somebody's; it is written down as seen, and the next plan offers its adoption to a person.
 */
import type { CallOptions } from '../core/governor/call.js'
import type { Action } from '../core/plan/plan.js'
import { commit, type Cycle } from './cycle.js'
import type { Effect } from './effect.js'
import { externalIdOf } from './mark.js'
import { replaceLink, type Performed } from './perform.js'
import { settledReads } from './read-one.js'

/** Undefined where it is not ours. */
export async function takeOver(
  cycle: Cycle,
  action: Action,
  options: CallOptions,
): Promise<Performed | undefined> {
  const begunAt = cycle.deps.timers.now()
  if (action.kind === 'user.create') {
    const found = await cycle.scim.findUser(action.attributes.userName, options)
    if (found === undefined) return undefined
    const write = { seen: settledReads(cycle, begunAt, [{ kind: 'user', id: found.id, value: found }]) }
    if (found.externalId === externalIdOf(cycle.reading.mark, 'user', action.user)) {
      return { effect: () => ({ ...bond(cycle, 'user', action.user, found.id), ...write }) }
    }
    await commit(cycle, write)
  }
  if (action.kind === 'group.create') {
    const found = await cycle.scim.findGroup(action.displayName, options)
    if (found === undefined) return undefined
    const write = { seen: settledReads(cycle, begunAt, [{ kind: 'group', id: found.id, value: found }]) }
    if (found.externalId === externalIdOf(cycle.reading.mark, 'group', action.list)) {
      return { effect: () => ({ ...bond(cycle, 'group', action.list, found.id), ...write }) }
    }
    await commit(cycle, write)
  }
  return undefined
}

/** Members and assignments that it has by now are read before the next plan. */
function bond(cycle: Cycle, kind: 'user' | 'group', name: string, id: string): Effect {
  cycle.reread.add({ what: 'assignments', kind, id })
  if (kind === 'group') cycle.reread.add({ what: 'members', id })
  const { links, ledger, deps } = cycle
  return replaceLink(kind, name, id, { links, ledger, now: deps.timers.now() })
}

/** Binds what carries our mark and has no link yet: made by a call whose answer, and whose process, were lost. */
export async function bindOwn(cycle: Cycle, names: { users: Iterable<string>; lists: Iterable<string> }) {
  const { seen, reading, links } = cycle
  const wanted = new Map<string, { kind: 'user' | 'group'; name: string }>()
  const prefix = externalIdOf(reading.mark, 'user', '').slice(0, `gatehouse:${reading.mark}:`.length)
  const carriers = [
    ...[...seen.users.values()].map((user) => ({ kind: 'user' as const, ...user })),
    ...[...seen.groups.values()].map((group) => ({ kind: 'group' as const, ...group })),
  ].filter(({ externalId }) => externalId?.startsWith(prefix) === true)
  if (carriers.length === 0) return
  for (const name of names.users) wanted.set(externalIdOf(reading.mark, 'user', name), { kind: 'user', name })
  for (const name of names.lists) {
    wanted.set(externalIdOf(reading.mark, 'group', name), { kind: 'group', name })
  }
  for (const { kind, id, externalId } of carriers) {
    const of = wanted.get(externalId ?? '')
    // With a link of that name to something that is there, a second one is a stranger's copy.
    if (of === undefined || of.kind !== kind || isBound(cycle, of)) continue
    await commit(cycle, bond(cycle, kind, of.name, id))
  }

  function isBound(
    { seen: { users, groups } }: Cycle,
    of: { kind: 'user' | 'group'; name: string },
  ): boolean {
    const id = links.id(of.kind, of.name)
    return id !== undefined && (of.kind === 'user' ? users : groups).has(id)
  }
}
