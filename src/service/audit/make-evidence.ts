/**
 * @module An evidence pack of a period: tables of what happened to access, the events that prove them between two signed
 * heads, and a signed manifest. The same log and period give the same pack. Assembly is `core/audit/evidence.ts`.
 */
import { chainStart } from '../../core/audit/chain.js'
import {
  createEvidence,
  describePack,
  tableCsv,
  tableJson,
  type EvidenceTable,
  type PackFacts,
} from '../../core/audit/evidence.js'
import { grantEvents, reasonsText, type LedgerFact } from '../../core/audit/evidence-grants.js'
import {
  checkpointLine,
  endLine,
  eventLine,
  headerLine,
  headLine,
  keyLine,
  readEvent,
} from '../../core/audit/export.js'
import { GatewayError } from '../../core/error.js'
import { splitPairKey } from '../../core/identity-center/observation.js'
import { day, parseInstant, type Instant } from '../../core/time.js'
import type { EvidenceArchiver, PackFile } from '../../audit/evidence-archive.js'
import type { ChainHead } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { ResourceDeps } from '../resources/deps.js'
import type { AuditDeps } from './deps.js'
import { scanEvents, type ChainRange } from './scan-events.js'

export interface EvidenceDeps extends AuditDeps, Pick<ResourceDeps, 'catalog'> {
  readonly evidence: EvidenceArchiver
}

const maxSpanMs = 400 * day

/**
 * @throws GatewayError `INVALID_INPUT` for a period that is empty, longer than 400 days, not over yet or without events;
 * `INTERNAL` where no head can be signed over it.
 */
export async function makeEvidence(
  deps: EvidenceDeps,
  query: { readonly from: string; readonly to: string },
  actor: string,
  origin: RequestOrigin | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const period = readPeriod(deps.clock.now(), query)
  await deps.flushAudit()
  const inPeriod = await deps.store.audit.bounds(period)
  if (inPeriod === undefined) throw wrong('from', 'there is no event in this period')
  await deps.store.transaction(async (tx) => {
    const fields = { from: query.from, to: query.to }
    await record(deps, tx, { event: 'audit.evidence', success: true, user: actor, fields }, origin)
  })
  await deps.flushAudit()
  const proof = await findProof(deps, inPeriod)
  const checkpoint = await deps.store.audit.lastCheckpoint()
  const facts: PackFacts = {
    clusterName: deps.clusterName,
    ...period,
    after: proof.after,
    through: proof.through,
    prunedThrough: checkpoint?.sequence,
  }
  const tables = await collectTables(deps, period, inPeriod)
  return deps.evidence.pack(facts, packFiles(deps, facts, tables, proof))
}

function readPeriod(
  now: Instant,
  query: { readonly from: string; readonly to: string },
): { readonly from: Instant; readonly to: Instant } {
  const from = parseInstant(query.from) ?? 0
  const to = parseInstant(query.to) ?? 0
  if (to <= from) throw wrong('to', '"to" must be later than "from"')
  if (to - from > maxSpanMs) throw wrong('to', 'the period may be 400 days at most')
  if (to > now) throw wrong('to', 'the period is not over yet: "to" must not be in the future')
  return { from, to }
}

function wrong(field: string, message: string): GatewayError {
  return new GatewayError('INVALID_INPUT', `${message}; ask for another one`, {
    fields: [{ path: `query.${field}`, message }],
  })
}

interface Proof {
  readonly after: number
  readonly startHash: string
  readonly through: number
  readonly heads: readonly ChainHead[]
}

/** The signed heads around the events: what stands between them cannot be changed without a trace. */
async function findProof(deps: EvidenceDeps, { first, last }: ChainRange): Promise<Proof> {
  const { audit } = deps.store
  let [next] = await audit.listHeads({ afterSequence: last - 1, limit: 1 })
  if (next === undefined) {
    await deps.signAuditHead()
    next = (await audit.listHeads({ afterSequence: last - 1, limit: 1 }))[0]
  }
  if (next === undefined)
    throw new GatewayError('INTERNAL', 'no head of the audit log could be signed; try again')
  const before = await audit.headBefore(first)
  const { sequence: after, hash: startHash } = before ?? {
    sequence: chainStart.afterSequence,
    hash: chainStart.startHash,
  }
  return { after, startHash, through: next.sequence, heads: before ? [before, next] : [next] }
}

