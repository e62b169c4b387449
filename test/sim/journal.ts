/**
 * What really happened, in one order: every intent and outcome when it became durable, every bond, and every row that
 * changed in AWS, with whether that was by a call of ours. Checks that need no model are made here, at that moment.
 */
import type { MemberRef } from '../../src/core/entitlement/desired.js'
import { splitPairKey } from '../../src/core/identity-center/observation.js'
import type { Action, Principal } from '../../src/core/plan/plan.js'
import type { Change } from '../../src/emulator/state/tables.js'
import type { ChangeRecord, StoreTransaction } from '../../src/store/store.js'
import type { SimAws } from './harness/in-process-aws.js'

/** One row of AWS that came, changed or went. */
export type Fact =
  | { readonly of: 'user'; readonly id: string; readonly name: string; readonly is: RowChange }
  | { readonly of: 'group'; readonly id: string; readonly name: string; readonly is: RowChange }
  | { readonly of: 'member'; readonly groupId: string; readonly userId: string; readonly is: RowChange }
  | {
      readonly of: 'assignment'
      readonly principalId: string
      readonly pair: string
      readonly is: RowChange
    }
type RowChange = 'new' | 'changed' | 'gone'

interface Intent {
  readonly id: string
  readonly action: Action
  /** Row changes of AWS since it began that it accounts for. */
  readonly facts: Fact[]
  readonly begunAt: number
}

export class Journal {
  readonly violations: string[] = []
  /** Ids in AWS that are ours by a bond, by kind and name; and all that ever were. */
  readonly links = new Map<string, string>()
  readonly everOwned = new Set<string>()
  /** Rows that others made: `GROUP USER` and `PRINCIPAL ACCOUNT/ARN`. */
  readonly foreignRows = new Set<string>()
  /** Keys that a person approved, ever. */
  readonly approved = new Set<string>()
  /** Whether access ended by itself, which the guard never holds. */
  hasEnded: (action: Action) => boolean = () => false
  /** Removals that were made without approval, by kind of guard. */
  readonly unapprovedRemovals = new Map<string, number>()
  /** Intents that only a later look at AWS ended. */
  resolved = 0
  begun = 0
  changedByUs = 0
  /** Set while somebody else changes AWS. */
  isForeign = false
  /** Until everything was done once, a user of AWS with exactly the name of one of ours is taken over by the set-up. */
  isSetUp = false
  /** Called after each change of AWS. */
  onFact: (fact: Fact, isForeign: boolean) => void = () => undefined
  readonly #aws: SimAws
  readonly #made = new Set<string>()
  readonly #open = new Map<string, Intent>()
  readonly #before = new Map<string, { readonly groupId: string; readonly userId: string }>()
  #known = new Set<string>()

  constructor(aws: SimAws) {
    this.#aws = aws
    const { users, groups, memberships, assignments } = this.#tables
    for (const { groupId, userId } of memberships.rows()) this.foreignRows.add(`${groupId} ${userId}`)
    for (const { principalId, accountId, permissionSetArn } of assignments.rows()) {
      this.foreignRows.add(`${principalId} ${accountId}/${permissionSetArn}`)
    }
    for (const { id } of [...users.rows(), ...groups.rows()]) this.#known.add(id)
    for (const { id, groupId, userId } of memberships.rows()) this.#before.set(id, { groupId, userId })
    aws.context.events.listen((event) => {
      if (event.type === 'change') this.#take(event.change)
    })
  }

