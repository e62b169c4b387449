/**
 * @module What has to change about users themselves: made, bound, updated, switched on and off, deleted. Matching is by
 * link, else by exactly our userName; a foreign user is bound only where a person agrees. In hybrid mode users are
 * another identity provider's: they are bound by name and never written.
 */
import type { DesiredUser, UserAttributes } from '../entitlement/desired.js'
import { principalKey, type Link, type ObservedUser } from '../identity-center/observation.js'
import type { Hold } from './plan.js'
import { principalOf, type PlanState } from './plan-state.js'

const openSessions =
  'role sessions that are open go on until the session duration of their permission set, at most 12 hours.'
const sessionNote = `AWS refuses new sessions of a deactivated or deleted user at once; application sessions end within about 30 minutes, ${openSessions}`
const revocationNote = `Whoever loses access to an account opens no new session there; ${openSessions}`

export function diffUsers(state: PlanState): void {
  const { desired } = state.input
  for (const user of sortByName(desired.users.values())) {
    const link = state.links.user.get(user.name)
    // Whether a user is active does not wait for what becomes of an assignment.
    if (state.isUnresolved('user', user.name, link?.awsId, 'object')) continue
    if (link === undefined) diffUnlinked(state, user)
    else if (state.isGone(link)) {
      if (!state.isUnresolved('user', user.name, link.awsId)) diffGone(state, user, link)
    } else {
      markWanted(state, link)
      const observed = state.input.observation.users?.get(link.awsId)
      if (observed !== undefined && desired.pushesUsers) diffLinked(state, user, link, observed)
    }
  }
  for (const link of state.links.user.values()) {
    if (desired.users.has(link.name) || state.isUnclear('user', link.name)) continue
    if (!state.isUnresolved('user', link.name, link.awsId, 'object')) diffUnwanted(state, link)
  }
}

/** What AWS goes on with after access ended: it ends no session that has begun (T21). Once all changes are drafted. */
export function noteOpenSessions(state: PlanState): void {
  const kinds = new Set([...state.drafts.values()].map(({ change }) => change.kind))
  if (kinds.has('user.deactivate') || kinds.has('user.delete')) state.notes.push(sessionNote)
  else if (kinds.has('assignment.delete') || kinds.has('members.remove')) state.notes.push(revocationNote)
}

function sortByName<T extends { readonly name: string }>(items: Iterable<T>): T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function diffUnlinked(state: PlanState, user: DesiredUser): void {
  const { desired, observation, mode } = state.input
  if (observation.users === undefined) return
  const there = state.usersByName.get(user.name)
  if (there === undefined) {
    create(state, user, 'is a user here', [])
    return
  }
  // Bound to another name of ours: that one is renamed back first.
  if (state.linksById.user.has(there.id) || state.isUnresolved('user', undefined, there.id)) return
  const asks = desired.pushesUsers && mode !== 'first'
  const hold: Hold = {
    rule: 'adoption',
    says: `Identity Center has a user ${user.name} that Gatehouse did not make; taking it over needs a person.`,
  }
  state.draft(
    { kind: 'user.adopt', user: user.name, awsId: there.id },
    'has exactly this user name in Identity Center',
    { holds: asks ? [hold] : [] },
  )
}

function diffGone(state: PlanState, user: DesiredUser, link: Link): void {
  const doubts = state.input.observation.doubts.has('users')
  if (!state.input.desired.pushesUsers) {
    if (!doubts) forget(state, link, 'was deleted in Identity Center by whoever owns users there')
    return
  }
  const successor = state.usersByName.get(user.name)
  if (successor !== undefined) {
    // Another user has its name now. A foreign one is taken over by a person or not at all; one of ours gets its own
    // name back first.
    const isForeign = !state.linksById.user.has(successor.id)
    if (isForeign && !doubts) {
      forget(state, link, 'was deleted in Identity Center, and another user has its name there')
    }
    return
  }
  const draft = create(
    state,
    user,
    'was deleted in Identity Center',
    doubts ? [doubtfulRestore('users')] : [],
  )
  state.drift.push({
    kind: 'user_missing',
    principal: principalOf(link),
    target: undefined,
    says: `The user ${user.name} was deleted in Identity Center.`,
    action: draft,
  })
}

