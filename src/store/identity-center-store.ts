/**
 * @module The stores of access list members and of what the sync with Identity Center remembers: what it saw, what it is
 * bound to, what it put there, what it is about to do and who may do it. Part of `store.ts`, which says what holds for
 * all stores and is what others import.
 */
import type { AccessListMember } from '../core/access-list/access-list.js'
import type { LedgerEntry, Link, PrincipalKey, PrincipalKind } from '../core/identity-center/observation.js'
import type { Approval } from '../core/plan/plan.js'
import type { Instant } from '../core/time.js'

/** Members of access lists; the lists themselves are resources. */
export interface AccessListMemberStore {
  /** By kind and name. */
  list(list: string): Promise<AccessListMember[]>
  /** Of all lists, by list, kind and name: what one cycle of the sync plans from. */
  listAll(): Promise<AccessListMember[]>
  /** The lists that have this user or list as a member. */
  listOf(kind: AccessListMember['kind'], name: string): Promise<AccessListMember[]>
  /**
   * Every row upwards from a user or a list: those that have it as a member, those that have one of their lists as a
   * member, and so on, each once. One question to the engine, answered from the index whatever lists there are beside;
   * lists that contain each other end it, too. Also rows that have ended: who asks knows the time.
   */
  edgesAbove(kind: AccessListMember['kind'], name: string): Promise<AccessListMember[]>
  /** Of all lists, those members that are lists. */
  listNested(): Promise<AccessListMember[]>
  /** Adds or replaces by (list, kind, name). */
  put(members: readonly AccessListMember[]): Promise<void>
  /** `at` is now: until then, or until the end of the membership, the list had this member. */
  delete(list: string, kind: AccessListMember['kind'], name: string, at: Instant): Promise<boolean>
  /** All members of a list that goes, and when somebody last left it. */
  deleteList(list: string): Promise<number>
  count(): Promise<ReadonlyMap<string, number>>
  /** Members of these lists whose membership has not ended, for those that have any. */
  countOf(
    lists: readonly string[],
    now: Instant,
  ): Promise<ReadonlyMap<string, { readonly users: number; readonly lists: number }>>
  /** Until when these lists have members, for those that have or had any: `Infinity` where a membership has no end. */
  lastEnds(lists: readonly string[]): Promise<ReadonlyMap<string, Instant>>
  /**
   * Of these lists those that somebody was in, who was taken out or whose membership ended: until when the last of them
   * was. Says nothing of a list that somebody is in.
   */
  lastLeft(lists: readonly string[], now: Instant): Promise<ReadonlyMap<string, Instant>>
  /** Grows with every write here, as `ResourceStore.generation` does for resources. */
  generation(): Promise<number>
}

/** Kinds of what was seen in AWS. `members`: of a group, by its id; `assignments`: of a principal, by its key. */
export type SeenKind = 'account' | 'permission_set' | 'user' | 'group' | 'members' | 'assignments'

/** One thing as it was seen in AWS; `document` is JSON of a type that the kind tells. */
export interface SeenObject {
  readonly id: string
  readonly document: unknown
  readonly seenAt: Instant
}

export interface ObservationStore {
  list(plugin: string, kind: SeenKind): Promise<SeenObject[]>
  /** Adds or replaces; others stay. */
  put(plugin: string, kind: SeenKind, objects: readonly SeenObject[]): Promise<void>
  /** The whole of a kind as one complete read found it: others of the kind are forgotten. */
  replaceAll(plugin: string, kind: SeenKind, objects: readonly SeenObject[]): Promise<void>
  delete(plugin: string, kind: SeenKind, ids: readonly string[]): Promise<void>
  deleteAll(plugin: string): Promise<void>
  /** Grows with every write of accounts or permission sets, of any plugin: what caches of the inventory key on. */
  inventoryGeneration(): Promise<number>
  /**
   * Grows with every write here and of links, ledger and approvals, of any plugin: what caches of plans key on, beside
   * the generations of resources and members.
   */
  syncGeneration(): Promise<number>
  /** For what changes the inventory beside these writes: the filters of a plugin. */
  raiseInventoryGeneration(): Promise<void>
}

export interface PrincipalLinkStore {
  list(plugin: string): Promise<Link[]>
  find(plugin: string, kind: PrincipalKind, name: string): Promise<Link | undefined>
  /** Adds or replaces by (kind, name). @throws GatewayError `ALREADY_EXISTS` where the id belongs to another name. */
  put(plugin: string, link: Link): Promise<void>
  delete(plugin: string, kind: PrincipalKind, name: string): Promise<boolean>
  deleteAll(plugin: string): Promise<void>
}