  get #tables() {
    return this.#aws.context.state.tables
  }

  isOurs(id: string): boolean {
    return this.everOwned.has(id) || this.#made.has(id)
  }

  owned(kind: 'user' | 'group'): Map<string, string> {
    const of = [...this.links].filter(([key]) => key.startsWith(`${kind}/`))
    return new Map(of.map(([key, id]) => [id, key.slice(kind.length + 1)]))
  }

  /** A transaction that tells what it wrote, to be told once it is durable. */
  readonly listen = (tx: StoreTransaction, told: (() => void)[]): StoreTransaction => {
    const { changes, principalLinks } = tx
    return extended(tx, {
      changes: extended(changes, {
        begin: async (plugin: string, record: ChangeRecord) => {
          await changes.begin(plugin, record)
          told.push(() => this.#begin(record))
        },
        end: async (plugin: string, id: string, outcome: Parameters<typeof changes.end>[2]) => {
          const isEnded = await changes.end(plugin, id, outcome)
          if (isEnded) told.push(() => this.#end(id, outcome.state))
          return isEnded
        },
      }),
      principalLinks: extended(principalLinks, {
        put: async (plugin: string, link: Parameters<typeof principalLinks.put>[1]) => {
          await principalLinks.put(plugin, link)
          told.push(() => this.#bind(`${link.kind}/${link.name}`, link.awsId, link.origin))
        },
        delete: async (plugin: string, kind: 'user' | 'group', name: string) => {
          const isDeleted = await principalLinks.delete(plugin, kind, name)
          told.push(() => void this.links.delete(`${kind}/${name}`))
          return isDeleted
        },
      }),
    })
  }

  readonly note = (document: unknown): void => {
    if (typeof document === 'object' && document !== null && 'firstDoneAt' in document) {
      this.isSetUp ||= document.firstDoneAt !== undefined
    }
  }

  /** A bond to what we did not make needs an import, the set-up or a person. */
  #bind(key: string, id: string, origin: string): void {
    const isNamesake = key === `user/${this.#tables.users.get(id)?.userName ?? ''}`
    const isAsked =
      origin === 'imported' ||
      (isNamesake && !this.isSetUp) ||
      [...this.approved].some((one) => one.includes(`adopt ${id}`))
    if (!this.isOurs(id) && !isAsked) this.#accuse(`bound ${key} to what is foreign: ${id}`)
    this.links.set(key, id)
    this.everOwned.add(id)
  }

  #begin(record: ChangeRecord): void {
    // Rows are written by the sync from an Action; the stored form is the same object as JSON.
    const action = record.action as Action
    this.begun += 1
    this.#open.set(record.id, { id: record.id, action, facts: [], begunAt: this.#aws.context.clock.now() })
  }

  #countRemoval({ action }: Intent): void {
    const removal = removalOf(action)
    if (removal === undefined || this.approved.has(action.key) || this.hasEnded(action)) return
    this.unapprovedRemovals.set(
      removal.kind,
      (this.unapprovedRemovals.get(removal.kind) ?? 0) + removal.count,
    )
  }

  #end(id: string, state: ChangeRecord['state']): void {
    const intent = this.#open.get(id)
    if (intent === undefined) {
      this.#accuse(`ended a change that never began: ${id}`)
      return
    }
    this.#open.delete(id)
    if (state === 'unknown') this.resolved += 1
    this.#aws.context.settle()
    if (state === 'succeeded') this.#countRemoval(intent)
    if (state === 'succeeded' && !this.#isTrue(intent)) {
      this.#accuse(`says that it was done, and it was not: ${intent.action.key}`)
    }
  }

  #take(change: Change): void {
    const fact = this.#factOf(change)
    if (fact === undefined) return
    this.#noteRow(fact)
    if (!this.isForeign) {
      this.changedByUs += 1
      this.#checkOwner(fact)
      this.#checkIntent(fact)
    }
    this.onFact(fact, this.isForeign)
  }

  #noteRow(fact: Fact): void {
    if (fact.of !== 'member' && fact.of !== 'assignment') return
    const row = fact.of === 'member' ? `${fact.groupId} ${fact.userId}` : `${fact.principalId} ${fact.pair}`
    if (fact.is !== 'gone' && this.isForeign) this.foreignRows.add(row)
    else if (fact.is === 'gone') this.foreignRows.delete(row)
  }

  #factOf(change: Change): Fact | undefined {
    switch (change.table) {
      case 'users':
      case 'groups': {
        const of = change.table === 'users' ? 'user' : 'group'
        if ('delete' in change) return { of, id: change.delete, name: '', is: 'gone' }
        const { id } = change.put
        const name = 'userName' in change.put ? change.put.userName : change.put.displayName
        const is = this.#known.has(id) ? 'changed' : 'new'
        this.#known.add(id)
        return { of, id, name, is }
      }
      case 'memberships': {
        if ('put' in change) {
          const { id, groupId, userId } = change.put
          this.#before.set(id, { groupId, userId })
          return { of: 'member', groupId, userId, is: 'new' }
        }
        const row = this.#before.get(change.delete)
        return row === undefined ? undefined : { of: 'member', ...row, is: 'gone' }
      }
      case 'assignments': {
        if ('put' in change) {
          const { principalId, accountId, permissionSetArn } = change.put
          return { of: 'assignment', principalId, pair: `${accountId}/${permissionSetArn}`, is: 'new' }
        }
        return assignmentOf(change.delete)
      }
      default:
        return undefined
    }
  }

  #checkOwner(fact: Fact): void {
    if (fact.of !== 'member' && fact.of !== 'assignment' && fact.is === 'new') this.#made.add(fact.id)
    if (!this.#isOursToChange(fact)) this.#accuse(`changed what is foreign: ${tell(fact)}`)
  }

  #isOursToChange(fact: Fact): boolean {
    if (fact.of === 'assignment') return this.isOurs(fact.principalId)
    if (fact.of !== 'member') return this.isOurs(fact.id)
    return this.isOurs(fact.groupId) || (fact.is === 'gone' && this.isOurs(fact.userId))
  }

  /** A change of AWS without an intent that is durable and open would be one that nobody could explain (T35). */
  #checkIntent(fact: Fact): void {
    let isExplained = false
    for (const intent of this.#open.values()) {
      if (!this.#explains(intent.action, fact)) continue
      intent.facts.push(fact)
      isExplained = true
    }
    if (!isExplained) this.#accuse(`changed AWS without an open intent: ${tell(fact)}`)
  }

  #explains(action: Action, fact: Fact): boolean {
    const isGone = fact.is === 'gone'
    switch (action.kind) {
      case 'user.create':
        return fact.of === 'user' && fact.is === 'new' && fact.name === action.attributes.userName
      case 'user.update':
      case 'user.activate':
      case 'user.deactivate':
        return fact.of === 'user' && fact.is === 'changed' && fact.id === action.awsId
      case 'user.delete':
      case 'group.delete':
        return isGone && concerns(fact, action.awsId)
      case 'group.create':
        if (fact.of === 'member') {
          return !isGone && this.#tables.groups.get(fact.groupId)?.displayName === action.displayName
        }
        return fact.of === 'group' && fact.is === 'new' && fact.name === action.displayName
      case 'group.rename':
        return fact.of === 'group' && fact.is === 'changed' && fact.id === action.awsId
      case 'members.add':
      case 'members.remove': {
        if (fact.of !== 'member' || isGone !== (action.kind === 'members.remove')) return false
        const group = action.awsId ?? this.links.get(`group/${action.list}`)
        return fact.groupId === group && action.members.some((one) => this.#idOf(one) === fact.userId)
      }
      case 'assignment.create':
      case 'assignment.delete':
        if (fact.of !== 'assignment' || isGone !== (action.kind === 'assignment.delete')) return false
        return fact.pair === action.pair && fact.principalId === this.#principalId(action.principal)
      default:
        return false
    }
  }

  /** Whether AWS shows it, or showed it since it began and lost it again to somebody else. */
  #isTrue({ action, facts }: Intent): boolean {
    const { users, groups, assignments, memberships } = this.#tables
    if (facts.length > 0 && action.kind !== 'members.add' && action.kind !== 'members.remove') return true
    switch (action.kind) {
      case 'user.create':
        return users.rows().some(({ userName }) => userName === action.attributes.userName)
      case 'group.create':
        return groups.rows().some(({ displayName }) => displayName === action.displayName)
      case 'user.activate':
      case 'user.deactivate':
        return (users.get(action.awsId)?.active === true) === (action.kind === 'user.activate')
      case 'user.delete':
        return users.get(action.awsId) === undefined
      case 'group.delete':
        return groups.get(action.awsId) === undefined
      case 'group.rename':
        return groups.get(action.awsId)?.displayName === action.displayName
      case 'members.add':
      case 'members.remove': {
        const group = action.awsId ?? this.links.get(`group/${action.list}`) ?? ''
        if (groups.get(group) === undefined) return true
        const there = new Set(
          memberships
            .by('group', group)
            .rows()
            .map(({ userId }) => userId),
        )
        const told = new Set(facts.map((fact) => (fact.of === 'member' ? fact.userId : '')))
        return action.members.every((one) => {
          const id = this.#idOf(one)
          // Nobody by that name any more, or not yet: left to a later plan.
          if (id === undefined || users.get(id) === undefined || told.has(id)) return true
          return there.has(id) === (action.kind === 'members.add')
        })
      }
      case 'assignment.create':
      case 'assignment.delete': {
        const id = this.#principalId(action.principal)
        if (id === undefined || (users.get(id) ?? groups.get(id)) === undefined) return true
        const { accountId, permissionSetArn } = splitPairKey(action.pair)
        const isThere = assignments
          .by('principal', id)
          .rows()
          .some((row) => row.accountId === accountId && row.permissionSetArn === permissionSetArn)
        return isThere === (action.kind === 'assignment.create')
      }
      default:
        return true
    }
  }

  #idOf(member: MemberRef): string | undefined {
    return member.by === 'id' ? member.awsUserId : (this.links.get(`user/${member.name}`) ?? member.awsUserId)
  }

  #principalId({ kind, name, awsId }: Principal): string | undefined {
    return awsId ?? this.links.get(`${kind}/${name ?? ''}`)
  }

  #accuse(what: string): void {
    if (this.violations.length < 20) this.violations.push(what)
  }

  get openIntents(): readonly Pick<Intent, 'action' | 'begunAt'>[] {
    return [...this.#open.values()]
  }
}

