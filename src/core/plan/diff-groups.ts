/**
 * @module What has to change about groups themselves: made, renamed, restored, deleted. Names of groups are unique in
 * Identity Center, so a name is taken only once whoever has it has given it up. A foreign group of the same name is
 * never taken over without a person, and one without assignments may carry more than we see (T19).
 */
import type { DesiredGroup } from '../entitlement/desired.js'
import { principalKey, type Link, type ObservedGroup } from '../identity-center/observation.js'
import { formatInstant } from '../time.js'
import { doubtfulRestore, forget, markUnwanted, markWanted } from './diff-users.js'
import { keyOf } from './keys.js'
import type { ActionKey, Hold } from './plan.js'
import { principalOf, type PlanState } from './plan-state.js'

export function diffGroups(state: PlanState): void {
  const { desired, observation } = state.input
  for (const link of state.links.group.values()) {
    if (desired.groups.has(link.name) || state.isUntouchable('group', link.name, link.awsId)) continue
    diffUnwanted(state, link)
  }
  for (const group of sortedGroups(state)) {
    const link = state.links.group.get(group.list)
    if (state.isUnresolved('group', group.list, link?.awsId)) continue
    if (link === undefined) diffUnlinked(state, group)
    else if (state.isGone(link)) restore(state, group, link)
    else {
      markWanted(state, link)
      const observed = observation.groups?.get(link.awsId)
      if (observed !== undefined) rename(state, group, observed)
    }
  }
}

export function sortedGroups(state: PlanState): DesiredGroup[] {
  return [...state.input.desired.groups.values()].sort((a, b) => (a.list < b.list ? -1 : 1))
}

function diffUnlinked(state: PlanState, group: DesiredGroup): void {
  if (state.input.observation.groups === undefined || state.isFixed('group', group.list)) return
  const there = state.groupsByName.get(group.displayName)
  if (there !== undefined && !state.linksById.group.has(there.id)) {
    if (state.isUnresolved('group', undefined, there.id)) return
    const hold: Hold = {
      rule: 'adoption',
      says: `Identity Center has a group ${group.displayName} that Gatehouse did not make; taking it over needs a person.`,
    }
    state.draft(
      {
        kind: 'group.adopt',
        list: group.list,
        awsId: there.id,
        beyond: state.input.settings.drift === 'revert' ? 'removed' : 'reported',
      },
      'has exactly this name in Identity Center',
      { holds: [hold] },
    )
    return
  }
  create(state, group, 'the access list gives access to AWS accounts', [])
}

function create(
  state: PlanState,
  group: DesiredGroup,
  because: string,
  holds: readonly Hold[],
): ActionKey | undefined {
  if (state.isFixed('group', group.list)) return undefined
  const free = freeName(state, group)
  if (free === undefined) return undefined
  // Members are added by `diff-members.ts`, which knows who there is by then.
  const draft = state.draft(
    { kind: 'group.create', list: group.list, displayName: group.displayName, members: [] },
    because,
    { after: free, holds },
  )
  state.groupCreates.set(group.list, draft.key)
  return draft.key
}

function restore(state: PlanState, group: DesiredGroup, link: Link): void {
  const holds: Hold[] = []
  const successor = state.groupsByName.get(group.displayName)
  if (successor !== undefined && !state.linksById.group.has(successor.id)) {
    // Somebody made another one with its name: that is a foreign group, to be taken over by a person or not at all.
    if (!state.input.observation.doubts.has('groups')) {
      forget(state, link, 'was deleted in Identity Center, and another group has its name there')
    }
    return
  }
  if (state.input.observation.doubts.has('groups')) holds.push(doubtfulRestore('groups'))
  if (state.input.settings.restoreDeletedGroups === 'ask') {
    holds.push({
      rule: 'restore',
      says: `The group ${group.displayName} was deleted in Identity Center; making it again with its members and assignments needs a person.`,
    })
  }
  const action = create(state, group, 'was deleted in Identity Center', holds)
  state.drift.push({
    kind: 'group_missing',
    principal: principalOf(link),
    target: undefined,
    says: `The group ${group.displayName} was deleted in Identity Center.`,
    action,
  })
}

