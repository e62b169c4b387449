/**
 * @module What planning knows, arranged for looking up, and the actions drafted so far. The parts of the diff read it
 * and add to it in a fixed order; nothing outside of one call of `makePlan` sees it.
 */
import type { DesiredUser } from '../entitlement/desired.js'
import {
  principalKey,
  type GrantReason,
  type Link,
  type ObservedGroup,
  type ObservedUser,
  splitPairKey,
  type PairKey,
  type PrincipalKey,
  type PrincipalKind,
} from '../identity-center/observation.js'
import type { Instant } from '../time.js'
import { unresolvedName, unresolvedPart, type PlanInput, type PrincipalPart } from './input.js'
import { keyOf } from './keys.js'
import type { ActionChange, ActionKey, Drift, EndOfRequests, Hold, Plan, Principal } from './plan.js'
import type { SetAside } from '../entitlement/desired.js'

export type Reasons = readonly GrantReason[]

/**
 * New assignments that one plan names; the others are counted and follow once these are done. A slip in a role can mean
 * fifty million of them, which nobody reads and no memory holds. What has to go is never left out.
 */
export const maxNewAssignments = 50_000

/** An action before the guard has looked at it. */
export interface Draft {
  readonly key: ActionKey
  readonly change: ActionChange
  readonly because: string
  /** Have to have succeeded before; without one of them in the plan the action is not possible. */
  readonly after: Set<ActionKey>
  /** Better done before: waited for as long as that may be done at all, held ones only where `evenHeld`. */
  readonly rather: Map<ActionKey, { readonly evenHeld: boolean }>
  /** Access ends because of a lock or of time: never held, never counted. */
  readonly mustGo: boolean
  /** Set where it takes away what requests gave; what should have gone first goes first. */
  readonly ended: EndOfRequests | undefined
  readonly holds: Hold[]
}

export interface DraftOptions {
  readonly after?: Iterable<ActionKey>
  readonly mustGo?: boolean
  readonly ended?: EndOfRequests | undefined
  readonly holds?: readonly Hold[]
}

const nothingKnown: ReadonlyMap<string, Reasons> = new Map()

export class PlanState {
  readonly input: PlanInput
  readonly drafts = new Map<ActionKey, Draft>()
  readonly drift: Drift[] = []
  readonly setAside: SetAside[] = []
  readonly unwanted: Plan['unwanted'][number][] = []
  /** Users of a recycled name who are still where the one before was put. */
  readonly stillRecycled = new Set<string>()
  readonly notes: string[] = []
  readonly links: { readonly user: ReadonlyMap<string, Link>; readonly group: ReadonlyMap<string, Link> }
  readonly linksById: { readonly user: ReadonlyMap<string, Link>; readonly group: ReadonlyMap<string, Link> }
  readonly usersByName: ReadonlyMap<string, ObservedUser>
  readonly groupsByName: ReadonlyMap<string, ObservedGroup>
  /** Of users that are made by this plan and may be made now: the action. */
  readonly userCreates = new Map<string, ActionKey>()
  readonly groupCreates = new Map<string, ActionKey>()
  /** By name of the user. */
  readonly deactivations = new Map<string, ActionKey>()
  /** Principals that this plan deletes: everything they have goes first. */
  readonly deletions = new Map<PrincipalKey, { readonly link: Link; readonly doubt: boolean }>()
  readonly assignmentDeletes = new Map<PrincipalKey, ActionKey[]>()
  /** Of groups that are made again: who would leave the old one, for the guard to judge. */
  readonly leavers: { readonly creation: ActionKey; readonly removals: readonly Draft[] }[] = []
  nextChangeAt: Instant | undefined
  newAssignments = 0
  /** Ours, in accounts that are left alone. */
  leftAlone = 0
  /** Wanted, of permission sets that we cannot assign. */
  unassignable = 0

  /** Accounts of the organisation in which nothing is changed; all that is there stays, whatever is desired. */
  readonly #accountsLeftAlone: ReadonlySet<string>

  readonly #assignments = new Map<PrincipalKey, Map<PairKey, Reasons>>()
  readonly #memberships = new Map<string, Map<string, Reasons>>()
  readonly #untouched: Record<PrincipalKind, Set<string>> = { user: new Set(), group: new Set() }
  readonly #fixed: Record<PrincipalKind, Set<string>> = { user: new Set(), group: new Set() }
  readonly #approved: ReadonlyMap<ActionKey, string>

