/**
 * @module What groups of ours have in Identity Center beyond what their lists say, and what has to wait for that: nobody
 * is added to a group while it has assignments that the list does not give, and nothing is assigned to one while it has
 * members who are not in the list. Otherwise a plan would give access that no reason names. It takes nothing away.
 */
import { principalKey, type Link } from '../identity-center/observation.js'
import { countAssignments } from './diff-assignments.js'
import type { Hold } from './plan.js'
import type { Draft, PlanState } from './plan-state.js'

interface GroupDrafts {
  readonly additions: Draft[]
  readonly removals: Draft[]
  readonly creates: Draft[]
  readonly deletes: Draft[]
}

/** What is there and stays there, since policy only reports it or nothing may be changed where it is. */
interface Staying {
  pairs: number
  members: number
}

/** Adds to what the drafts wait for. To be called when all changes of members and assignments are drafted. */
export function waitForWhatIsBeyond(state: PlanState): void {
  const staying = whatStays(state)
  for (const [groupId, drafts] of draftsOfGroups(state)) {
    const { additions, removals, creates, deletes } = drafts
    const link = state.linksById.group.get(groupId)
    if (link === undefined) continue
    for (const { after } of additions) for (const { key } of deletes) after.add(key)
    for (const { after } of creates) for (const { key } of removals) after.add(key)
    if (link.origin === 'adopted' && additions.length > 0) {
      // Until it is known what a group that others made gives, nobody is added to it.
      const pairs = state.input.observation.assignments.get(principalKey('group', groupId))
      if (pairs === undefined) for (const { key } of additions) state.drafts.delete(key)
    }
    const { pairs, members } = staying.get(groupId) ?? { pairs: 0, members: 0 }
    if (pairs > 0) for (const { holds } of additions) holds.push(additionHold(link, pairs))
    if (members > 0) for (const { holds } of creates) holds.push(assignmentHold(link, members))
  }
}

function draftsOfGroups({ drafts }: PlanState): ReadonlyMap<string, GroupDrafts> {
  const groups = new Map<string, GroupDrafts>()
  const of = (groupId: string | undefined, part: keyof GroupDrafts, draft: Draft): void => {
    if (groupId === undefined) return
    const known = groups.get(groupId) ?? { additions: [], removals: [], creates: [], deletes: [] }
    known[part].push(draft)
    groups.set(groupId, known)
  }
  for (const draft of drafts.values()) {
    const { change } = draft
    if (change.kind === 'members.add') of(change.awsId, 'additions', draft)
    if (change.kind === 'members.remove') of(change.awsId, 'removals', draft)
    if (change.kind !== 'assignment.create' && change.kind !== 'assignment.delete') continue
    if (change.principal.kind !== 'group') continue
    of(change.principal.awsId, change.kind === 'assignment.create' ? 'creates' : 'deletes', draft)
  }
  return groups
}

function whatStays(state: PlanState): ReadonlyMap<string, Staying> {
  const { observation } = state.input
  const groups = new Map<string, Staying>()
  const add = (groupId: string, part: keyof Staying): void => {
    const known = groups.get(groupId) ?? { pairs: 0, members: 0 }
    known[part] += 1
    groups.set(groupId, known)
  }
  for (const { kind, principal, target, action } of state.drift) {
    const { awsId } = principal
    if (action !== undefined || principal.kind !== 'group' || awsId === undefined || target === undefined)
      continue
    if (kind === 'assignment') add(awsId, 'pairs')
    if (kind === 'membership' && observation.members.get(awsId)?.has(target) === true) add(awsId, 'members')
  }
  for (const { awsId, origin } of state.links.group.values()) {
    if (origin !== 'adopted') continue
    for (const pair of observation.assignments.get(principalKey('group', awsId)) ?? [])
      if (state.isLeftAlone(pair)) add(awsId, 'pairs')
  }
  return groups
}

function additionHold(link: Link, pairs: number): Hold {
  const they = pairs === 1 ? 'that is not removed' : 'that are not removed'
  return {
    rule: ruleOf(link),
    says: `The group has ${countAssignments(pairs)} in AWS that the access list ${link.name} does not give and ${they} by itself; whoever is added would get that, too. Remove it in AWS, or let a person agree.`,
  }
}

function assignmentHold(link: Link, members: number): Hold {
  const who = members === 1 ? '1 member who is' : `${members} members who are`
  return {
    rule: ruleOf(link),
    says: `The group has ${who} not in the access list ${link.name} and stay there, since deviations are only reported; they would get it, too. Remove them in AWS, or let a person agree.`,
  }
}

function ruleOf({ origin }: Link): Hold['rule'] {
  return origin === 'adopted' ? 'adoption' : 'drift'
}
