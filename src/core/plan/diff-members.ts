/**
 * @module What has to change about the members of our groups. Additions and removals go in lists of at most 100 and
 * never replace. Who is in the ledger and not wanted is removed; who is there without it is drift. A member that import
 * found stays while the list says so, with or without a user of ours (T18).
 */
import type { DesiredGroup, MemberRef } from '../entitlement/desired.js'
import type { GrantReason } from '../identity-center/observation.js'
import { memberKey, principalWords, type SingleAssignments } from './diff-assignments.js'
import { sortedGroups } from './diff-groups.js'
import { compareTexts } from './keys.js'
import type { ActionKey, Principal } from './plan.js'
import { found, hasFound, sameReasons, type Draft, type PlanState, type Reasons } from './plan-state.js'

/** AWS takes this many changes of members in one request. */
export const maxMembersAtOnce = 100

/** Why a member goes; each goes in requests of its own, since each waits for other things. */
type Leaving = 'ended' | 'denied' | 'left' | 'gone'

const leavingWords: Readonly<Record<Leaving, string>> = {
  ended: 'locked, or the membership ended',
  denied: 'a role denies a part of what the group gives',
  left: 'no member of the access list here',
  gone: 'no user here any more',
}

export function diffMembers(state: PlanState, single: SingleAssignments): void {
  const additions = new Map<string, Draft>()
  const denied = listDenied(state)
  for (const group of sortedGroups(state)) {
    new MemberDiff(state, group, single, denied, additions).run()
  }
  for (const link of state.links.group.values()) {
    if (state.isUnclear('group', link.name)) removeLocked(state, link.name, link.awsId)
  }
  for (const { member, draft } of single.deletes) {
    const addition = additions.get(member)
    if (addition !== undefined) draft.rather.set(addition.key, { evenHeld: false })
  }
}

/** Who is given singly what a group would give, by `memberKey`. People with the same roles share one value. */
function listDenied({ input: { desired } }: PlanState): ReadonlySet<string> {
  const listsOf = new Map<object, ReadonlySet<string>>()
  const denied = new Set<string>()
  for (const [user, pairs] of desired.userPairs) {
    let lists = listsOf.get(pairs)
    if (lists === undefined) {
      const reasons = new Set<GrantReason>([...pairs.values()].flat())
      lists = new Set([...reasons].flatMap((reason) => (reason.kind === 'list_member' ? [reason.list] : [])))
      listsOf.set(pairs, lists)
    }
    for (const list of lists) denied.add(memberKey(list, user))
  }
  return denied
}

/** Of a list of which nothing else is known: a lock holds there, too. */
function removeLocked(state: PlanState, list: string, awsId: string): void {
  if (state.isUnresolved('group', list, awsId, 'object')) return
  const observed = state.input.observation.members.get(awsId)
  const ids = new Set([...(observed ?? []), ...state.membershipRows(awsId).keys()])
  const leaving = [...ids]
    .filter((id) => observed?.has(id) ?? true)
    .filter((id) => state.lockedUser(id) !== undefined)
  removeMembers(
    state,
    { list, awsId },
    'ended',
    leaving.map((id) => refOf(state, id)).sort(byName),
    undefined,
  )
}

function byName(a: MemberRef, b: MemberRef): number {
  return compareTexts(a.name, b.name) || compareTexts(idText(a), idText(b))
}

function idText(ref: MemberRef): string {
  return ref.by === 'id' ? ref.awsUserId : ''
}

function refOf(state: PlanState, id: string): MemberRef {
  const link = state.linksById.user.get(id)
  if (link !== undefined) return { by: 'name', name: link.name }
  return { by: 'id', awsUserId: id, name: state.input.observation.users?.get(id)?.userName ?? id }
}

function removeMembers(
  state: PlanState,
  group: { readonly list: string; readonly awsId: string },
  leaving: Leaving,
  members: readonly MemberRef[],
  single: SingleAssignments | undefined,
  deniedBy?: string,
): Draft[] {
  const because =
    deniedBy === undefined
      ? leavingWords[leaving]
      : `the role ${deniedBy} denies a part of what the group gives`
  return chunks(members).map((chunk) => {
    const change = { kind: 'members.remove', ...group, members: chunk } as const
    const draft = state.draft(change, because, { mustGo: leaving === 'ended' })
    for (const { name } of chunk) {
      const deactivation = state.deactivations.get(name)
      if (deactivation !== undefined) draft.rather.set(deactivation, { evenHeld: leaving === 'gone' })
      if (leaving !== 'denied') continue
      for (const key of single?.creates.get(memberKey(group.list, name)) ?? []) {
        draft.rather.set(key, { evenHeld: false })
      }
    }
    return draft
  })
}