function rename(state: PlanState, group: DesiredGroup, observed: ObservedGroup): void {
  const { list, displayName } = group
  if (observed.displayName === displayName || state.isFixed('group', list)) return
  const isFirst = isFirstOfCircle(state, group)
  const free = isFirst ? [] : freeName(state, group)
  if (free === undefined) return
  const draft = state.draft(
    {
      kind: 'group.rename',
      list,
      awsId: observed.id,
      from: observed.displayName,
      displayName: isFirst ? passingName(group) : displayName,
    },
    'the access list has this title',
    { after: free },
  )
  // A title that was changed here is no deviation there.
  if ((observed.settledName ?? observed.displayName) === observed.displayName) return
  state.drift.push({
    kind: 'name',
    principal: { kind: 'group', name: list, awsId: observed.id },
    target: observed.displayName,
    says: `The group of the access list ${list} is called ${observed.displayName} in Identity Center.`,
    action: draft.key,
  })
}

/** A name for one group of a circle that exchange theirs, until the others have moved. */
function passingName({ displayName, list }: DesiredGroup): string {
  return `${displayName.slice(0, 700)} (${list.slice(0, 200)})`
}

/** Whether groups wait for the names of each other in a circle of which this list is the first by name. */
function isFirstOfCircle(state: PlanState, group: DesiredGroup): boolean {
  let at = group
  for (let steps = 0; steps <= state.links.group.size; steps++) {
    const holder = holderOf(state, at)
    const next = holder === undefined ? undefined : state.input.desired.groups.get(holder.name)
    if (next === undefined || next.displayName === at.displayName) return false
    if (next.list === group.list) return true
    if (next.list < group.list) return false
    at = next
  }
  return false
}

/** The group of ours that has the name which this one should have. */
function holderOf(state: PlanState, { list, displayName }: DesiredGroup): Link | undefined {
  const there = state.groupsByName.get(displayName)
  const link = there === undefined ? undefined : state.linksById.group.get(there.id)
  return link?.name === list ? undefined : link
}

/** What has to happen before the name is free: nothing mostly. Undefined where it will not become free. */
function freeName(state: PlanState, group: DesiredGroup): ActionKey[] | undefined {
  const there = state.groupsByName.get(group.displayName)
  if (there === undefined) return []
  const holder = state.linksById.group.get(there.id)
  const next = holder === undefined ? undefined : state.input.desired.groups.get(holder.name)
  if (holder !== undefined && next !== undefined && next.displayName !== group.displayName) {
    const { displayName } = next
    return [
      keyOf({ kind: 'group.rename', list: next.list, awsId: there.id, from: there.displayName, displayName }),
    ]
  }
  if (holder !== undefined && state.deletions.has(principalKey('group', there.id))) {
    const { displayName } = there
    return [keyOf({ kind: 'group.delete', list: holder.name, awsId: there.id, displayName })]
  }
  const owner =
    holder === undefined ? 'a group that Gatehouse did not make' : `the access list ${holder.name}`
  state.setAside.push({
    kind: 'group',
    name: group.list,
    code: 'duplicate_name',
    says: `The name ${group.displayName} is taken in Identity Center by ${owner}.`,
    remedy: 'Give the access list another title, or rename the other group.',
  })
  return undefined
}

function diffUnwanted(state: PlanState, link: Link): void {
  const { observation, settings, now } = state.input
  const { awsId, origin } = link
  if (state.isGone(link)) {
    if (!observation.doubts.has('groups')) {
      forget(state, link, 'is gone in Identity Center and wanted by nothing here')
    }
    return
  }
  if (observation.groups === undefined) return
  const since = markUnwanted(state, link)
  const dueAt = origin === 'created' ? now : since + settings.deletionDelayMs
  // Grants that reach nothing may be grants whose accounts were not read.
  const doubt = observation.doubts.has('accounts') || observation.doubts.has('permission_sets')
  if (dueAt <= now) state.deletions.set(principalKey('group', awsId), { link, doubt })
  else {
    state.considerChange(dueAt)
    const displayName = observation.groups.get(awsId)?.displayName ?? link.name
    state.notes.push(
      `The group ${displayName}, which no access list here wants any more, is deleted in Identity Center at ${formatInstant(dueAt)}; what it gives is taken away before.`,
    )
  }
}
