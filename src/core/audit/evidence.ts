/**
 * @module The tables of an evidence pack: what happened to access in a period, told from the events of the log, each row
 * with the number of the event that proves it. Pure: events go in one by one, tables come out.
 */
import { writeCsv } from '../csv.js'
import { GatewayError } from '../error.js'
import { formatInstant, type Instant } from '../time.js'
import { describeEvent } from './describe.js'
import type { AuditEvent } from './event.js'
import { createGrantsInForce, grantChangeOf, type Grant, type LedgerFact } from './evidence-grants.js'
import { kindOfEvent } from './search.js'

export interface EvidenceTable {
  /** Name of its files, without their endings. */
  readonly name: string
  /** What it holds, for the README of the pack. */
  readonly about: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface EvidenceBuilder {
  /** Any event of the log that says of a grant that it began or ended, in the order of the chain. */
  takeGrant(sequence: number, event: AuditEvent): void
  /** An event of the period, in the order of the chain. */
  take(sequence: number, event: AuditEvent): void
  finish(ledger: readonly LedgerFact[]): readonly EvidenceTable[]
}

/** Rows of all tables together, so that a pack is made within bounded memory. */
export const maxEvidenceRows = 500_000

const columns = {
  grants:
    'kind,plugin,principal_kind,principal,aws_id,account_id,account,permission_set,member,reasons,since,source',
  grant_changes:
    'time,sequence,change,outcome,kind,plugin,principal_kind,principal,account_id,account,permission_set,member,because,by,error',
  approvals:
    'time,sequence,event,request,asked_by,decided_by,proposed_state,state,roles,resources,reason,decision_reason,second_factor',
  access_list_reviews: 'time,sequence,list,title,outcome,reviewed_by,kept,removed,due,next_due,notes',
  exceptions: 'time,sequence,kind,who,outcome,what',
  aws_sign_ins: 'user,application,succeeded,refused,first,last',
  configuration_changes: 'time,sequence,kind,name,event,outcome,by,changed,what',
} as const

const abouts = {
  grants_at_start: 'Account assignments and group memberships that were in force when the period began.',
  grants_at_end: 'The same when the period ended.',
  grant_changes: 'Every grant that was made or ended at AWS in the period, why, and those that failed.',
  approvals:
    'Decisions on access requests: who asked, who decided, with which reasons, and with which second factor.',
  access_list_reviews: 'Reviews of access lists that were finished, and those that were overdue.',
  exceptions:
    'What went another way than usual: changes let past the guard, drift at AWS and whether it was reverted, revocations ' +
    'that failed, locks, second factors and passwords that somebody else reset, recovery codes, held changes of directories, pruned events.',
  aws_sign_ins: 'Sign-ins to applications for each person, with how many were refused.',
  configuration_changes: 'Changes of users, roles, lists, connectors, keys and every other resource.',
} as const

type TableName = keyof typeof abouts

export function createEvidence(period: { readonly from: Instant; readonly to: Instant }): EvidenceBuilder {
  const rows: Record<TableName, string[][]> = {
    grants_at_start: [],
    grants_at_end: [],
    grant_changes: [],
    approvals: [],
    access_list_reviews: [],
    exceptions: [],
    aws_sign_ins: [],
    configuration_changes: [],
  }
  let count = 0
  const add = (table: TableName, row: string[]): void => {
    count += 1
    if (count > maxEvidenceRows) {
      throw new GatewayError(
        'INVALID_INPUT',
        `the pack of this period would have more than ${maxEvidenceRows.toLocaleString('en')} rows; choose a shorter one`,
      )
    }
    rows[table].push(row)
  }
  const inForce = createGrantsInForce(period)
  const signIns = new Map<string, { ok: number; no: number; first: string; last: string }>()

  return {
    takeGrant: (sequence, event) => inForce.take(sequence, event),
    take(sequence, event) {
      const at = [event.time, String(sequence)]
      for (const row of grantRows(at, sequence, event)) add('grant_changes', row)
      const approval = approvalRow(at, event)
      if (approval) add('approvals', approval)
      const review = reviewRow(at, event)
      if (review) add('access_list_reviews', review)
      const exception = exceptionOf(event)
      if (exception) {
        const who = field(event, 'updated_by') || field(event, 'user')
        add('exceptions', [...at, exception, who, outcomeOf(event), describeEvent(event)])
      }
      if (isConfiguration(event)) {
        const by = field(event, 'updated_by') || field(event, 'user')
        const about = [
          kindOfEvent(event.event) ?? '',
          field(event, 'name'),
          event.event,
          outcomeOf(event),
          by,
        ]
        add('configuration_changes', [...at, ...about, list(event, 'changed'), describeEvent(event)])
      }
      if (event.event === 'saml.idp.auth') {
        const application =
          field(event, 'service_provider_name') || field(event, 'service_provider_entity_id')
        const key = JSON.stringify([field(event, 'user'), application])
        const known = signIns.get(key) ?? { ok: 0, no: 0, first: event.time, last: event.time }
        known[event.success ? 'ok' : 'no'] += 1
        known.last = event.time
        signIns.set(key, known)
      }
    },
    finish(ledger) {
      for (const [key, { ok, no, first, last }] of [...signIns].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const [user = '', application = ''] = JSON.parse(key) as string[]
        add('aws_sign_ins', [user, application, String(ok), String(no), first, last])
      }
      for (const grant of inForce.at('from', ledger)) add('grants_at_start', grantCells(grant))
      for (const grant of inForce.at('to', ledger)) add('grants_at_end', grantCells(grant))
      return (Object.keys(abouts) as TableName[]).map((name) => ({
        name,
        about: abouts[name],
        columns: columns[name === 'grants_at_start' || name === 'grants_at_end' ? 'grants' : name].split(','),
        rows: rows[name],
      }))
    },
  }
}

function grantCells(grant: Grant): string[] {
  const { kind, plugin, principalKind, principal, awsId, accountId, account, permissionSet } = grant
  const target = [accountId, account, permissionSet, grant.member]
  return [kind, plugin, principalKind, principal, awsId, ...target, grant.reasons, grant.since, grant.source]
}

function grantRows(at: readonly string[], sequence: number, event: AuditEvent): string[][] {
  const change = grantChangeOf(sequence, event)
  if (change === undefined) return []
  const outcome = outcomeOf(event)
  const unnamed = change.unnamed > 0 ? [{ ...change.grants[0], member: `and ${change.unnamed} more` }] : []
  return [...change.grants, ...unnamed].map((grant) => [
    ...[...at, change.change, outcome, grant.kind ?? '', grant.plugin ?? '', grant.principalKind ?? ''],
    ...[grant.principal ?? '', grant.accountId ?? '', grant.account ?? '', grant.permissionSet ?? ''],
    ...[grant.member, change.because, change.by, change.error],
  ])
}

function approvalRow(at: readonly string[], event: AuditEvent): string[] | undefined {
  const isReview = event.event === 'access_request.review'
  const decisions = ['approved', 'denied', 'revoked', 'promoted', 'cancelled']
  const isDecision = event.event === 'access_request.update' && decisions.includes(field(event, 'action'))
  if (!isReview && !isDecision) return undefined
  return [
    ...at,
    isReview ? 'review' : field(event, 'action'),
    field(event, 'id'),
    field(event, 'user'),
    isReview ? field(event, 'reviewer') : field(event, 'updated_by'),
    field(event, 'proposed_state'),
    field(event, 'state'),
    list(event, 'roles'),
    list(event, 'resource_ids'),
    field(event, 'reason'),
    field(event, 'review_reason') || field(event, 'message'),
    field(event, 'with_mfa'),
  ]
}

function reviewRow(at: readonly string[], event: AuditEvent): string[] | undefined {
  const isDone = event.event === 'access_list.review' && event.success
  if (!isDone && event.event !== 'access_list.review.overdue') return undefined
  return [
    ...at,
    field(event, 'name'),
    field(event, 'access_list_title') || field(event, 'title'),
    isDone ? 'done' : `overdue${field(event, 'effect') && `: ${field(event, 'effect')}`}`,
    isDone ? field(event, 'updated_by') || field(event, 'user') : '',
    field(event, 'kept_count'),
    list(event, 'removed_members') || field(event, 'removed_count'),
    field(event, 'due_on') || field(event, 'due'),
    field(event, 'next_due_on'),
    field(event, 'notes'),
  ]
}

/** Which exception an event tells of, in words; undefined for what is usual. */
function exceptionOf(event: AuditEvent): string | undefined {
  const isOther = field(event, 'updated_by') !== '' && field(event, 'updated_by') !== field(event, 'user')
  switch (event.event) {
    case 'aws_identity_center.plan.approve':
      return 'let past the guard'
    case 'aws_identity_center.drift':
      return event['reverted'] === true ? 'drift, reverted' : 'drift'
    case 'aws_identity_center.assignment.delete':
    case 'aws_identity_center.membership.update':
      return !event.success && grantChangeOf(0, event)?.change === 'ended' ? 'revocation failed' : undefined
    case 'lock.created':
    case 'lock.updated':
    case 'lock.deleted':
      return 'lock'
    case 'mfa.delete':
      return isOther ? 'second factor reset' : undefined
    case 'reset_password_token.create':
      return 'sign-in reset'
    case 'recovery_code.used':
      return 'recovery code'
    case 'directory.change.hold':
    case 'directory.change.release':
    case 'directory.change.refuse':
      return 'change of a directory held'
    case 'audit.prune':
      return 'events pruned'
    default:
      // Ways in that go past the usual ones name themselves so.
      return /break.?glass/.test(event.event) ? 'break glass' : undefined
  }
}

const configurationKinds =
  /^(?:role|user|lock|plugin|integration|auth_preference|api_token|webhook|device|login_rule)\./
const moreConfiguration =
  /^(?:saml\.idp\.service\.provider|oidc|saml|github|access_review_rule|on_call|signing_key|directory\.token)\.|^access_list\.(?:create|update|delete)$|scim_token/
const notConfiguration = /^(?:user\.login|device\.(?:authenticate|web_token|token\.spent))|^saml\.idp\.auth$/

function isConfiguration({ event }: AuditEvent): boolean {
  return (configurationKinds.test(event) || moreConfiguration.test(event)) && !notConfiguration.test(event)
}

function outcomeOf({ success }: AuditEvent): string {
  return success ? 'succeeded' : 'failed'
}

function field(event: AuditEvent, key: string): string {
  const value = event[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function list(event: AuditEvent, key: string): string {
  const value = event[key]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(' ') : ''
}

/** The table as CSV, safe for spreadsheets. */
export function tableCsv({ columns: names, rows }: EvidenceTable): string {
  return writeCsv([names, ...rows])
}

/** The table as a JSON array of objects. */
export function tableJson({ columns: names, rows }: EvidenceTable): string {
  const objects = rows.map((row) =>
    JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at]]))),
  )
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`
}

export interface PackFacts {
  readonly clusterName: string
  readonly from: Instant
  readonly to: Instant
  /** The events of the pack: those after `after`, up to `through`. */
  readonly after: number
  readonly through: number
  /** Set where retention removed events before the period, which grants at the start may rest on. */
  readonly prunedThrough: number | undefined
}

/** What an auditor reads first. */
export function describePack(facts: PackFacts, tables: readonly EvidenceTable[]): string {
  const { clusterName, from, to, after, through, prunedThrough } = facts
  return [
    `Evidence of access at ${clusterName}`,
    `from ${formatInstant(from)} to ${formatInstant(to)} (before)`,
    '',
    'Each table is there twice, as NAME.csv for spreadsheets and as NAME.json for programs:',
    '',
    ...tables.flatMap(({ name, about, rows }) => [`${name}  (${rows.length} rows)`, `    ${about}`]),
    '',
    'events.jsonl',
    `    Events ${after + 1} to ${through} of the audit log, unchanged: all events of the period, and those around it up to`,
    '    the signed heads before and after. "sequence" in a table is the number of the event that a row is told from.',
    '    A cell that begins with an apostrophe does so to keep spreadsheets from running it as a formula.',
    'manifest.json, manifest.sig.json',
    '    SHA-256 of each file, and the signature of the manifest by the audit key of the gateway.',
    '',
    'How to check it, on any machine, without the gateway:',
    '',
    '    gatehouse audit verify --file PACK.zip --key KEY_ID',
    '',
    'It checks the manifest and its signature, each file, the chain of the events and the signed heads. KEY_ID is the ID of',
    'the audit key, noted elsewhere: the keys in the pack came with it, so without --key somebody could have made the pack.',
    '',
    'What it does not prove:',
    '- anything before and after these events, and what was done without an event;',
    '- grants whose source is "ledger": an import found them, or they began before the log does. What the gateway',
    '  remembers of them is signed as part of this pack, and no event proves it;',
    '- memberships that an event counts and does not name: events name the first 100 members of one change.',
    ...(prunedThrough === undefined
      ? []
      : [
          `- events 1 to ${prunedThrough}: retention removed them, and grants that rest on them are told from the ledger.`,
        ]),
    '',
  ].join('\n')
}

/** What is signed: the name of the form, so that no other signature of the key can stand in, and the manifest. */
export function manifestText(manifest: string): string {
  return `gatehouse-evidence-manifest-v1\n${manifest}`
}

export interface ManifestFile {
  readonly name: string
  readonly size: number
  readonly sha256: string
}

export function buildManifest(facts: PackFacts, files: readonly ManifestFile[]): string {
  const { clusterName, from, to, after, through } = facts
  const about = {
    version: 1,
    cluster_name: clusterName,
    from: formatInstant(from),
    to: formatInstant(to),
    after,
    through,
  }
  return `${JSON.stringify({ ...about, files }, undefined, 2)}\n`
}