export interface LedgerStore {
  list(plugin: string): Promise<LedgerEntry[]>
  listOf(plugin: string, principal: PrincipalKey): Promise<LedgerEntry[]>
  /** Adds or replaces by (kind, principal, target). */
  put(plugin: string, entries: readonly LedgerEntry[]): Promise<void>
  delete(
    plugin: string,
    entries: readonly Pick<LedgerEntry, 'kind' | 'principal' | 'target'>[],
  ): Promise<void>
  deleteOf(plugin: string, principal: PrincipalKey): Promise<void>
  deleteAll(plugin: string): Promise<void>
}

/** An intent to change AWS, written before the call; with an outcome once that is known (T23, T35). */
export interface ChangeRecord {
  readonly id: string
  readonly key: string
  /** The `Action` as it was begun, with the ids that were known. */
  readonly action: unknown
  readonly begunAt: Instant
  /** The holder of the lease that began it. */
  readonly holder: string
  /** `open`: no outcome yet; after the death of its holder it is re-read, never assumed. */
  readonly state: 'open' | 'succeeded' | 'failed' | 'unknown'
  readonly endedAt: Instant | undefined
  /** For people, of those that failed. */
  readonly error: string | undefined
  readonly remedy: string | undefined
}

/** What the guard counts of changes that were begun. */
export interface CountedChange {
  /** Of the action. */
  readonly kind: string
  /** Of an assignment. */
  readonly pair: string | undefined
  /** An action `members.remove` counts as many as it has members. */
  readonly count: number
  /** The key of one without an outcome; undefined for what succeeded. */
  readonly openKey: string | undefined
}

export interface ChangeStore {
  begin(plugin: string, record: ChangeRecord): Promise<void>
  /** False where it has an outcome already. */
  end(
    plugin: string,
    id: string,
    outcome: Pick<ChangeRecord, 'state' | 'error' | 'remedy'> & { readonly endedAt: Instant },
  ): Promise<boolean>
  listOpen(plugin: string): Promise<ChangeRecord[]>
  /** Newest first. */
  list(
    plugin: string,
    page: { readonly limit: number; readonly before?: string; readonly state?: ChangeRecord['state'] },
  ): Promise<ChangeRecord[]>
  /**
   * Removals and new assignments that succeeded since then, by kind of action and pair, and each that is open: what the
   * guard counts beside the plan. Without those whose action says `uncounted`.
   */
  countSince(plugin: string, since: Instant): Promise<CountedChange[]>
  deleteEndedBefore(plugin: string, before: Instant): Promise<number>
}

export interface ApprovalStore {
  list(plugin: string): Promise<Approval[]>
  put(plugin: string, approvals: readonly Approval[]): Promise<void>
  delete(plugin: string, keys: readonly string[]): Promise<void>
  deleteExpired(before: Instant): Promise<number>
}

export interface Lease {
  readonly holder: string
  /** Grows with every change of holder. */
  readonly term: number
  readonly expiresAt: Instant
}

/** Who may change AWS now. */
export interface LeaseStore {
  /** Takes a free or ended lease, or renews one's own; undefined while another holds it. */
  take(name: string, holder: string, now: Instant, ttlMs: number): Promise<Lease | undefined>
  /** The last one, ended or not. */
  find(name: string): Promise<Lease | undefined>
  /** Gives it up, if it is still one's own. */
  release(name: string, holder: string): Promise<void>
}

/** A bearer token for the SCIM endpoint; two at most, so that one can be replaced without a gap. */
export interface ScimToken {
  readonly slot: 1 | 2
  readonly sealedToken: string
  /** The host that it was given for: it is never sent to another (T15). */
  readonly host: string
  readonly addedAt: Instant
  readonly addedBy: string
  /** As the person said it: AWS does not tell; a year after it was made by default. */
  readonly expiresAt: Instant
  /** When AWS last refused it; undefined while it works. */
  readonly refusedAt: Instant | undefined
}

export interface ScimTokenStore {
  list(plugin: string): Promise<ScimToken[]>
  put(plugin: string, token: ScimToken): Promise<void>
  /** Of exactly this token: another one that took its slot meanwhile is left as it is. */
  markRefused(
    plugin: string,
    token: Pick<ScimToken, 'slot' | 'sealedToken'>,
    at: Instant | undefined,
  ): Promise<void>
  delete(plugin: string, slot: 1 | 2): Promise<boolean>
}

/** JSON that one part keeps for itself: the status of the last cycle, the answers of a set-up that was left. */
export interface NoteStore {
  find(name: string): Promise<unknown>
  put(name: string, document: unknown): Promise<void>
  delete(name: string): Promise<boolean>
}
