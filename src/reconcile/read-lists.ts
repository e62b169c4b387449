/**
 * @module Lists of AWS read to their end and taken over whole: users, groups, accounts, permission sets. A list that
 * fails changes nothing; one that is suspiciously short is doubted until a second read says the same (ssosync lost
 * directories to a 503). What changed here while a list was read is newer than the list.
 */
import { createHash } from 'node:crypto'
import type { CallOptions } from '../core/governor/call.js'
import { isDoubtful } from '../core/plan/scan-plan.js'
import { day, minute } from '../core/time.js'
import { commit, type Cycle } from './cycle.js'
import { keepNote, noteNames, type Reading } from './notes.js'
import { withSettledName } from './read-one.js'
import type { Doubt, SeenAccount, SeenWrite } from './seen.js'

type ListKind = 'user' | 'group' | 'account' | 'permission_set'
type Row = { readonly id: string; readonly value: NonNullable<SeenWrite['value']> }

const doubtNames = {
  user: 'users',
  group: 'groups',
  account: 'accounts',
  permission_set: 'permission_sets',
} as const satisfies Record<ListKind, Doubt>

const readAt = {
  user: 'usersReadAt',
  group: 'groupsReadAt',
  account: 'accountsReadAt',
  permission_set: 'setsReadAt',
} as const satisfies Record<ListKind, keyof Reading>

/** Answers false where the list is doubted, and nothing was changed. */
export async function readUsers(cycle: Cycle, options: CallOptions): Promise<boolean> {
  const mark = cycle.seen.markOfRead(cycle.deps.timers.now())
  const users = await cycle.center.read.listUsers(options)
  return await takeOverList(
    cycle,
    'user',
    mark,
    users.map((value) => ({ id: value.id, value })),
  )
}

export async function readGroups(cycle: Cycle, options: CallOptions): Promise<boolean> {
  const mark = cycle.seen.markOfRead(cycle.deps.timers.now())
  const groups = await cycle.center.read.listGroups(options)
  return await takeOverList(
    cycle,
    'group',
    mark,
    groups.map((value) => ({ id: value.id, value: withSettledName(cycle, value) })),
  )
}

export async function readAccounts(cycle: Cycle, options: CallOptions): Promise<boolean> {
  const mark = cycle.seen.markOfRead(cycle.deps.timers.now())
  const accounts = await cycle.center.read.listAccounts({ ...options, details: true })
  const rows = accounts.map((value) => {
    const account: SeenAccount = {
      ...value,
      formerNames: formerNames(cycle.seen.accounts.get(value.id), value.name),
    }
    return { id: value.id, value: account }
  })
  return await takeOverList(cycle, 'account', mark, rows)
}

/** Each set costs a call, so a known one is described once a day. */
export async function readPermissionSets(cycle: Cycle, options: CallOptions): Promise<boolean> {
  const { seen, reading, deps } = cycle
  const mark = seen.markOfRead(deps.timers.now())
  const arns = await cycle.center.read.listPermissionSetArns(options)
  const isOld = deps.timers.now() - (reading.setsDescribedAt ?? 0) >= day
  const rows: Row[] = []
  for (const arn of arns) {
    const known = isOld ? undefined : seen.permissionSets.get(arn)
    rows.push({ id: arn, value: known ?? (await cycle.center.read.describePermissionSet(arn, options)) })
  }
  if (isOld) reading.setsDescribedAt = deps.timers.now()
  return await takeOverList(cycle, 'permission_set', mark, rows)
}

/** Names that an account had, newest first; old names still resolve (T25). */
function formerNames(before: SeenAccount | undefined, name: string): readonly string[] {
  if (before === undefined) return []
  if (before.name === name) return before.formerNames
  return [before.name, ...before.formerNames.filter((one) => one !== name && one !== before.name)].slice(
    0,
    20,
  )
}

async function takeOverList(
  cycle: Cycle,
  kind: ListKind,
  mark: number,
  rows: readonly Row[],
): Promise<boolean> {
  const { seen, reading, deps, settings } = cycle
  const known: ReadonlyMap<string, unknown> = mapOf(cycle, kind)
  const now = deps.timers.now()
  const doubt = doubtNames[kind]
  if (isDoubtful(known.size, rows.length) && !isConfirmed(reading, doubt, rows, now)) {
    reading.doubts[doubt] ??= { fingerprint: fingerprint(rows), at: now }
    if (reading.doubts[doubt].fingerprint !== fingerprint(rows)) {
      reading.doubts[doubt] = { fingerprint: fingerprint(rows), at: now }
    }
    await keepNote(deps.store, settings.name, noteNames.reading(settings.name), reading)
    return false
  }
  const listed = new Map(rows.map((row) => [row.id, row.value]))
  const gone = [...known.keys()].filter((id) => !listed.has(id)).map((id) => ({ id, value: undefined }))
  const writes = [...rows, ...gone]
    .filter(({ id, value }) => !seen.isNewerThan(mark, kind, id) && !isSame(known.get(id), value))
    // The rows are of this kind: each reader above makes them from answers of its own type.
    .map(({ id, value }) => ({ kind, id, value }) as SeenWrite)
  const forgotten = gone.flatMap(({ id }): SeenWrite[] => {
    if (kind === 'group' && !seen.isNewerThan(mark, kind, id))
      return [{ kind: 'members', id, value: undefined }]
    return []
  })
  reading[readAt[kind]] = now
  reading.doubts[doubt] = undefined
  await commit(cycle, { seen: [...writes, ...forgotten] }, (tx) =>
    tx.notes.put(noteNames.reading(settings.name), reading),
  )
  return true
}

function mapOf({ seen }: Cycle, kind: ListKind): ReadonlyMap<string, unknown> {
  switch (kind) {
    case 'user':
      return seen.users
    case 'group':
      return seen.groups
    case 'account':
      return seen.accounts
    case 'permission_set':
      return seen.permissionSets
  }
}

/** The same short list again, a minute later or more: then it is true. */
function isConfirmed(reading: Reading, doubt: Doubt, rows: readonly Row[], now: number): boolean {
  const before = reading.doubts[doubt]
  return before !== undefined && now - before.at >= minute && before.fingerprint === fingerprint(rows)
}

function fingerprint(rows: readonly Row[]): string {
  const ids = rows.map(({ id }) => id).sort()
  return createHash('sha256').update(ids.join('\n')).digest('base64url')
}

/** Both are plain JSON values whose members come in the same order from the same reader. */
function isSame(known: unknown, value: unknown): boolean {
  return known !== undefined && value !== undefined && JSON.stringify(known) === JSON.stringify(value)
}
