/**
 * @module A small Identity Center in memory and what the executor does to it, written from the comments of `plan.ts`
 * alone: what the planner believes about the effects of its actions is judged by this.
 */
import type { Desired, MemberRef } from '../../../src/core/entitlement/desired.js'
import {
  principalKey,
  type GrantReason,
  type LedgerEntry,
  type Link,
  type Observation,
  type ObservedGroup,
  type ObservedUser,
  type PrincipalKind,
} from '../../../src/core/identity-center/observation.js'
import { defaultGuard, type GuardSettings } from '../../../src/core/identity-center/settings.js'
import { emptyInventory } from '../../../src/core/inventory/inventory.js'
import { executableActions, makePlan, type PlanInput } from '../../../src/core/plan/make-plan.js'
import type { Action, Plan, Principal } from '../../../src/core/plan/plan.js'
import { day } from '../../../src/core/time.js'

export const start = 1_800_000_000_000

export const looseGuard: GuardSettings = {
  ...defaultGuard,
  removals: {
    users: { count: 1e9, share: 1 },
    groups: { count: 1e9, share: 1 },
    memberships: { count: 1e9, share: 1 },
    assignments: { count: 1e9, share: 1 },
  },
  newAssignments: 1e9,
  managementAccount: 1e9,
  sensitive: 1e9,
}

export class World {
  users = new Map<string, ObservedUser>()
  groups = new Map<string, ObservedGroup>()
  members = new Map<string, Set<string>>()
  assignments = new Map<string, Set<string>>()
  links: Link[] = []
  ledger: LedgerEntry[] = []
  now = start
  #next = 1
  /** Every call that would reach AWS, as `<operation> <id> ...`. */
  readonly calls: { readonly operation: string; readonly id: string }[] = []

  addUser(userName: string, more: Partial<ObservedUser> = {}): string {
    const id = more.id ?? `u-${String(this.#next++).padStart(5, '0')}`
    this.users.set(id, {
      id,
      userName,
      displayName: userName,
      givenName: userName,
      familyName: userName,
      email: undefined,
      active: true,
      externalId: undefined,
      ...more,
    })
    this.assignments.set(principalKey('user', id), new Set())
    return id
  }

  addGroup(displayName: string, members: readonly string[] = []): string {
    const id = `g-${String(this.#next++).padStart(5, '0')}`
    this.groups.set(id, { id, displayName, externalId: undefined })
    this.members.set(id, new Set(members))
    this.assignments.set(principalKey('group', id), new Set())
    return id
  }

  assign(kind: PrincipalKind, id: string, pair: string): void {
    this.assignments.get(principalKey(kind, id))?.add(pair)
  }

  removeUser(id: string): void {
    this.users.delete(id)
    this.assignments.delete(principalKey('user', id))
    for (const members of this.members.values()) members.delete(id)
  }

  removeGroup(id: string): void {
    this.groups.delete(id)
    this.members.delete(id)
    this.assignments.delete(principalKey('group', id))
  }

  link(kind: PrincipalKind, name: string, awsId: string, origin: Link['origin'] = 'created'): void {
    this.links = [
      ...this.links.filter((link) => !(link.kind === kind && link.name === name)),
      { kind, name, awsId, origin, linkedAt: this.now, unwantedSince: undefined },
    ]
  }

  linkOf(kind: PrincipalKind, name: string): Link | undefined {
    return this.links.find((link) => link.kind === kind && link.name === name)
  }

  write(
    entry: LedgerEntry['kind'],
    principal: string,
    target: string,
    reasons: readonly GrantReason[],
  ): void {
    this.ledger = this.ledger.filter(
      (row) => !(row.kind === entry && row.principal === principal && row.target === target),
    )
    if (reasons.length > 0) {
      this.ledger.push({ kind: entry, principal, target, reasons, since: this.now })
    }
  }