/** By requests. */
export function chunks(members: readonly MemberRef[]): MemberRef[][] {
  const parts: MemberRef[][] = []
  for (let at = 0; at < members.length; at += maxMembersAtOnce) {
    parts.push(members.slice(at, at + maxMembersAtOnce))
  }
  return parts
}

class MemberDiff {
  readonly #state: PlanState
  readonly #group: DesiredGroup
  readonly #single: SingleAssignments
  readonly #denied: ReadonlySet<string>
  readonly #additions: Map<string, Draft>
  /** Ids that are wanted and may be added. */
  readonly #wanted = new Map<string, MemberRef>()
  /** Ids that stay where they are and are not added. */
  readonly #kept = new Set<string>()
  /** Users that this plan makes, with what makes them. */
  readonly #coming: { readonly ref: MemberRef; readonly after: ActionKey }[] = []

  constructor(
    state: PlanState,
    group: DesiredGroup,
    single: SingleAssignments,
    denied: ReadonlySet<string>,
    additions: Map<string, Draft>,
  ) {
    this.#state = state
    this.#group = group
    this.#single = single
    this.#denied = denied
    this.#additions = additions
  }

  run(): void {
    const { list, members } = this.#group
    const link = this.#state.links.group.get(list)
    const creation = this.#state.groupCreates.get(list)
    const isThere = link !== undefined && !this.#state.isGone(link)
    if (!isThere && creation === undefined) return
    if (this.#state.isUnresolved('group', list, link?.awsId, 'object')) return
    for (const ref of members) this.#resolve(ref)
    if (isThere) this.#diff(link.awsId)
    else if (creation !== undefined) {
      this.#fill(creation)
      if (link !== undefined) this.#listLeavers(creation, link.awsId)
    }
  }

  /** Those of a group that was deleted in AWS whom nobody wants there any more, and who were not removed yet. */
  #listLeavers(creation: ActionKey, oldId: string): void {
    const state = this.#state
    const leaving: Record<'left' | 'gone', MemberRef[]> = { left: [], gone: [] }
    for (const [id, reasons] of state.membershipRows(oldId)) {
      const name = state.linksById.user.get(id)?.name
      const isIn = this.#wanted.has(id) || this.#kept.has(id) || hasFound(reasons)
      if (isIn || state.isUntouchable('user', name, id)) continue
      if (state.input.observation.users?.has(id) === false) continue
      const kind = this.#whyLeaving(id, name)
      if (kind === 'left' || kind === 'gone') leaving[kind].push(refOf(state, id))
    }
    const group = { list: this.#group.list, awsId: oldId }
    const removals = (['gone', 'left'] as const).flatMap((kind) =>
      removeMembers(state, group, kind, leaving[kind].sort(byName), undefined),
    )
    if (removals.length > 0) state.leavers.push({ creation, removals })
  }

  #resolve(ref: MemberRef): void {
    if (ref.by === 'id') this.#resolveId(ref.awsUserId, ref)
    else this.#resolveName(ref)
  }

  #resolveId(id: string, ref: MemberRef): void {
    const { users } = this.#state.input.observation
    const link = this.#state.linksById.user.get(id)
    if (this.#state.isUnresolved('user', link?.name, id)) this.#kept.add(id)
    else if (link !== undefined && this.#state.isUnclear('user', link.name)) this.#kept.add(id)
    else if (link !== undefined && !this.#isPushed(link.name)) return
    else if (users?.has(id) !== false) this.#wanted.set(id, ref)
  }

  #resolveName(ref: MemberRef & { readonly by: 'name' }): void {
    const { name } = ref
    const link = this.#state.links.user.get(name)
    if (this.#state.isUnresolved('user', name, link?.awsId)) {
      if (link !== undefined) this.#kept.add(link.awsId)
      return
    }
    if (link !== undefined && !this.#state.isGone(link)) {
      this.#wanted.set(link.awsId, ref)
      return
    }
    const after = this.#state.userCreates.get(name)
    if (after !== undefined) {
      this.#coming.push({ ref, after })
      return
    }
    // Not bound yet: whoever has the name, or was found by import, stays and is not added.
    const there = this.#state.usersByName.get(name)
    if (there !== undefined) this.#kept.add(there.id)
    if (ref.awsUserId !== undefined) this.#kept.add(ref.awsUserId)
  }

  #isPushed(name: string): boolean {
    return this.#state.input.desired.users.get(name)?.active === true
  }

