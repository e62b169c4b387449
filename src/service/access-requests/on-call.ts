/**
 * @module The lists of who is on call, which rules of automatic review ask: read, written as a whole and deleted by whom a
 * role allows it on `on_call`. There is no right to one's own: whoever writes a list decides who is approved by it.
 */
import {
  findOnCallNameProblem,
  isOver,
  onCallLimits,
  saysTheSame,
  type OnCallList,
} from '../../core/access-request/on-call.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant, type Instant } from '../../core/time.js'
import { foldName } from '../../core/user/user.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { confirmChange, tellingInvalidProofs } from '../people/confirm-change.js'
import { record } from '../people/record.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertMayOnResource, assertMayOnSome, mayOnResource } from '../resources/may.js'
import { createReadings, invalidRequest, type FieldProblem } from './readings.js'

export interface OnCallView {
  readonly list: OnCallList
  /** Whether its time is over, so that nobody is on call by it. */
  readonly over: boolean
}

/**
 * Those that this authority may list, by name.
 * @throws GatewayError `FORBIDDEN` where it may list none.
 */
export async function listOnCall(deps: ResourceDeps, authority: Authority): Promise<OnCallView[]> {
  const right = { resource: 'on_call', verb: 'list' }
  assertMayOnSome(authority, right)
  const now = deps.clock.now()
  return (await deps.store.onCall.list())
    .filter(({ name }) => mayOnResource(authority, right, documentOf(name)).effect === 'allow')
    .map((list) => ({ list, over: isOver(list, now) }))
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`. */
export async function getOnCall(deps: ResourceDeps, name: string, authority: Authority): Promise<OnCallView> {
  assertMay(authority, 'read', name)
  const list = await deps.store.onCall.find(name)
  if (list === undefined) throw noSuchList(name)
  return { list, over: isOver(list, deps.clock.now()) }
}

export interface OnCallInput {
  readonly name: string
  readonly users: readonly string[]
  /** RFC 3339; without it the list holds until it is written anew. */
  readonly until: string | undefined
}

export interface PutOnCall extends OnCallView {
  /** Names that nobody has here, for those who may know. */
  readonly notes: readonly string[]
}

/**
 * Replaces the whole list, or makes it. What is there already is not written again, and has no event.
 * @throws GatewayError `FORBIDDEN`, `INVALID_INPUT` with every field that is wrong, and where there are too many lists; and as `confirmChange`.
 */
export async function putOnCall(
  deps: ResourceDeps,
  input: OnCallInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<PutOnCall> {
  const { name } = input
  assertMay(authority, 'update', name)
  const now = deps.clock.now()
  const list = readList(input, authority, now)
  const view = await deps.catalog.read()
  const write = async (tx: StoreTransaction): Promise<void> => {
    const before = await tx.onCall.find(name)
    if (before !== undefined && saysTheSame(before, list)) return
    if (!(await tx.onCall.put(list, onCallLimits.lists))) {
      const says = `there are ${onCallLimits.lists} lists of who is on call already; delete one that nothing needs`
      throw new GatewayError('INVALID_INPUT', says)
    }
    await confirm(deps, tx, authority, 'update')
    await recordChange(deps, tx, list, origin)
  }
  await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(write))
  const stored = (await deps.store.onCall.find(name)) ?? list
  const maySee = mayOnResource(authority, { resource: 'user', verb: 'read' }).effect === 'allow'
  const unknown = maySee ? list.users.filter((user) => view.lookAlike(user) === undefined) : []
  return { list: stored, over: isOver(stored, now), notes: sayUnknown(unknown) }
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, and as `confirmChange`. */
export async function deleteOnCall(
  deps: ResourceDeps,
  name: string,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<void> {
  assertMay(authority, 'delete', name)
  await deps.catalog.read()
  const write = async (tx: StoreTransaction): Promise<void> => {
    if (!(await tx.onCall.delete(name))) throw noSuchList(name)
    await confirm(deps, tx, authority, 'delete')
    const fields = { name, updated_by: authority.name }
    await record(deps, tx, { event: 'on_call.delete', success: true, user: authority.name, fields }, origin)
  }
  await tellingInvalidProofs(deps, origin, async () => await deps.store.transaction(write))
}

async function confirm(
  { catalog, clock }: Pick<ResourceDeps, 'catalog' | 'clock'>,
  tx: StoreTransaction,
  authority: Authority,
  verb: string,
): Promise<void> {
  const preference = (await catalog.readIn(tx)).preference()
  await confirmChange(tx, authority, { acts: [{ resource: 'on_call', verb }], preference, now: clock.now() })
}

/** Takes a name out of all lists, so that whoever has it next is not on call (T7). */
export async function forgetOnCall(
  deps: Pick<ServiceContext, 'clock' | 'random' | 'clusterName'>,
  tx: Pick<StoreTransaction, 'onCall' | 'audit'>,
  { user, by }: { readonly user: string; readonly by: string },
  origin: RequestOrigin | undefined,
): Promise<void> {
  const gone = foldName(user)
  for (const list of await tx.onCall.list()) {
    const users = list.users.filter((name) => foldName(name) !== gone)
    if (users.length === list.users.length) continue
    const left = { ...list, users, updatedAt: deps.clock.now() }
    await tx.onCall.put(left, Infinity)
    await recordChange(deps, tx, left, origin, by)
  }
}

/** Names of people whom an event tells. */
const toldUsers = 100

async function recordChange(
  deps: Pick<ServiceContext, 'clock' | 'random' | 'clusterName'>,
  tx: Pick<StoreTransaction, 'audit'>,
  { name, users, until, updatedBy }: OnCallList,
  origin: RequestOrigin | undefined,
  by = updatedBy,
): Promise<void> {
  const fields = {
    name,
    count: users.length,
    users: users.slice(0, toldUsers),
    expires: until === undefined ? undefined : formatInstant(until),
    updated_by: by,
  }
  await record(deps, tx, { event: 'on_call.update', success: true, user: by, fields }, origin)
}

function readList({ name, users, until }: OnCallInput, { name: by }: Authority, now: Instant): OnCallList {
  const named = findOnCallNameProblem(name)
  if (named !== undefined) throw new GatewayError('INVALID_INPUT', `the name of the list ${named}`)
  const readings = createReadings()
  const untilAt = readings.instant('until', until)
  if (untilAt !== undefined && untilAt <= now) {
    readings.refuse('until', 'lies in the past, so that nobody would be on call; delete the list instead')
  }
  readings.assertNone()
  const problems = users.flatMap((user, place): FieldProblem[] => {
    const isName = user.trim() === user && user.length <= onCallLimits.user && !/[\p{C}/]/u.test(user)
    return isName && user !== '' ? [] : [{ path: `body.users.${place}`, message: 'is no name of a user' }]
  })
  if (problems.length > 0) throw invalidRequest('INVALID_INPUT', problems)
  return { name, users: [...new Set(users)], until: untilAt, updatedAt: now, updatedBy: by }
}

const shownUnknown = 10

function sayUnknown(unknown: readonly string[]): string[] {
  const notes = unknown.slice(0, shownUnknown).map((user) => `There is no user "${user}".`)
  const more = unknown.length - notes.length
  return more > 0 ? [...notes, `${more} more are unknown.`] : notes
}

function assertMay(authority: Authority, verb: 'read' | 'update' | 'delete', name: string): void {
  assertMayOnResource(authority, { resource: 'on_call', verb }, name, documentOf(name))
}

/** A list as conditions of rules see it: a machine user may be allowed to write one of them alone. */
function documentOf(name: string): object {
  return { kind: 'on_call', version: 'v1', metadata: { name }, spec: {} }
}

function noSuchList(name: string): GatewayError {
  const shown = name.slice(0, onCallLimits.name)
  return new GatewayError('NOT_FOUND', `there is no list "${shown}" of who is on call`, {
    kind: 'on_call',
    name: shown,
  })
}
