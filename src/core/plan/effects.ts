/**
 * @module Who gains and who loses what by a plan: access of single people before and after, through groups and
 * directly, as far as it was read. Whoever keeps a pair by another path neither gains nor loses it.
 */
import { principalKey, type Observation, type PairKey } from '../identity-center/observation.js'
import { compareTexts } from './keys.js'
import type { Action } from './plan.js'
import type { MemberRef } from '../entitlement/desired.js'

/** Beyond so many changes of people's access only these are worked out. */
export const maxEffects = 20_000

/** An id in AWS, or `name:` with the name of a user who is made by the plan. */
export type PersonKey = string

export interface Effect {
  readonly person: PersonKey
  readonly pair: PairKey
  readonly change: 'gains' | 'loses' | 'moves'
  /** Principals through which it is held afterwards (before, for a loss). */
  readonly through: readonly string[]
}

export interface EffectInput {
  readonly observation: Observation
  /** The id of a linked user. */
  readonly userId: (name: string) => string | undefined
  readonly groupId: (list: string) => string | undefined
  /** What a list says, for a group that becomes its own. */
  readonly wanted: (list: string) => {
    readonly members: ReadonlySet<PersonKey>
    readonly pairs: ReadonlySet<PairKey>
  }
}

/** Access as it would be: copies only what actions change. */
class World {
  readonly #input: EffectInput
  readonly members = new Map<string, Set<PersonKey>>()
  readonly assignments = new Map<string, Set<PairKey>>()
  readonly inactive = new Set<PersonKey>()
  readonly revived = new Set<PersonKey>()

  constructor(input: EffectInput) {
    this.#input = input
  }

  person(ref: MemberRef): PersonKey {
    return ref.by === 'id' ? ref.awsUserId : this.user(ref.name)
  }

  user(name: string): PersonKey {
    return this.#input.userId(name) ?? `name:${name}`
  }

  group(list: string): string {
    return this.#input.groupId(list) ?? `name:${list}`
  }