  constructor(input: PlanInput) {
    this.input = input
    const inventoried = new Set(input.inventory.accounts.map(({ id }) => id))
    this.#accountsLeftAlone = new Set([...(input.knownAccounts ?? [])].filter((id) => !inventoried.has(id)))
    const { desired, observation, links, ledger, approvals, now } = input
    this.links = { user: indexLinks(links, 'user', 'name'), group: indexLinks(links, 'group', 'name') }
    this.linksById = { user: indexLinks(links, 'user', 'awsId'), group: indexLinks(links, 'group', 'awsId') }
    this.usersByName = new Map([...(observation.users?.values() ?? [])].map((user) => [user.userName, user]))
    this.groupsByName = new Map(
      [...(observation.groups?.values() ?? [])].map((group) => [group.displayName, group]),
    )
    for (const { kind, principal, target, reasons } of ledger) {
      const rows = kind === 'assignment' ? this.#assignments : this.#memberships
      const of = rows.get(principal)
      if (of === undefined) rows.set(principal, new Map([[target, reasons]]))
      else of.set(target, reasons)
    }
    for (const { kind, name, code } of desired.setAside) {
      const unclear = code === 'unreadable' || code === 'too_many_pairs'
      if (unclear && !(kind === 'user' && desired.users.get(name)?.active === false)) {
        this.#untouched[kind].add(name)
      }
      this.#fixed[kind].add(name)
    }
    this.#approved = new Map(
      approvals.filter(({ expiresAt }) => expiresAt > now).map(({ key, by }) => [key, by]),
    )
    this.considerChange(desired.nextChangeAt)
    for (const at of input.failures.values()) this.considerChange(at)
  }

  considerChange(at: Instant | undefined): void {
    if (at === undefined || at <= this.input.now) return
    if (this.nextChangeAt === undefined || at < this.nextChangeAt) this.nextChangeAt = at
  }

  /** Adds an action. `because` is a sentence part. */
  draft(change: ActionChange, because: string, options: DraftOptions = {}): Draft {
    const draft: Draft = {
      key: keyOf(change),
      change,
      because,
      after: new Set(options.after ?? []),
      rather: new Map(),
      mustGo: options.mustGo ?? false,
      ended: options.ended,
      holds: [...(options.holds ?? [])],
    }
    this.drafts.set(draft.key, draft)
    return draft
  }

  approvedBy(key: ActionKey): string | undefined {
    return this.#approved.get(key)
  }

  /** Until when a failed action waits; undefined where it does not. */
  waitsUntil(key: ActionKey): Instant | undefined {
    const until = this.input.failures.get(key)
    return until !== undefined && until > this.input.now ? until : undefined
  }

  /** Whether an action with these holds can be begun now, as far as the guard's counts do not matter to it. */
  canRun({ key, holds }: Draft): boolean {
    return this.waitsUntil(key) === undefined && (holds.length === 0 || this.#approved.has(key))
  }

  /** Whether nothing may be planned for the principal: unclear what is wanted, or an outcome is awaited. */
  isUntouchable(kind: PrincipalKind, name: string | undefined, awsId: string | undefined): boolean {
    if (name !== undefined && this.#untouched[kind].has(name)) return true
    return this.isUnresolved(kind, name, awsId)
  }

  /** Whether an outcome is awaited: of this part, or of any where none is named. */
  isUnresolved(
    kind: PrincipalKind,
    name: string | undefined,
    awsId: string | undefined,
    part?: PrincipalPart,
  ): boolean {
    const { unresolved } = this.input
    if (unresolved.size === 0) return false
    const parts = part === undefined ? (['object', 'assignments'] as const) : [part]
    const isIn = (of: string): boolean =>
      unresolved.has(of) || parts.some((one) => unresolved.has(unresolvedPart(of, one)))
    return (
      (awsId !== undefined && isIn(principalKey(kind, awsId))) ||
      (name !== undefined && isIn(unresolvedName(kind, name)))
    )
  }

  /** Whether what is wanted of the principal is not known. */
  isUnclear(kind: PrincipalKind, name: string): boolean {
    return this.#untouched[kind].has(name)
  }

  /** Whether the object itself is left as it is, neither made nor renamed nor updated. */
  isFixed(kind: PrincipalKind, name: string): boolean {
    return this.#fixed[kind].has(name)
  }

  /** Whether a complete read did not find what the link is bound to. */
  isGone({ kind, awsId }: Link): boolean {
    const { users, groups } = this.input.observation
    return kind === 'user' ? users?.has(awsId) === false : groups?.has(awsId) === false
  }

  /**
   * Whether the user of ours with this id is another than the one for whom import or adoption found what is there: the
   * name was given up in between, and whoever has it now inherits nothing (T7).
   */
  isRecycled(awsId: string): boolean {
    const link = this.linksById.user.get(awsId)
    return link?.unwantedSince !== undefined && this.input.desired.users.has(link.name)
  }

  /** Whether the ledger still has something that was found. Looks at every group: for rare cases. */
  hasFoundRows({ kind, awsId }: Link): boolean {
    const own = [...this.assignmentRows(principalKey(kind, awsId)).values()]
    if (kind === 'group') return own.some(hasFound)
    const memberships = [...this.#memberships.values()].map((rows) => rows.get(awsId) ?? [])
    return [...own, ...memberships].some(hasFound)
  }

  /** The linked user of ours, if it is one that has to be inactive. */
  lockedUser(awsId: string): DesiredUser | undefined {
    const name = this.linksById.user.get(awsId)?.name
    const user = name === undefined ? undefined : this.input.desired.users.get(name)
    return user?.active === false ? user : undefined
  }

  /** Whether the pair is in an account that the filters leave out or that is not active: not ours to change. */
  isLeftAlone(pair: PairKey): boolean {
    return this.#accountsLeftAlone.size > 0 && this.#accountsLeftAlone.has(splitPairKey(pair).accountId)
  }

  assignmentRows(principal: PrincipalKey): ReadonlyMap<PairKey, Reasons> {
    return this.#assignments.get(principal) ?? nothingKnown
  }

  membershipRows(groupId: string): ReadonlyMap<string, Reasons> {
    return this.#memberships.get(principalKey('group', groupId)) ?? nothingKnown
  }

  /** Whether any group's ledger still has the user. Looks at every group: for rare cases. */
  isMemberAnywhere(userId: string): boolean {
    return [...this.#memberships.values()].some((rows) => rows.has(userId))
  }

  /** Owned of each kind: what shares of the guard are shares of. */
  countOwned(): Readonly<Record<'users' | 'groups' | 'memberships' | 'assignments', number>> {
    const count = (rows: ReadonlyMap<string, ReadonlyMap<string, Reasons>>): number =>
      [...rows.values()].reduce((sum, of) => sum + of.size, 0)
    return {
      users: this.links.user.size,
      groups: this.links.group.size,
      memberships: count(this.#memberships),
      assignments: count(this.#assignments),
    }
  }
}

function indexLinks(
  links: readonly Link[],
  kind: PrincipalKind,
  by: 'name' | 'awsId',
): ReadonlyMap<string, Link> {
  const entries = links.filter((link) => link.kind === kind).map((link) => [link[by], link] as const)
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function principalOf({ kind, name, awsId }: Link): Principal {
  return { kind, name, awsId }
}

/** Whether two lists of reasons say the same, in any order. */
export function sameReasons(a: Reasons, b: Reasons): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  const texts = new Set(a.map(reasonText))
  return b.every((reason) => texts.has(reasonText(reason)))
}

function reasonText(reason: GrantReason): string {
  switch (reason.kind) {
    case 'list':
      return `list ${reason.list}`
    case 'list_member':
      return `list_member ${JSON.stringify([reason.list, reason.deniedBy])}`
    case 'list_owner':
      return `list_owner ${reason.list}`
    case 'role':
      return `role ${reason.role}`
    case 'request':
      return `request ${reason.until} ${reason.request}`
    case 'found':
      return 'found'
  }
}

export function hasFound(reasons: Reasons): boolean {
  return reasons.some(({ kind }) => kind === 'found')
}

export const found: GrantReason = { kind: 'found' }
