/**
 * @module A change of a list or its members that was refused, as the audit event of that change with its code for
 * failure, whoever asked and whatever it was refused for. Of a list that is not there nothing is told.
 */
import type { AuditEventName } from '../../core/audit/event.js'
import { asRefusal, recordRefusedChanges } from '../audit/refused-changes.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { tellingInvalidProofs } from '../people/confirm-change.js'
import type { ResourceDeps } from '../resources/deps.js'
import { keyOf, type MemberKey } from './edit-members.js'

interface WantedChange {
  readonly list: string
  readonly event: AuditEventName | 'access_list.member.put'
  /** Whom it is about, where that is one. */
  readonly member?: MemberKey
  readonly dryRun?: boolean
}

/** What `work` answers; what it throws is told to the log first. */
export async function tellingRefusal<T>(
  deps: Pick<ResourceDeps, 'store' | 'clock' | 'random' | 'logger' | 'clusterName' | 'catalog'>,
  wanted: WantedChange,
  authority: Authority,
  origin: RequestOrigin | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await tellingInvalidProofs(deps, origin, work)
  } catch (error) {
    const refusal = asRefusal(error)
    const { list, member, dryRun } = wanted
    const catalog = refusal === undefined || dryRun === true ? undefined : await deps.catalog.read()
    if (refusal !== undefined && catalog?.parsed('access_list').has(list) === true) {
      const event = await eventOf(deps, wanted)
      const fields = {
        ...fieldsOfList(list, catalog.accessList(list)?.title),
        ...(member && fieldsOf(member)),
      }
      await recordRefusedChanges(deps, [{ event, fields, error: refusal }], authority, origin)
    }
    throw error
  }
}

/** The list as events of it and of its members name it. */
export function fieldsOfList(name: string, title: string | undefined) {
  return { name, access_list_name: name, ...(title !== undefined && { access_list_title: title }) }
}

function fieldsOf({ kind, name }: MemberKey) {
  const member = name.slice(0, 200)
  return { member, member_kind: kind, members: [{ member_name: member, membership_kind: kind }] }
}

/** Whether somebody was to join, or a membership to change. */
async function eventOf(
  { store }: Pick<ResourceDeps, 'store'>,
  { list, event, member }: WantedChange,
): Promise<AuditEventName> {
  if (event !== 'access_list.member.put') return event
  const members = await store.members.list(list)
  const isIn = member !== undefined && members.some((one) => keyOf(one) === keyOf(member))
  return isIn ? 'access_list.member.update' : 'access_list.member.create'
}
