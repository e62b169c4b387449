/**
 * @module Audit events in the Open Cybersecurity Schema Framework, version 1.3.0 (https://schema.ocsf.io/1.3.0/), for
 * consumers that read it. Class and activity of each event are in `ocsf-classes.ts`. Nothing of an event is lost: what
 * OCSF has no attribute for is in `unmapped`, and so is the hash that the stored text has in the chain. The hash can be
 * recomputed from the reference format only, for it is of the stored text.
 */
import { parseInstant } from '../time.js'
import { describeEvent } from './describe.js'
import type { AuditEvent, AuditEventName } from './event.js'
import { ocsfClasses, ocsfEvents, type OcsfClassName } from './ocsf-classes.js'

export const ocsfVersion = '1.3.0'

export type OcsfRecord = Readonly<Record<string, unknown>>

export interface ChainPlace {
  readonly sequence: number
  readonly hash: string
}

/** Fields of an event that have an attribute in OCSF. */
const mapped = new Set([
  'addr.remote',
  'cluster_name',
  'code',
  'error',
  'event',
  'request_id',
  'success',
  'time',
  'uid',
  'updated_by',
  'user',
  'user_agent',
  'user_kind',
])

/** One event with its place in the chain. An event of a later version is API activity. */
export function toOcsf(event: AuditEvent, place: ChainPlace): OcsfRecord {
  const name: string = event.event
  const {
    class: className,
    activity,
    ...more
  } = isKnown(name) ? ocsfEvents[name] : { class: 'api_activity' as const, activity: 'other' as const }
  const { uid: classUid, name: classCaption, category, activities } = ocsfClasses[className]
  const found = (activities as Readonly<Record<string, { readonly id: number; readonly name: string }>>)[
    activity
  ]
  const { id: activityId, name: activityName } = found ?? { id: 99, name: 'Other' }
  const text = (key: string) => (typeof event[key] === 'string' ? event[key] : undefined)
  const user = userOf(text('user'), event['user_kind'])
  const actor = text('updated_by') === undefined ? user : userOf(text('updated_by'), undefined)
  return withoutMissing({
    activity_id: activityId,
    activity_name: activityName,
    actor: actor && { user: actor },
    category_name: category.name,
    category_uid: category.uid,
    class_name: classCaption,
    class_uid: classUid,
    http_request: text('user_agent') && { user_agent: text('user_agent') },
    message: describeEvent(event),
    metadata: withoutMissing({
      correlation_uid: text('request_id'),
      event_code: event.code,
      log_name: 'audit',
      original_time: event.time,
      product: { name: 'Gatehouse', vendor_name: 'Gatehouse' },
      sequence: place.sequence,
      tenant_uid: event.cluster_name,
      uid: event.uid,
      version: ocsfVersion,
    }),
    ...severityOf(event),
    src_endpoint: text('addr.remote') && { ip: text('addr.remote') },
    status: event.success ? 'Success' : 'Failure',
    status_detail: text('error'),
    status_id: event.success ? 1 : 2,
    time: parseInstant(event.time),
    type_name: `${classCaption}: ${activityName}`,
    type_uid: classUid * 100 + activityId,
    unmapped: unmappedOf(event, place),
    user: concernedOf(className, event) ?? user,
    ...subjectOf(className, event, more),
  })
}

function isKnown(name: string): name is AuditEventName {
  return Object.hasOwn(ocsfEvents, name)
}

/** What a class asks for besides the common attributes. */
function subjectOf(
  className: OcsfClassName,
  event: AuditEvent,
  more: { readonly entity?: string },
): OcsfRecord {
  const field = (...keys: string[]) => {
    const key = keys.find((one) => typeof event[one] === 'string' && event[one] !== '')
    return key === undefined ? undefined : (event[key] as string)
  }
  switch (className) {
    case 'authentication':
      return withoutMissing({
        auth_protocol: field('method'),
        is_mfa: event['with_mfa'] === undefined ? undefined : Boolean(event['with_mfa']),
        service: {
          name: field('service_provider_name', 'service_provider_entity_id') ?? event.cluster_name,
        },
        session: field('sid') && { uid: field('sid') },
      })
    case 'entity_management':
      return {
        entity: withoutMissing({
          name: field('name', 'access_list_name', 'id', 'plugin', 'mfa_device_name') ?? event.event,
          type: more.entity ?? event.event.split('.')[0],
        }),
      }
    case 'group_management':
      return {
        group: withoutMissing({
          name: field('access_list_title', 'access_list_name', 'group', 'name') ?? event.event,
          uid: field('access_list_name'),
        }),
      }
    case 'user_access_management':
      return {
        privileges: privilegesOf(event),
        resource: withoutMissing({
          name: field('account', 'account_id', 'name', 'id'),
          uid: field('account_id', 'id'),
        }),
      }
    case 'api_activity':
      return { api: { operation: event.event, service: { name: 'Gatehouse' } } }
    case 'account_change':
      return {}
  }
}

function privilegesOf(event: AuditEvent): string[] {
  const roles = event['roles']
  if (Array.isArray(roles)) return roles.filter((role) => typeof role === 'string')
  const one = event['permission_set'] ?? event['permission_set_arn']
  return typeof one === 'string' ? [one] : []
}

/** Whom a change of an account or of access is about, where that is another than who is named `user`. */
function concernedOf(className: OcsfClassName, event: AuditEvent): OcsfRecord | undefined {
  const { name, principal_kind: kind } = event
  if (typeof name !== 'string' || name === '') return undefined
  if (className === 'user_access_management' && kind !== undefined) {
    return kind === 'user' ? userOf(name, 1) : { name, type: 'Group', type_id: 99 }
  }
  return className === 'account_change' ? userOf(name, 1) : undefined
}

/** A person, a machine user, the system: OCSF's 1 and 3; it has no number for machines, so 99. */
function userOf(name: string | undefined, kind: unknown): OcsfRecord | undefined {
  if (name === undefined) return undefined
  const types: Readonly<Record<string, { type: string; type_id: number }>> = {
    1: { type: 'User', type_id: 1 },
    2: { type: 'Machine user', type_id: 99 },
    3: { type: 'System', type_id: 3 },
  }
  return { name, ...(types[String(kind)] ?? { type: 'Unknown', type_id: 0 }) }
}

function severityOf({ code, success }: AuditEvent): OcsfRecord {
  if (code.endsWith('E')) return { severity: 'Medium', severity_id: 3 }
  if (code.endsWith('W') || !success) return { severity: 'Low', severity_id: 2 }
  return { severity: 'Informational', severity_id: 1 }
}

function unmappedOf(event: AuditEvent, { hash }: ChainPlace): OcsfRecord {
  const rest = Object.entries(event).filter(([key]) => !mapped.has(key))
  return { ...Object.fromEntries(rest), chain_hash: hash, event: event.event }
}

function withoutMissing(fields: OcsfRecord): OcsfRecord {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