/** By the key of its row: `ACCOUNT/ARN/KIND/ID`, where the ARN has slashes of its own. */
function assignmentOf(key: string): Fact {
  const parts = key.split('/')
  const principalId = parts.pop() ?? ''
  return { of: 'assignment', principalId, pair: parts.slice(0, -1).join('/'), is: 'gone' }
}

function concerns(fact: Fact, id: string): boolean {
  if (fact.of === 'member') return fact.groupId === id || fact.userId === id
  return (fact.of === 'assignment' ? fact.principalId : fact.id) === id
}

/** What an action takes away, as the guard counts it. */
function removalOf(action: Action): { readonly kind: string; readonly count: number } | undefined {
  switch (action.kind) {
    case 'user.deactivate':
    case 'user.delete':
      return { kind: 'users', count: 1 }
    case 'group.delete':
      return { kind: 'groups', count: 1 }
    case 'members.remove':
      return { kind: 'memberships', count: action.members.length }
    case 'assignment.delete':
      return { kind: 'assignments', count: 1 }
    default:
      return undefined
  }
}

function tell(fact: Fact): string {
  return Object.values(fact).join(' ')
}

function extended<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get: (inner, name) => {
      const value: unknown = Reflect.get(Reflect.has(members, name) ? members : inner, name)
      return typeof value === 'function' ? value.bind(Reflect.has(members, name) ? members : inner) : value
    },
  })
}
