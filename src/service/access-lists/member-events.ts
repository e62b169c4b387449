/**
 * @module The audit events of members of lists: who joined, changed and left, together where it was done together, and
 * whom of many it could not be done for. An event names so many of them and counts them all.
 */
import type { AccessListMember } from '../../core/access-list/access-list.js'
import type { MemberKey } from '../../core/access-list/review.js'
import type { GatewayError } from '../../core/error.js'
import { formatInstant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { MemberEdit } from './edit-members.js'

export type EventDeps = Parameters<typeof record>[0]

export interface RefusedMember extends MemberKey {
  readonly action: 'create' | 'update' | 'delete'
  readonly error: GatewayError
}

/** Members that one event names: as many as a reader of the log takes in, and a collector accepts. */
const membersOfEvent = 200

const maxErrorOfEvent = 300

/** The events of what was done alike to members of one list: one, or more of them where there are very many. */
export async function recordMembers(
  deps: EventDeps,
  tx: Pick<StoreTransaction, 'audit'>,
  {
    action,
    list,
    members,
    actor,
  }: {
    readonly action: 'create' | 'update' | 'delete'
    readonly list: { readonly name: string; readonly title: string | undefined }
    readonly members: readonly AccessListMember[]
    readonly actor: string
  },
  origin: RequestOrigin | undefined,
): Promise<void> {
  const removedOn = action === 'delete' ? { removed_on: formatInstant(deps.clock.now()) } : {}
  for (let start = 0; start < members.length; start += membersOfEvent) {
    const told = members.slice(start, start + membersOfEvent)
    const [only] = told
    // What was said of all of them is told once: it may be long, and they may be thousands.
    const shared = told.length > 1 && told.every(({ reason }) => reason === only?.reason)
    const fields = {
      name: list.name,
      access_list_name: list.name,
      ...(list.title !== undefined && { access_list_title: list.title }),
      updated_by: actor,
      ...(told.length === 1 && only !== undefined ? fieldsOfOne(action, only) : { count: told.length }),
      ...(shared && only !== undefined && only.reason !== '' && { reason: only.reason }),
      members: told.map(({ name, kind, joinedAt, expiresAt, reason }) => ({
        member_name: name,
        membership_kind: kind,
        joined_on: formatInstant(joinedAt),
        ...(expiresAt !== undefined && { expires: formatInstant(expiresAt) }),
        ...removedOn,
        ...(!shared && { reason }),
      })),
    }
    const event = `access_list.member.${action}` as const
    await record(deps, tx, { event, success: true, user: actor, fields }, origin)
  }
}

/** The event of a list that goes with all of its members, of whom it names as many as others do. */
export async function recordAllRemoved(
  deps: EventDeps,
  tx: Pick<StoreTransaction, 'audit'>,
  { list, members, actor }: Omit<Parameters<typeof recordMembers>[2], 'action'>,
  origin: RequestOrigin | undefined,
): Promise<void> {
  const removedOn = formatInstant(deps.clock.now())
  const fields = {
    name: list.name,
    access_list_name: list.name,
    ...(list.title !== undefined && { access_list_title: list.title }),
    updated_by: actor,
    count: members.length,
    members: members.slice(0, membersOfEvent).map(({ name, kind, joinedAt, reason }) => ({
      member_name: name,
      membership_kind: kind,
      joined_on: formatInstant(joinedAt),
      removed_on: removedOn,
      reason,
    })),
  }
  const event = 'access_list.member.delete_all_members'
  await record(deps, tx, { event, success: true, user: actor, fields }, origin)
}

/** Of many at once what could not be done alike, in one event. */
export async function recordRefused(
  deps: EventDeps,
  { tx, list, actor }: Pick<MemberEdit, 'tx' | 'list' | 'actor'>,
  {
    action,
    refused,
  }: { readonly action: RefusedMember['action']; readonly refused: readonly RefusedMember[] },
  origin: RequestOrigin | undefined,
): Promise<void> {
  const [first] = refused
  const fields = {
    name: list.name,
    access_list_name: list.name,
    access_list_title: list.title,
    updated_by: actor,
    count: refused.length,
    error: first?.error.message.slice(0, maxErrorOfEvent),
    error_code: first?.error.code,
    members: refused.slice(0, membersOfEvent).map(({ kind, name, error }) => ({
      member_name: name.slice(0, 200),
      membership_kind: kind,
      error: error.message.slice(0, maxErrorOfEvent),
      error_code: error.code,
    })),
  }
  const event = `access_list.member.${action}` as const
  await record(deps, tx, { event, success: false, user: actor, fields }, origin)
}

function fieldsOfOne(action: string, { kind, name, expiresAt, reason }: AccessListMember) {
  return {
    member: name,
    member_kind: kind,
    ...(action !== 'delete' && expiresAt !== undefined && { expires: formatInstant(expiresAt) }),
    ...(action !== 'delete' && reason !== '' && { reason }),
  }
}
