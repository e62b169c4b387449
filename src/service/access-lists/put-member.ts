/**
 * @module Adds somebody to an access list, or changes the end or the reason of a membership. A user may be added before
 * there is one of that name, and whoever does so is told; a list is added only where it is there and no list would
 * become a member of itself.
 */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant, parseInstant, type Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { ResourceDeps } from '../resources/deps.js'
import { viewOfMember, type MemberView } from './list-members.js'
import { assertMayOnList } from './shown-list.js'
import { findAncestors } from './walk.js'

export interface PutMemberInput {
  readonly list: string
  readonly kind: AccessListMember['kind']
  readonly name: string
  /** RFC 3339; without one the membership does not end. */
  readonly expiresAt: string | undefined
  readonly reason: string
}

export interface PutMemberResult {
  readonly action: 'create' | 'update' | 'none'
  readonly member: MemberView
  readonly notes: readonly string[]
}

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_INPUT`, `INVALID_RESOURCE` for what is no name of a user. */
export async function putMember(
  deps: ResourceDeps,
  input: PutMemberInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<PutMemberResult> {
  const { list, kind, name } = input
  // Outside of the transaction, so that what is parsed is kept.
  await deps.catalog.read()
  return await deps.store.transaction(async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    assertMayOnList(deps, catalog, { list, verb: 'update', authority })
    const now = deps.clock.now()
    const expiresAt = readEnd(input.expiresAt, now)
    assertReason(input.reason)
    if (kind === 'list') {
      assertListExists(catalog.parsed('access_list').has(name), name)
      await assertNoCycle(tx, list, name)
    } else if (!catalog.parsed('user').has(name)) {
      assertUserName(deps, name)
    }

    const before = (await tx.members.list(list)).find((one) => one.kind === kind && one.name === name)
    const member: AccessListMember = {
      list,
      kind,
      name,
      awsUserId: before?.awsUserId,
      joinedAt: before?.joinedAt ?? now,
      expiresAt,
      addedBy: before?.addedBy ?? authority.name,
      reason: input.reason,
    }
    const view = viewOfMember(member, catalog)
    const notes = listNotes(view)
    if (before?.expiresAt === expiresAt && before?.reason === input.reason) {
      return { action: 'none', member: view, notes }
    }
    await tx.members.put([member])
    const action = before === undefined ? 'create' : 'update'
    const fields = {
      name: list,
      member: name,
      member_kind: kind,
      updated_by: authority.name,
      ...(expiresAt !== undefined && { expires: formatInstant(expiresAt) }),
      ...(input.reason !== '' && { reason: input.reason }),
    }
    const event = `access_list.member.${action}` as const
    await record(deps, tx, { event, success: true, user: authority.name, fields }, origin)
    return { action, member: view, notes }
  })
}

function listNotes({ kind, name, hasUser }: MemberView): string[] {
  if (kind === 'list' || hasUser) return []
  return [`There is no user "${name}" yet; whoever is given that name will be a member.`]
}

function readEnd(written: string | undefined, now: Instant): Instant | undefined {
  if (written === undefined) return undefined
  const end = parseInstant(written)
  if (end === undefined)
    throw invalid('expiresAt', 'is not an instant; write for example 2027-01-31T08:00:00Z')
  if (end <= now) throw invalid('expiresAt', 'lies in the past; remove the member instead')
  return end
}

function assertReason(reason: string): void {
  // People read it on a page and in a terminal.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(reason)) {
    throw invalid('reason', 'must be one line without control or invisible characters')
  }
}

function assertListExists(exists: boolean, name: string): void {
  if (!exists) throw invalid('name', `there is no access list named "${name.slice(0, 200)}"`)
}

/** @throws GatewayError `INVALID_INPUT` where `list` is `child` or within it already. */
async function assertNoCycle(tx: StoreTransaction, list: string, child: string): Promise<void> {
  if (list === child) throw invalid('name', 'a list cannot be a member of itself')
  if (!(await findAncestors(tx.members, [list])).has(child)) return
  throw invalid(
    'name',
    `"${list}" is a member of "${child}" already, by itself or through others; the two would be members of themselves`,
  )
}

/** A name that no user can have would be a member for ever that nobody is. */
function assertUserName({ kinds }: Pick<ResourceDeps, 'kinds'>, name: string): void {
  kinds.known.user.parse({ kind: 'user', version: 'v2', metadata: { name }, spec: {} })
}

function invalid(field: string, message: string): GatewayError {
  return new GatewayError('INVALID_INPUT', `${field}: ${message}`, {
    fields: [{ path: `body.${field}`, message }],
  })
}
