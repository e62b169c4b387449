/**
 * @module Members of a group that somebody deleted in AWS and that is made again, whose removal the guard holds: they are
 * put back. It gives nobody what the group did not give before, and takes nobody away whom a person has not let go.
 */
import type { MemberRef } from '../entitlement/desired.js'
import { chunks, maxMembersAtOnce } from './diff-members.js'
import type { PlanState } from './plan-state.js'

/** A removal that waits for a person removes nobody, also where the group is made again meanwhile. */
export function putBackHeld(state: PlanState): void {
  for (const { creation, removals } of state.leavers) {
    const back: MemberRef[] = []
    for (const { key, change, holds } of removals) {
      state.drafts.delete(key)
      const isHeld = holds.length > 0 && state.approvedBy(key) === undefined
      if (isHeld && change.kind === 'members.remove') back.push(...change.members)
    }
    const draft = state.drafts.get(creation)
    if (back.length === 0 || draft?.change.kind !== 'group.create') continue
    const { list, members } = draft.change
    const first = back.splice(0, maxMembersAtOnce - members.length)
    state.drafts.set(creation, { ...draft, change: { ...draft.change, members: [...members, ...first] } })
    for (const chunk of chunks(back)) {
      const change = { kind: 'members.add', list, awsId: undefined, members: chunk } as const
      state.draft(change, 'their removal waits for a person', { after: [creation] })
    }
    const names = [...first, ...back].map(({ name }) => name)
    const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '')
    state.notes.push(`The group of ${list} is made again with ${shown}, whose removal waits for a person.`)
  }
}