  /** A group that is made now: its first members come with it. */
  #fill(creation: ActionKey): void {
    const draft = this.#state.drafts.get(creation)
    if (draft?.change.kind !== 'group.create') return
    const all = [
      ...[...this.#wanted.values()].map((ref) => ({ ref, after: undefined })),
      ...this.#coming,
    ].sort((a, b) => byName(a.ref, b.ref))
    const first = all.slice(0, maxMembersAtOnce)
    const members = first.map(({ ref }) => ref)
    this.#state.drafts.set(creation, { ...draft, change: { ...draft.change, members } })
    for (const { after } of first) if (after !== undefined) draft.after.add(after)
    this.#add(all.slice(maxMembersAtOnce), undefined, creation)
  }

  #add(
    members: readonly { readonly ref: MemberRef; readonly after: ActionKey | undefined }[],
    awsId: string | undefined,
    creation: ActionKey | undefined,
  ): void {
    const { list } = this.#group
    const afterOf = new Map(members.map(({ ref, after }) => [ref, after]))
    for (const chunk of chunks(members.map(({ ref }) => ref))) {
      const change = { kind: 'members.add', list, awsId, members: chunk } as const
      const draft = this.#state.draft(change, 'members of the access list')
      if (creation !== undefined) draft.after.add(creation)
      for (const ref of chunk) {
        const after = afterOf.get(ref)
        if (after !== undefined) draft.after.add(after)
        this.#additions.set(memberKey(list, ref.name), draft)
      }
    }
  }

  #diff(groupId: string): void {
    const observed = this.#state.input.observation.members.get(groupId)
    const rows = this.#state.membershipRows(groupId)
    const principal: Principal = { kind: 'group', name: this.#group.list, awsId: groupId }
    const adding: { readonly ref: MemberRef; readonly after: ActionKey | undefined }[] = []
    for (const [id, ref] of this.#wanted) {
      const isThere = observed?.has(id)
      const row = rows.get(id)
      if (isThere === true || (isThere === undefined && row !== undefined)) this.#keep(principal, id, row)
      else if (isThere === false) {
        adding.push({ ref, after: undefined })
        if (row !== undefined) this.#tellRemoved(principal, id, ref)
      }
    }
    // Who joins a group of which it is not known what it gives waits; who leaves does not.
    if (observed !== undefined && !this.#state.isUnresolved('group', this.#group.list, groupId)) {
      adding.push(...this.#coming)
      this.#add(
        adding.sort((a, b) => byName(a.ref, b.ref)),
        groupId,
        undefined,
      )
    }
    const leaving: Record<Leaving, MemberRef[]> = { ended: [], denied: [], left: [], gone: [] }
    for (const [id, reasons] of rows) this.#drop(principal, id, reasons, observed, leaving)
    const drifted: MemberRef[] = []
    for (const id of observed ?? []) {
      if (!rows.has(id)) this.#judgeUnknown(id, leaving, drifted)
    }
    const group = { list: this.#group.list, awsId: groupId }
    for (const kind of ['ended', 'gone'] as const) {
      removeMembers(this.#state, group, kind, leaving[kind].sort(byName), this.#single)
    }
    // Each role by itself, so that every action says which one it was.
    const leftOut = this.#group.leftOut ?? new Map<string, string>()
    const roles = new Set(leaving.denied.map(({ name }) => leftOut.get(name)))
    for (const role of [...roles].sort((a, b) => compareTexts(a ?? '', b ?? ''))) {
      const members = leaving.denied.filter(({ name }) => leftOut.get(name) === role).sort(byName)
      removeMembers(this.#state, group, 'denied', members, this.#single, role)
    }
    const removals = removeMembers(this.#state, group, 'left', leaving.left.sort(byName), undefined)
    this.#tellDrift(principal, drifted, removals)
  }

  #keep(principal: Principal, id: string, row: Reasons | undefined): void {
    const list: GrantReason = { kind: 'list', list: this.#group.list }
    const isFound = row !== undefined && hasFound(row) && !this.#state.isRecycled(id)
    const reasons = isFound ? [list, found] : [list]
    if (row !== undefined && sameReasons(row, reasons)) return
    this.#state.draft(
      { kind: 'ledger.update', entry: 'membership', principal, target: id, reasons },
      row === undefined ? 'is wanted and there already' : 'the reasons for it changed',
    )
  }

  #drop(
    principal: Principal,
    id: string,
    reasons: Reasons,
    observed: ReadonlySet<string> | undefined,
    leaving: Record<Leaving, MemberRef[]>,
  ): void {
    if (this.#wanted.has(id) || this.#kept.has(id)) return
    const link = this.#state.linksById.user.get(id)
    if (link !== undefined && this.#state.isUnclear('user', link.name)) return
    const kind = this.#whyLeaving(id, link?.name)
    // What ends does not wait for what becomes of the user itself.
    if (kind !== 'ended' && this.#state.isUnresolved('user', link?.name, id)) return
    const forget = (left: Reasons, because: string): void => {
      this.#state.draft(
        { kind: 'ledger.update', entry: 'membership', principal, target: id, reasons: left },
        because,
      )
    }
    if (observed?.has(id) === false || this.#state.input.observation.users?.has(id) === false) {
      forget([], 'is gone in AWS and not wanted here')
      return
    }
    const mayStay = kind !== 'ended' && kind !== 'gone' && !this.#state.isRecycled(id)
    if (mayStay && hasFound(reasons)) {
      if (reasons.length > 1) forget([found], 'the reasons for it changed')
      return
    }
    leaving[kind].push(refOf(this.#state, id))
  }

  #whyLeaving(id: string, name: string | undefined): Leaving {
    if (this.#state.lockedUser(id) !== undefined) return 'ended'
    if (name === undefined) return 'left'
    if (this.#group.ended.has(name)) return 'ended'
    if (!this.#state.input.desired.users.has(name)) return 'gone'
    const isDenied =
      this.#group.leftOut?.has(name) === true || this.#denied.has(memberKey(this.#group.list, name))
    return isDenied ? 'denied' : 'left'
  }

  /** There without a row in the ledger. */
  #judgeUnknown(id: string, leaving: Record<Leaving, MemberRef[]>, drifted: MemberRef[]): void {
    if (this.#wanted.has(id) || this.#kept.has(id)) return
    const link = this.#state.linksById.user.get(id)
    if (link !== undefined && this.#state.isUnclear('user', link.name)) return
    const ref = refOf(this.#state, id)
    if (this.#state.lockedUser(id) !== undefined) leaving.ended.push(ref)
    else if (this.#state.isUnresolved('user', link?.name, id)) return
    // Whoever had the name before was put there, and the next one inherits nothing (T7).
    else if (this.#state.isRecycled(id)) {
      leaving.left.push(ref)
      this.#state.stillRecycled.add(ref.name)
    } else {
      drifted.push(ref)
      if (this.#state.input.settings.drift === 'revert') leaving.left.push(ref)
    }
  }

  #tellRemoved(principal: Principal, id: string, ref: MemberRef): void {
    this.#state.drift.push({
      kind: 'membership',
      principal,
      target: id,
      says: `${ref.name} was removed from the group of ${principalWords(principal)} in AWS.`,
      action: undefined,
    })
  }

  #tellDrift(principal: Principal, drifted: readonly MemberRef[], removals: readonly Draft[]): void {
    const keys = new Map<MemberRef, ActionKey>()
    for (const { key, change } of removals) {
      if (change.kind === 'members.remove') for (const ref of change.members) keys.set(ref, key)
    }
    for (const ref of [...drifted].sort(byName)) {
      this.#state.drift.push({
        kind: 'membership',
        principal,
        target: ref.by === 'id' ? ref.awsUserId : this.#state.links.user.get(ref.name)?.awsId,
        says: `${ref.name} was added to the group of ${principalWords(principal)} in AWS.`,
        action: keys.get(ref),
      })
    }
  }
}
