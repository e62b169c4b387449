/**
 * @module Which grants of AWS were in force at two moments, told from the events of the whole log and from the ledger for
 * what has no event: grants that an import found, or that were made before the log begins.
 */
import { formatInstant, parseInstant, type Instant } from '../time.js'
import type { AuditEvent, AuditEventName } from './event.js'

/** The events that say of a grant that it began or ended. */
export const grantEvents: readonly AuditEventName[] = [
  'aws_identity_center.assignment.create',
  'aws_identity_center.assignment.delete',
  'aws_identity_center.membership.update',
]

/** An account assignment, or that a user is in the group of an access list. */
export interface Grant {
  readonly kind: 'assignment' | 'membership'
  readonly plugin: string
  /** `user` or `group`; of a membership `group`. */
  readonly principalKind: string
  readonly principal: string
  readonly awsId: string
  readonly accountId: string
  readonly account: string
  readonly permissionSet: string
  /** Of a membership. */
  readonly member: string
  readonly reasons: string
  /** RFC 3339; empty where it is not known. */
  readonly since: string
  /** What tells of it: the number of an event, or the ledger. */
  readonly source: string
}

export interface GrantChange {
  readonly sequence: number
  readonly at: Instant
  readonly change: 'granted' | 'ended'
  readonly succeeded: boolean
  readonly because: string
  readonly by: string
  readonly error: string
  readonly grants: readonly Grant[]
  /** Members that the event does not name. */
  readonly unnamed: number
}

/** What an event says of grants; undefined for other events, and for what was only about to be done. */
export function grantChangeOf(sequence: number, event: AuditEvent): GrantChange | undefined {
  if (!grantEvents.includes(event.event) || event['phase'] !== 'outcome') return undefined
  const isEnd = event.event === 'aws_identity_center.assignment.delete' || event['action'] === 'remove'
  const grants = grantsOf(sequence, event)
  const count = typeof event['count'] === 'number' ? event['count'] : grants.length
  return {
    sequence,
    at: parseInstant(event.time) ?? 0,
    change: isEnd || event['targets'] !== undefined ? 'ended' : 'granted',
    succeeded: event.success,
    because: text(event['because']) || reasonsText(event['reasons']),
    by: text(event['updated_by']) || text(event['user']),
    error: text(event['error']),
    grants,
    unnamed: Math.max(0, count - grants.length),
  }
}

function grantsOf(sequence: number, event: AuditEvent): Grant[] {
  const base = {
    plugin: text(event['plugin']),
    awsId: text(event['aws_id']),
    principal: text(event['name']),
    reasons: reasonsText(event['reasons']) || text(event['because']),
    since: event.time,
    source: `event ${sequence}`,
  }
  if (event.event === 'aws_identity_center.membership.update') {
    const about = { ...base, kind: 'membership', principalKind: 'group', ...noAccount } as const
    return texts(event['members'] ?? event['targets']).map((member) => ({ ...about, member }))
  }
  const targets = texts(event['targets'])
  if (targets.length > 0) {
    // An uninstall names what it took back by the keys of the ledger.
    const [principalKind = '', awsId = ''] = text(event['principal']).split('/')
    const about = { ...base, plugin: text(event['name']), principal: awsId, awsId, principalKind }
    return targets.map((target) => ({ ...about, kind: 'assignment', ...accountOf(target), member: '' }))
  }
  return [
    {
      ...base,
      kind: 'assignment',
      principalKind: text(event['principal_kind']),
      accountId: text(event['account_id']),
      account: text(event['account']),
      permissionSet: text(event['permission_set']) || text(event['permission_set_arn']),
      member: '',
    },
  ]
}

const noAccount = { accountId: '', account: '', permissionSet: '' }

function accountOf(pair: string): Pick<Grant, 'accountId' | 'account' | 'permissionSet'> {
  const slash = pair.indexOf('/')
  return { accountId: pair.slice(0, slash), account: '', permissionSet: pair.slice(slash + 1) }
}

/** A row of the ledger with the names that its ids have now. */
export interface LedgerFact {
  readonly grant: Omit<Grant, 'since' | 'source'>
  readonly since: Instant
  /** The ARN of the permission set of an assignment. */
  readonly permissionSetArn: string
}

export interface GrantsInForce {
  take(sequence: number, event: AuditEvent): void
  /** Sorted by principal and target. */
  at(moment: 'from' | 'to', ledger: readonly LedgerFact[]): Grant[]
}

export function createGrantsInForce({
  from,
  to,
}: {
  readonly from: Instant
  readonly to: Instant
}): GrantsInForce {
  const known = new Set<string>()
  const inForce = { from: new Map<string, Grant>(), to: new Map<string, Grant>() }
  const moments = { from, to }
  return {
    take(sequence, event) {
      const change = grantChangeOf(sequence, event)
      if (!change?.succeeded) return
      const arn = text(event['permission_set_arn'])
      for (const grant of change.grants) {
        const key = keyOf(grant, arn || grant.permissionSet)
        const isFirst = !known.has(key)
        known.add(key)
        for (const moment of ['from', 'to'] as const) {
          const isBefore = change.at < moments[moment]
          if (isBefore && change.change === 'granted') inForce[moment].set(key, grant)
          else if (isBefore) inForce[moment].delete(key)
          // What ends and never began in this log was there from before its first event.
          else if (isFirst && change.change === 'ended') {
            inForce[moment].set(key, { ...grant, reasons: '', since: '' })
          }
        }
      }
    },
    at(moment, ledger) {
      const grants = [...inForce[moment].values()]
      for (const { grant, since, permissionSetArn } of ledger) {
        if (since >= moments[moment] || known.has(keyOf(grant, permissionSetArn))) continue
        grants.push({ ...grant, since: formatInstant(since), source: 'ledger' })
      }
      return grants.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    },
  }
}

function keyOf(grant: Omit<Grant, 'since' | 'source'>, permissionSet: string): string {
  const { kind, plugin, principalKind, principal, awsId, accountId, member } = grant
  if (kind === 'membership') return JSON.stringify([kind, principal, member])
  return JSON.stringify([kind, plugin, principalKind, awsId || principal, accountId, permissionSet])
}

function sortKey(grant: Grant): string {
  const { kind, principal, accountId, permissionSet, member, awsId } = grant
  return JSON.stringify([kind, principal, accountId, permissionSet, member, awsId])
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Reasons as an event or the ledger has them, in words. */
export function reasonsText(reasons: unknown): string {
  if (!Array.isArray(reasons)) return ''
  return reasons.map((one: unknown) => reasonText(one)).join('; ')
}

function reasonText(reason: unknown): string {
  if (typeof reason === 'string') return reason
  if (typeof reason !== 'object' || reason === null) return ''
  const { kind, list, role, request } = reason as Record<string, unknown>
  if (kind === 'role') return `role ${text(role)}`
  if (kind === 'request') return `access request ${text(request)}`
  if (kind === 'found') return 'found at import'
  return `access list ${text(list)}`
}
