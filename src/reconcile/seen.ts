/**
 * @module What was seen in AWS, in memory beside the store: the holder of the lease plans from it and writes every
 * change of it through. Each thing remembers when it last changed here, so that a slow read of AWS never overwrites
 * what was done while it ran.
 */
import { z } from 'zod'
import type {
  Observation,
  ObservedAccount,
  ObservedGroup,
  ObservedPermissionSet,
  ObservedUser,
  PairKey,
  PrincipalKey,
} from '../core/identity-center/observation.js'
import { minute, second, type DurationMs, type Instant } from '../core/time.js'
import type { ObservationStore, SeenKind, SeenObject } from '../store/store.js'

/** An account with the names that it had before, newest first: old names still resolve (T25). */
export interface SeenAccount extends ObservedAccount {
  readonly formerNames: readonly string[]
}

/** One thing as it is now; a value of undefined means that it is gone. */
export type SeenWrite =
  | { readonly kind: 'account'; readonly id: string; readonly value: SeenAccount | undefined }
  | {
      readonly kind: 'permission_set'
      readonly id: string
      readonly value: ObservedPermissionSet | undefined
    }
  | { readonly kind: 'user'; readonly id: string; readonly value: ObservedUser | undefined }
  | { readonly kind: 'group'; readonly id: string; readonly value: ObservedGroup | undefined }
  | { readonly kind: 'members'; readonly id: string; readonly value: ReadonlySet<string> | undefined }
  | {
      readonly kind: 'assignments'
      readonly id: PrincipalKey
      readonly value: ReadonlySet<PairKey> | undefined
    }

export type Doubt = 'users' | 'groups' | 'accounts' | 'permission_sets'

const text = z.string()
const maybe = z.string().optional()
// The transforms say of each member that it is there, with or without a value: JSON leaves out what is undefined.
const account = z
  .object({
    id: text,
    arn: text,
    name: text,
    email: maybe,
    status: text,
    ouPath: maybe,
    tags: z.record(z.string(), z.string()),
    isManagement: z.boolean(),
    formerNames: z.array(text).default([]),
  })
  .transform((it): SeenAccount => ({ ...it, email: it.email, ouPath: it.ouPath }))
const permissionSet = z
  .object({ arn: text, name: text, description: maybe, sessionDuration: maybe })
  .transform((it): ObservedPermissionSet => {
    return { ...it, description: it.description, sessionDuration: it.sessionDuration }
  })
const user = z
  .object({
    id: text,
    userName: text,
    displayName: maybe,
    givenName: maybe,
    familyName: maybe,
    email: maybe,
    active: z.boolean().optional(),
    externalId: maybe,
  })
  .transform((it): ObservedUser => {
    const { displayName, givenName, familyName, email, active, externalId } = it
    return { ...it, displayName, givenName, familyName, email, active, externalId }
  })
const group = z
  .object({ id: text, displayName: text, externalId: maybe, settledName: maybe })
  .transform((it): ObservedGroup => ({ ...it, externalId: it.externalId, settledName: it.settledName }))
const names = z.array(text)

/** How long AWS's lists may go on without a change that was answered; AWS says only that they do. */
const readLag: DurationMs = 5 * second

/** Reads end with what is left of the lease, long before this. */
const longestRead: DurationMs = minute