async function collectTables(
  deps: EvidenceDeps,
  period: { readonly from: Instant; readonly to: Instant },
  inPeriod: ChainRange,
): Promise<readonly EvidenceTable[]> {
  const { store } = deps
  const builder = createEvidence(period)
  const ledger = await readLedger(deps)
  const first = (await store.audit.first()) ?? 1
  const last = (await store.audit.last())?.sequence ?? 0
  for await (const { events } of scanEvents(store, { type: grantEvents }, { first, last }, 'asc')) {
    for (const { sequence, json } of events) {
      const event = readEvent(json)
      if (event) builder.takeGrant(sequence, event)
    }
  }
  for await (const { events } of scanEvents(store, {}, inPeriod, 'asc')) {
    for (const { sequence, json } of events) {
      const event = readEvent(json)
      const at = event && parseInstant(event.time)
      if (event && at !== undefined && at >= period.from && at < period.to) builder.take(sequence, event)
    }
  }
  return builder.finish(ledger)
}

async function readLedger({ store, catalog }: EvidenceDeps): Promise<LedgerFact[]> {
  const facts: LedgerFact[] = []
  for (const plugin of (await catalog.read()).parsed('plugin').keys()) {
    const names = new Map(
      (await store.principalLinks.list(plugin)).map(({ kind, awsId, name }) => [`${kind}/${awsId}`, name]),
    )
    for (const { kind, principal, target, reasons, since } of await store.ledger.list(plugin)) {
      const [principalKind = '', awsId = ''] = principal.split('/')
      const about = { kind, plugin, principalKind, awsId, principal: names.get(principal) ?? awsId }
      const isMembership = kind === 'membership'
      const { accountId, permissionSetArn } = isMembership
        ? { accountId: '', permissionSetArn: '' }
        : splitPairKey(target)
      const member = isMembership ? (names.get(`user/${target}`) ?? target) : ''
      const grant = { ...about, accountId, account: '', permissionSet: permissionSetArn, member, reasons: reasonsText(reasons) } // prettier-ignore
      facts.push({ grant, since, permissionSetArn })
    }
  }
  return facts
}

async function* packFiles(
  deps: EvidenceDeps,
  facts: PackFacts,
  tables: readonly EvidenceTable[],
  proof: Proof,
): AsyncGenerator<PackFile> {
  yield { name: 'README.txt', chunks: [describePack(facts, tables)] }
  for (const table of tables) {
    yield { name: `${table.name}.csv`, chunks: [tableCsv(table)] }
    yield { name: `${table.name}.json`, chunks: [tableJson(table)] }
  }
  yield { name: 'events.jsonl', chunks: eventLines(deps, facts, proof) }
}

async function* eventLines(
  { store, auditKeys, clusterName }: EvidenceDeps,
  { after, through }: PackFacts,
  { startHash, heads }: Proof,
): AsyncGenerator<string> {
  yield headerLine({ clusterName, holds: 'all', filter: {}, after, startHash, through, excerpt: true })
  const signers = new Set(heads.map(({ keyId }) => keyId))
  for (const key of await auditKeys()) if (signers.has(key.id)) yield keyLine(key)
  const checkpoint = await store.audit.lastCheckpoint()
  if (checkpoint?.sequence === after) yield checkpointLine(checkpoint)
  let count = 0
  for await (const { events } of scanEvents(store, {}, { first: after + 1, last: through }, 'asc')) {
    count += events.length
    yield events.map(eventLine).join('')
  }
  for (const head of heads) yield headLine(head)
  yield endLine(count)
}
