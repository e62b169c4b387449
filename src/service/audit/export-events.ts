/**
 * @module Exports the events of a selection as CSV or JSON lines. All is read from one view of the log, which only grows:
 * what is there when the export begins, in the order of the chain, as fast as the reader takes it. Whole JSON lines carry
 * heads and keys, so that they prove themselves without a gateway.
 */
import { chainStart } from '../../core/audit/chain.js'
import {
  checkpointLine,
  csvHeader,
  csvRow,
  endLine,
  eventLine,
  headerLine,
  headLine,
  keyLine,
  type ExportFormat,
} from '../../core/audit/export.js'
import type { AuditSelection } from '../../core/audit/search.js'
import { GatewayError } from '../../core/error.js'
import type { RequestOrigin } from '../context.js'
import { record } from '../people/record.js'
import type { AuditDeps } from './deps.js'
import { findRange, scanEvents, type ChainRange } from './scan-events.js'

export interface AuditExport {
  /** Sequence numbers between which it looks, for progress; undefined where there is nothing. */
  readonly range: ChainRange | undefined
  /** UTF-8 text in pieces of bounded size. */
  readonly chunks: AsyncIterable<string>
}

const headsAtATime = 1000

/** The event of the export is written before anything is handed out. */
export async function exportEvents(
  deps: AuditDeps,
  { format, ...selection }: AuditSelection & { readonly format: ExportFormat },
  actor: string,
  origin: RequestOrigin | undefined,
): Promise<AuditExport> {
  const filter = given(selection)
  const isWhole = Object.keys(filter).length === 0
  await deps.flushAudit()
  const before = await findRange(deps, selection)
  await deps.store.transaction(async (tx) => {
    const fields = { format, holds: isWhole ? 'all' : 'selection', filter }
    await record(deps, tx, { event: 'audit.export', success: true, user: actor, fields }, origin)
  })
  await deps.flushAudit()
  if (isWhole) await signHead(deps)
  // The event of an export has its filter in it, so that a search would find it, and no more what was shown.
  const range = isWhole ? await findRange(deps, selection) : before
  const chunks =
    format === 'csv' ? csvChunks(deps, selection, range) : jsonlChunks(deps, filter, isWhole, range)
  return { range, chunks }
}

/** What cannot be signed is exported all the same: whoever looks into a changed log needs it most. */
async function signHead(deps: AuditDeps): Promise<void> {
  try {
    await deps.signAuditHead()
  } catch (error) {
    deps.logger.error({ err: error }, 'the export of the audit log ends without a signed head')
  }
}

function given(selection: AuditSelection): Readonly<Record<string, string | boolean | readonly string[]>> {
  const entries: [string, string | boolean | readonly string[]][] = []
  for (const [name, value] of Object.entries(selection) as [string, string | undefined][]) {
    if (value !== undefined) entries.push([name, value])
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function* csvChunks(
  { store }: AuditDeps,
  selection: AuditSelection,
  range: ChainRange | undefined,
): AsyncGenerator<string> {
  yield csvHeader()
  if (range === undefined) return
  for await (const { events } of scanEvents(store, selection, range, 'asc')) {
    if (events.length > 0) yield events.map(csvRow).join('')
  }
}

async function* jsonlChunks(
  deps: AuditDeps,
  filter: ReturnType<typeof given>,
  isWhole: boolean,
  range: ChainRange | undefined,
): AsyncGenerator<string> {
  const checkpoint = await deps.store.audit.lastCheckpoint()
  const { sequence: after, hash: startHash } = checkpoint ?? {
    sequence: chainStart.afterSequence,
    hash: chainStart.startHash,
  }
  const through = range?.last ?? after
  yield headerLine({
    clusterName: deps.clusterName,
    holds: isWhole ? 'all' : 'selection',
    filter,
    after,
    startHash,
    through,
    excerpt: false,
  })
  if (isWhole) {
    for (const key of await deps.auditKeys()) yield keyLine(key)
    if (checkpoint) yield checkpointLine(checkpoint)
  }
  let count = 0
  if (range) {
    for await (const { events } of scanEvents(deps.store, filter, range, 'asc')) {
      if (isWhole) assertWhole(events, range.first + count)
      count += events.length
      if (events.length > 0) yield events.map(eventLine).join('')
    }
  }
  if (isWhole) yield* headChunks(deps, through)
  yield endLine(count)
}

/** Retention may remove events while they are read. */
function assertWhole(events: readonly { readonly sequence: number }[], first: number): void {
  if (events.length === 0 || events[0]?.sequence === first) return
  throw new GatewayError('CONFLICT', 'events were pruned while they were exported; export again')
}

async function* headChunks({ store }: AuditDeps, through: number): AsyncGenerator<string> {
  for (let afterSequence = 0; ;) {
    const heads = await store.audit.listHeads({ afterSequence, limit: headsAtATime })
    const last = heads.at(-1)?.sequence
    if (last === undefined) return
    const here = heads.filter(({ sequence }) => sequence <= through)
    yield here.map(headLine).join('')
    if (last >= through) return
    afterSequence = last
  }
}