/** One thing that we changed; of a set, what came and what went. */
interface Change {
  readonly kind: SeenKind
  readonly id: string
  readonly at: Instant
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export class Seen {
  readonly accounts = new Map<string, SeenAccount>()
  readonly permissionSets = new Map<string, ObservedPermissionSet>()
  readonly users = new Map<string, ObservedUser>()
  readonly groups = new Map<string, ObservedGroup>()
  readonly members = new Map<string, ReadonlySet<string>>()
  readonly assignments = new Map<PrincipalKey, ReadonlySet<PairKey>>()
  readonly #touched = new Map<string, number>()
  /** Changes of ours that AWS's lists may not show yet, oldest first, each with the mark before it. */
  #changed: { readonly at: Instant; readonly before: number }[] = []
  /** The same changes one by one, longer than any read takes. */
  #lately: Change[] = []
  #mark = 0

  /** Grows with everything that changes here. */
  mark(): number {
    return this.#mark
  }

  /**
   * To be taken before a read of AWS begins; what changes here afterwards is newer than that read. So is what we changed
   * in AWS a moment before: its lists show that late, and would say that somebody had undone it.
   */
  markOfRead(now: Instant): number {
    const unsettled = this.#changed.filter(({ at }) => now - at < readLag)
    this.#changed = unsettled
    return unsettled[0]?.before ?? this.#mark
  }

  isNewerThan(mark: number, kind: SeenKind, id: string): boolean {
    return (this.#touched.get(`${kind}/${id}`) ?? 0) > mark
  }

  /** How long a read that begins now would still be doubted because of what we changed: 0 to the lag of AWS's reads. */
  unsettledFor(now: Instant): DurationMs {
    const last = this.#changed.at(-1)
    return last === undefined ? 0 : Math.min(Math.max(last.at + readLag - now, 0), readLag)
  }

  /**
   * Whether we made or changed a user or a group so shortly before that AWS may answer that there is no such thing:
   * what it says of a principal, too, shows late.
   */
  isUnsettled(kind: 'user' | 'group', id: string, now: Instant): boolean {
    const isKnown = kind === 'user' ? this.users.has(id) : this.groups.has(id)
    return isKnown && this.#lately.some((one) => one.kind === kind && one.id === id && now - one.at < readLag)
  }

  /** @param changedAt When we changed AWS, where that and no read is what they come from. */
  apply(writes: readonly SeenWrite[], changedAt?: Instant): void {
    if (changedAt !== undefined && writes.length > 0) {
      this.#changed.push({ at: changedAt, before: this.#mark })
      const kept = this.#lately.filter(({ at }) => changedAt - at < longestRead)
      this.#lately = [...kept, ...writes.map((write) => this.#changeBy(write, changedAt))]
    }
    for (const write of writes) {
      this.#mark += 1
      this.#touched.set(`${write.kind}/${write.id}`, this.#mark)
      switch (write.kind) {
        case 'account':
          set(this.accounts, write)
          break
        case 'permission_set':
          set(this.permissionSets, write)
          break
        case 'user':
          set(this.users, write)
          break
        case 'group':
          set(this.groups, write)
          break
        case 'members':
          set(this.members, write)
          break
        case 'assignments':
          set(this.assignments, write)
          break
      }
    }
  }

  /**
   * What a read of one thing says, with what we changed of it from a moment before the read on: of sets the members that
   * we added or removed, of other things all. The answer that it is gone is believed: it is no list that shows late.
   */
  settle(write: SeenWrite, begunAt: Instant): SeenWrite {
    const changes = this.#lately.filter(
      ({ kind, id, at }) => kind === write.kind && id === write.id && begunAt - at < readLag,
    )
    if (changes.length === 0 || write.value === undefined) return write
    switch (write.kind) {
      case 'members':
        return { ...write, value: settleSet(write.value, this.members.get(write.id), changes) }
      case 'assignments':
        return { ...write, value: settleSet(write.value, this.assignments.get(write.id), changes) }
      case 'user':
        return { ...write, value: this.users.get(write.id) }
      case 'group':
        return { ...write, value: this.groups.get(write.id) }
      case 'account':
      case 'permission_set':
        return write
    }
  }

  #changeBy(write: SeenWrite, at: Instant): Change {
    const { kind, id } = write
    if (kind !== 'members' && kind !== 'assignments') return { kind, id, at, added: [], removed: [] }
    const before = (kind === 'members' ? this.members : this.assignments).get(id) ?? new Set()
    const after = write.value ?? new Set()
    const added = [...after].filter((one) => !before.has(one))
    return { kind, id, at, added, removed: [...before].filter((one) => !after.has(one)) }
  }

  /** A moment of it that no later write changes. `read` says which lists were read to their end once. */
  observation(read: { users: boolean; groups: boolean }, doubts: ReadonlySet<Doubt>): Observation {
    return {
      users: read.users ? new Map(this.users) : undefined,
      groups: read.groups ? new Map(this.groups) : undefined,
      members: new Map(this.members),
      assignments: new Map(this.assignments),
      doubts: new Set(doubts),
    }
  }
}

/** @param ours What is there as far as we know; undefined where we know that the whole is gone. */
function settleSet(
  read: ReadonlySet<string>,
  ours: ReadonlySet<string> | undefined,
  changes: readonly Change[],
): ReadonlySet<string> | undefined {
  if (ours === undefined) return ours
  const settled = new Set(read)
  for (const { added, removed } of changes) {
    for (const one of added) settled.add(one)
    for (const one of removed) settled.delete(one)
  }
  return settled
}

function set<T>(map: Map<string, T>, write: { readonly id: string; readonly value: T | undefined }): void {
  if (write.value === undefined) map.delete(write.id)
  else map.set(write.id, write.value)
}

/** @throws ZodError where what is stored is damaged. */
export async function loadSeen(store: ObservationStore, plugin: string): Promise<Seen> {
  const seen = new Seen()
  const fill = async <T>(kind: SeenKind, form: z.ZodType<T>, into: Map<string, T>): Promise<void> => {
    for (const { id, document } of await store.list(plugin, kind)) into.set(id, form.parse(document))
  }
  const ids = names.transform((list): ReadonlySet<string> => new Set(list))
  await fill('account', account, seen.accounts)
  await fill('permission_set', permissionSet, seen.permissionSets)
  await fill('user', user, seen.users)
  await fill('group', group, seen.groups)
  await fill('members', ids, seen.members)
  await fill('assignments', ids, seen.assignments)
  return seen
}

/** Within the transaction that also writes what caused it. */
export async function writeSeen(
  store: ObservationStore,
  plugin: string,
  writes: readonly SeenWrite[],
  now: Instant,
): Promise<void> {
  const kinds = [...new Set(writes.map(({ kind }) => kind))].sort()
  for (const kind of kinds) {
    const last = new Map(writes.filter((write) => write.kind === kind).map((write) => [write.id, write]))
    const there = [...last.values()].filter(({ value }) => value !== undefined)
    const gone = [...last.values()].filter(({ value }) => value === undefined).map(({ id }) => id)
    if (there.length > 0)
      await store.put(
        plugin,
        kind,
        there.map((write) => toSeenObject(write, now)),
      )
    if (gone.length > 0) await store.delete(plugin, kind, gone)
  }
}

function toSeenObject({ id, value }: SeenWrite, now: Instant): SeenObject {
  return { id, document: value instanceof Set ? [...value].sort() : value, seenAt: now }
}