  observe(): Observation {
    const copy = (sets: Map<string, Set<string>>): Map<string, Set<string>> =>
      new Map([...sets].map(([key, values]) => [key, new Set(values)]))
    return {
      users: new Map(this.users),
      groups: new Map(this.groups),
      members: copy(this.members),
      assignments: copy(this.assignments),
      doubts: new Set(),
    }
  }

  input(desired: Desired, more: Partial<PlanInput> = {}): PlanInput {
    return {
      desired,
      observation: this.observe(),
      links: this.links,
      ledger: this.ledger,
      settings: {
        drift: 'revert',
        restoreDeletedGroups: 'restore',
        deletionDelayMs: 7 * day,
        guard: looseGuard,
      },
      approvals: [],
      recent: [],
      mode: 'steady',
      failures: new Map(),
      unresolved: new Set(),
      knownAccounts: undefined,
      inventory: emptyInventory,
      now: this.now,
      ...more,
    }
  }

  plan(desired: Desired, more: Partial<PlanInput> = {}): Plan {
    return makePlan(this.input(desired, more))
  }

  /** Does what can be done now, as the executor does. Answers how many actions that were. */
  apply(plan: Plan): number {
    for (const { kind, name, since } of plan.unwanted) {
      this.links = this.links.map((link) =>
        link.kind === kind && link.name === name ? { ...link, unwantedSince: since } : link,
      )
    }
    const actions = executableActions(plan, this.now)
    const done = new Set<string>()
    for (const action of actions) {
      for (const key of action.after) if (!done.has(key)) throw new Error(`${action.key} came before ${key}`)
      this.perform(action)
      done.add(action.key)
    }
    return actions.length
  }

  /** Plans and applies until nothing is left to do; answers the last plan. */
  converge(desired: Desired, more: Partial<PlanInput> = {}, rounds = 8): Plan {
    for (let round = 0; round < rounds; round++) {
      const plan = this.plan(desired, more)
      if (this.apply(plan) === 0) return plan
    }
    const left = executableActions(this.plan(desired, more), this.now)
    throw new Error(`no end after ${rounds} rounds: ${left.map(({ key }) => key).join(', ')}`)
  }

  perform(action: Action): void {
    switch (action.kind) {
      case 'user.create': {
        if ([...this.users.values()].some(({ userName }) => userName === action.user)) {
          throw new Error(`user ${action.user} exists`)
        }
        this.#forgetOld('user', action.user)
        const id = this.addUser(action.user, { ...action.attributes, active: action.active })
        this.link('user', action.user, id)
        this.#called('CreateUser', id)
        return
      }
      case 'group.create': {
        this.#refuseTakenName(action.displayName)
        this.#forgetOld('group', action.list)
        const id = this.addGroup(action.displayName)
        this.link('group', action.list, id)
        this.#called('CreateGroup', id)
        this.#addMembers(action.list, id, action.members)
        return
      }
      case 'user.adopt':
        this.#adopt('user', action.user, action.awsId)
        return
      case 'group.adopt':
        this.#adopt('group', action.list, action.awsId)
        return
      case 'user.update':
      case 'user.activate':
      case 'user.deactivate': {
        const user = this.users.get(action.awsId)
        if (user === undefined) throw new Error(`no user ${action.awsId}`)
        const changes =
          action.kind === 'user.update' ? action.changes : { active: action.kind === 'user.activate' }
        this.users.set(action.awsId, { ...user, ...changes })
        this.#called(action.kind, action.awsId)
        return
      }
      case 'group.rename': {
        this.#refuseTakenName(action.displayName)
        const group = this.groups.get(action.awsId)
        if (group === undefined) throw new Error(`no group ${action.awsId}`)
        this.groups.set(action.awsId, { ...group, displayName: action.displayName })
        this.#called('RenameGroup', action.awsId)
        return
      }
      case 'user.delete':
        this.#refuseAssigned('user', action.awsId)
        this.removeUser(action.awsId)
        this.#forget('user', action.awsId)
        this.#called('DeleteUser', action.awsId)
        return
      case 'group.delete':
        this.#refuseAssigned('group', action.awsId)
        this.removeGroup(action.awsId)
        this.#forget('group', action.awsId)
        this.#called('DeleteGroup', action.awsId)
        return
      case 'members.add':
        this.#addMembers(action.list, this.#groupId(action.list, action.awsId), action.members)
        return
      case 'members.remove': {
        const id = this.#groupId(action.list, action.awsId)
        for (const ref of action.members) {
          const user = this.#userId(ref)
          if (user === undefined) throw new Error(`no id of ${ref.name}`)
          this.members.get(id)?.delete(user)
          this.write('membership', principalKey('group', id), user, [])
        }
        this.#called('RemoveMembers', id)
        return
      }
      case 'assignment.create': {
        const key = this.#key(action.principal)
        this.assignments.get(key)?.add(action.pair)
        this.write('assignment', key, action.pair, action.reasons)
        this.#called('CreateAssignment', key)
        return
      }
      case 'assignment.delete': {
        const key = this.#key(action.principal)
        this.assignments.get(key)?.delete(action.pair)
        this.write('assignment', key, action.pair, [])
        this.#called('DeleteAssignment', key)
        return
      }
      case 'ledger.update':
        this.write(action.entry, this.#key(action.principal), action.target, action.reasons)
        return
      case 'link.forget':
        if (action.principal.awsId !== undefined) this.#forget(action.principal.kind, action.principal.awsId)
        return
    }
  }

  #adopt(kind: PrincipalKind, name: string, id: string): void {
    this.link(kind, name, id, 'adopted')
    const key = principalKey(kind, id)
    const keep = (entry: LedgerEntry['kind'], target: string): void => {
      const known = this.ledger.some(
        (row) => row.kind === entry && row.principal === key && row.target === target,
      )
      if (!known) this.write(entry, key, target, [{ kind: 'found' }])
    }
    if (kind === 'user') for (const pair of this.assignments.get(key) ?? []) keep('assignment', pair)
  }