/** A locked user who is not there needs nothing: it is made when the lock ends. */
function create(
  state: PlanState,
  user: DesiredUser,
  because: string,
  holds: readonly Hold[],
): string | undefined {
  if (!user.active || !state.input.desired.pushesUsers || state.isFixed('user', user.name)) return undefined
  const draft = state.draft(
    { kind: 'user.create', user: user.name, attributes: user.attributes, active: true },
    because,
    { holds },
  )
  if (state.canRun(draft)) state.userCreates.set(user.name, draft.key)
  return draft.key
}

export function doubtfulRestore(what: string): Hold {
  return {
    rule: 'doubtful_read',
    says: `The last read of ${what} found far fewer than the one before; what seems to be missing is not made again by itself.`,
  }
}

function diffLinked(state: PlanState, user: DesiredUser, link: Link, observed: ObservedUser): void {
  const { name } = user
  if (!user.active) {
    if (observed.active !== false) {
      const change = { kind: 'user.deactivate', user: name, awsId: observed.id } as const
      const draft = state.draft(change, user.lockSays ?? 'locked', { mustGo: true })
      state.deactivations.set(name, draft.key)
    }
    return
  }
  if (observed.active === false) {
    state.draft(
      { kind: 'user.activate', user: name, awsId: observed.id },
      'is a user here and no lock is in force',
    )
  }
  if (state.isFixed('user', name)) return
  const changes = compareAttributes(user, link, observed)
  if (Object.keys(changes).length === 0) return
  const draft = state.draft(
    { kind: 'user.update', user: name, awsId: observed.id, changes },
    'attributes differ from those here',
  )
  if (changes.userName === undefined) return
  state.drift.push({
    kind: 'name',
    principal: { kind: 'user', name, awsId: observed.id },
    target: observed.userName,
    says: `The user ${name} is called ${observed.userName} in Identity Center.`,
    action: draft.key,
  })
}

const ownAttributes = ['displayName', 'givenName', 'familyName', 'email'] as const

/**
 * What has to be written. An attribute of which nothing is known here stays as it is, and of a user that we did not make
 * one that is only guessed from the name does, too.
 */
function compareAttributes(
  { attributes, guessed = [] }: DesiredUser,
  { origin }: Link,
  observed: ObservedUser,
): Partial<UserAttributes> {
  const { userName } = attributes
  const changes: { -readonly [K in keyof UserAttributes]?: string } =
    userName === observed.userName ? {} : { userName }
  for (const key of ownAttributes) {
    const wanted = attributes[key]
    if (wanted === undefined || wanted === observed[key]) continue
    const isBetterThere = origin !== 'created' && observed[key] !== undefined && guessed.includes(key)
    if (!isBetterThere) changes[key] = wanted
  }
  return changes
}

function diffUnwanted(state: PlanState, link: Link): void {
  const { desired, observation, settings, now } = state.input
  const { name, awsId } = link
  const doubt = observation.doubts.has('users')
  const isAwaited = state.isUnresolved('user', name, awsId)
  if (state.isGone(link)) {
    if (!doubt && !isAwaited) forget(state, link, 'is gone in Identity Center and no user here')
    return
  }
  const observed = observation.users?.get(awsId)
  if (observed === undefined) return
  if (!desired.pushesUsers) {
    const isFree =
      state.assignmentRows(principalKey('user', awsId)).size === 0 && !state.isMemberAnywhere(awsId)
    if (isFree && !isAwaited) forget(state, link, 'is no user here any more')
    return
  }
  if (observed.active !== false) {
    const change = { kind: 'user.deactivate', user: name, awsId } as const
    state.deactivations.set(name, state.draft(change, 'is no user here any more').key)
  }
  if (isAwaited) return
  const since = markUnwanted(state, link)
  const dueAt = since + settings.deletionDelayMs
  if (dueAt <= now) state.deletions.set(principalKey('user', awsId), { link, doubt: false })
  else state.considerChange(dueAt)
}

export function forget(state: PlanState, link: Link, because: string): void {
  state.draft({ kind: 'link.forget', principal: principalOf(link) }, because)
}

export function markWanted(state: PlanState, link: Link): void {
  const { kind, name, unwantedSince } = link
  if (unwantedSince === undefined) return
  // Until all that an earlier user of the name was found with is gone, it is known that there was one.
  if (kind === 'user' && state.hasFoundRows(link)) return
  state.unwanted.push({ kind, name, since: undefined })
}

/** Since when nothing wants it: from now on, where that was not seen before. */
export function markUnwanted(state: PlanState, { kind, name, unwantedSince }: Link): number {
  if (unwantedSince !== undefined) return unwantedSince
  state.unwanted.push({ kind, name, since: state.input.now })
  return state.input.now
}