  membersOf(group: string): Set<PersonKey> {
    let members = this.members.get(group)
    if (members === undefined) {
      members = new Set(this.#input.observation.members.get(group))
      this.members.set(group, members)
    }
    return members
  }

  assignmentsOf(principal: string): Set<PairKey> {
    let pairs = this.assignments.get(principal)
    if (pairs === undefined) {
      pairs = new Set(this.#input.observation.assignments.get(principal))
      this.assignments.set(principal, pairs)
    }
    return pairs
  }

  apply(action: Action): void {
    switch (action.kind) {
      case 'group.create':
      case 'members.add': {
        const members = this.membersOf(this.group(action.list))
        for (const ref of action.members) members.add(this.person(ref))
        return
      }
      case 'members.remove': {
        const members = this.membersOf(this.group(action.list))
        for (const ref of action.members) members.delete(this.person(ref))
        return
      }
      case 'group.adopt':
        this.#adopt(action)
        return
      case 'assignment.create':
        this.assignmentsOf(this.principal(action.principal)).add(action.pair)
        return
      case 'assignment.delete':
        this.assignmentsOf(this.principal(action.principal)).delete(action.pair)
        return
      case 'user.deactivate':
      case 'user.delete':
        this.inactive.add(action.awsId)
        return
      case 'user.activate':
        this.revived.add(action.awsId)
        return
      case 'group.delete':
        this.membersOf(action.awsId).clear()
        return
      default:
        return
    }
  }

  /** What the plans after the adoption do: the list is the truth, or what is beyond it stays beside it. */
  #adopt({ list, awsId, beyond }: Action & { readonly kind: 'group.adopt' }): void {
    const { members, pairs } = this.#input.wanted(list)
    const has = { members: this.membersOf(awsId), pairs: this.assignmentsOf(principalKey('group', awsId)) }
    if (beyond === 'removed') {
      has.members.clear()
      has.pairs.clear()
    }
    for (const id of members) has.members.add(id)
    for (const pair of pairs) has.pairs.add(pair)
  }

  principal({
    kind,
    name,
    awsId,
  }: {
    kind: 'user' | 'group'
    name: string | undefined
    awsId: string | undefined
  }): string {
    const id = awsId ?? (kind === 'user' ? this.user(name ?? '') : this.group(name ?? ''))
    return principalKey(kind, id)
  }
}

/** Effects of the actions, sorted: losses, then moves, then gains, by person and pair. */
export function findEffects(
  input: EffectInput,
  actions: readonly Action[],
): { effects: Effect[]; more: boolean } {
  const world = new World(input)
  for (const action of actions) world.apply(action)
  const before = groupsByMember(input.observation.members, undefined)
  const after = groupsByMember(input.observation.members, world.members)
  const effects: Effect[] = []
  let more = false
  for (const person of [...touchedPeople(input, world)].sort()) {
    if (effects.length >= maxEffects) {
      more = true
      break
    }
    const had = accessOf(person, before.get(person), input.observation.assignments, undefined)
    const has = accessOf(person, after.get(person), input.observation.assignments, world.assignments)
    const wasActive = input.observation.users?.get(person)?.active !== false
    const isActive = world.inactive.has(person) ? false : wasActive || world.revived.has(person)
    compare(person, wasActive ? had : noAccess, isActive ? has : noAccess, effects)
  }
  effects.sort(
    (a, b) =>
      order[a.change] - order[b.change] || compareTexts(a.person, b.person) || compareTexts(a.pair, b.pair),
  )
  return { effects: effects.slice(0, maxEffects), more: more || effects.length > maxEffects }
}

const order = { loses: 0, moves: 1, gains: 2 } as const

function groupsByMember(
  members: Observation['members'],
  changed: ReadonlyMap<string, ReadonlySet<PersonKey>> | undefined,
): Map<PersonKey, string[]> {
  const groups = new Map<PersonKey, string[]>()
  const addAll = (group: string, people: ReadonlySet<PersonKey>): void => {
    for (const person of people) {
      const of = groups.get(person)
      if (of === undefined) groups.set(person, [group])
      else of.push(group)
    }
  }
  for (const [group, people] of members) addAll(group, changed?.get(group) ?? people)
  for (const [group, people] of changed ?? []) if (!members.has(group)) addAll(group, people)
  return groups
}

/** Everybody whose access may change. */
function touchedPeople({ observation }: EffectInput, world: World): Set<PersonKey> {
  const people = new Set<PersonKey>([...world.inactive, ...world.revived])
  const addMembers = (group: string): void => {
    for (const person of observation.members.get(group) ?? []) people.add(person)
    for (const person of world.members.get(group) ?? []) people.add(person)
  }
  for (const group of world.members.keys()) addMembers(group)
  for (const principal of world.assignments.keys()) {
    const id = principal.slice(principal.indexOf('/') + 1)
    if (principal.startsWith('user/')) people.add(id)
    else addMembers(id)
  }
  return people
}

type Access = ReadonlyMap<PairKey, string[]>

const noAccess: Access = new Map()

/** Every pair with the principals through which it is held. */
function accessOf(
  person: PersonKey,
  groups: readonly string[] | undefined,
  seen: Observation['assignments'],
  changed: ReadonlyMap<string, ReadonlySet<PairKey>> | undefined,
): Access {
  const access = new Map<PairKey, string[]>()
  const principals = [principalKey('user', person), ...(groups ?? []).map((id) => principalKey('group', id))]
  for (const principal of principals) {
    for (const pair of changed?.get(principal) ?? seen.get(principal) ?? []) {
      const through = access.get(pair)
      if (through === undefined) access.set(pair, [principal])
      else through.push(principal)
    }
  }
  return access
}

function compare(person: PersonKey, had: Access, has: Access, effects: Effect[]): void {
  for (const [pair, through] of had) {
    const now = has.get(pair)
    if (now === undefined) effects.push({ person, pair, change: 'loses', through })
    else if (!now.some((principal) => through.includes(principal))) {
      effects.push({ person, pair, change: 'moves', through: now })
    }
  }
  for (const [pair, through] of has) {
    if (!had.has(pair)) effects.push({ person, pair, change: 'gains', through })
  }
}