  #addMembers(list: string, id: string, members: readonly MemberRef[]): void {
    if (members.length > 100) throw new Error('more than 100 members at once')
    for (const ref of members) {
      const user = this.#userId(ref)
      if (user === undefined || !this.users.has(user)) throw new Error(`no user for ${ref.name}`)
      this.members.get(id)?.add(user)
      this.write('membership', principalKey('group', id), user, [{ kind: 'list', list }])
    }
    this.#called('AddMembers', id)
  }

  #userId(ref: MemberRef): string | undefined {
    return ref.by === 'id' ? ref.awsUserId : this.linkOf('user', ref.name)?.awsId
  }

  #groupId(list: string, awsId: string | undefined): string {
    const id = awsId ?? this.linkOf('group', list)?.awsId
    if (id === undefined) throw new Error(`no group for ${list}`)
    return id
  }

  #key({ kind, name, awsId }: Principal): string {
    const id = awsId ?? this.linkOf(kind, name ?? '')?.awsId
    if (id === undefined) throw new Error(`no id of ${name ?? ''}`)
    return principalKey(kind, id)
  }

  #forgetOld(kind: PrincipalKind, name: string): void {
    const old = this.linkOf(kind, name)
    if (old !== undefined) this.#forget(kind, old.awsId)
  }

  #forget(kind: PrincipalKind, awsId: string): void {
    this.links = this.links.filter((link) => !(link.kind === kind && link.awsId === awsId))
    this.ledger = this.ledger.filter(({ principal }) => principal !== principalKey(kind, awsId))
  }

  #refuseTakenName(displayName: string): void {
    if ([...this.groups.values()].some((group) => group.displayName === displayName)) {
      throw new Error(`group ${displayName} exists`)
    }
  }

  #refuseAssigned(kind: PrincipalKind, id: string): void {
    if ((this.assignments.get(principalKey(kind, id))?.size ?? 0) > 0) {
      throw new Error(`${id} is deleted with assignments`)
    }
  }

  #called(operation: string, id: string): void {
    this.calls.push({ operation, id: id.replace(/^(?:user|group)\//, '') })
  }
}
