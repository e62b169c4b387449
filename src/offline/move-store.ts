/**
 * @module `gatehouse store migrate`: every row of one store into an empty one of another engine, and a proof that none
 * was lost: each table is read back and compared, the audit chain is verified there, and the master key opens it.
 */
import { digestTable, TableDigest, type TableTotals } from '../archive/digest.js'
import { GatewayError, isCode } from '../core/error.js'
import { fillWhole, readWhole } from '../store/sql/whole.js'
import type { FillableStore, StoreSnapshot, TableShape } from '../store/whole-store.js'
import { assertChain, checkChain, checkKey } from './check-store.js'
import {
  absoluteUrl,
  appendEvent,
  nameOf,
  readConfig,
  readMasterKey,
  type OfflineHost,
} from './surroundings.js'

export interface MoveOptions {
  readonly from: string
  readonly to: string
  readonly dryRun?: true
  readonly acceptBrokenChain?: true
  readonly config?: string
}

export async function moveStore(host: OfflineHost, options: MoveOptions): Promise<void> {
  const from = absoluteUrl(host, options.from)
  const to = absoluteUrl(host, options.to)
  const operator = readConfig(host, { ...options, databaseUrl: to })
  const { key: masterKey, source: keySource } = await readMasterKey(operator)
  const accept = options.acceptBrokenChain === true
  await readWhole({ url: from, alone: true }, async (source) => {
    const cluster = await clusterOf(source, operator.config.clusterName)
    const report = await checkChain(source.aggregates, cluster)
    assertChain(report, { accept })
    const isSealed = await checkKey(source.aggregates, masterKey)
    if (options.dryRun === true) {
      await assertEmptyTarget(to)
      let rows = 0
      for (const table of source.tables) rows += (await digestTable(source, table)).rows
      host.print(
        `Dry run: ${rows} rows of ${source.tables.length} tables would go from ${nameOf(from)} to ${nameOf(to)}, which is empty.`,
      )
      host.print(
        `The audit chain holds (${report.eventsChecked} events), and the master key opens the secrets.`,
      )
      return
    }
    const { rows } = await fillWhole({ url: to, alone: true, applied: source.migrations }, async (target) => {
      const totals = await copyTables(source, target, host)
      const there = await checkChain(target.aggregates, cluster)
      if (there.last.hash !== report.last.hash || there.breaksFound !== report.breaksFound) {
        throw lost('the audit chain is another one in the target')
      }
      if (isSealed) await checkKey(target.aggregates, masterKey)
      const fields = { from: source.engine, to: target.engine, rows: sum(totals), tables: totals.size }
      await appendEvent(target.aggregates, cluster, { event: 'store.migrate', fields })
      return fields
    })
    host.print(`Moved ${rows} rows of ${source.tables.length} tables from ${nameOf(from)} to ${nameOf(to)}.`)
    host.print(
      `Checked: each table was read back and is the same; the audit chain holds (${report.eventsChecked} events); the master key (${keySource}) opens the secrets.`,
    )
    host.print(
      `The source is as it was. Next: set GATEHOUSE_DATABASE_URL to the new database and start the gateway;`,
    )
    host.print('give every replica the same master key. Keep the old database until you are content.')
  })
}

/** Rows, ids and the numbers that come next; each table is compared as it arrives. */
async function copyTables(
  source: StoreSnapshot,
  target: FillableStore,
  host: OfflineHost,
): Promise<ReadonlyMap<string, TableTotals>> {
  const totals = new Map<string, TableTotals>()
  for (const table of source.tables) {
    const sent = new TableDigest()
    for await (const rows of source.rows(table)) {
      for (const row of rows) sent.add(row)
      await target.insert(table, rows)
    }
    await target.assignAfter(table, await source.lastAssigned(table))
    await assertArrived(target, table, sent.totals())
    totals.set(table.name, sent.totals())
    if (sent.totals().rows > 0) host.tell(`${table.name}: ${sent.totals().rows} rows`)
  }
  return totals
}

/** @throws GatewayError `CONFLICT` where the target holds something else than was sent. */
export async function assertArrived(
  target: FillableStore,
  table: TableShape,
  sent: TableTotals,
): Promise<void> {
  const there = await digestTable(target, table)
  if (there.rows !== sent.rows) {
    throw lost(`table "${table.name}" has ${there.rows} of ${sent.rows} rows in the target`)
  }
  if (there.digest !== sent.digest) {
    throw lost(`table "${table.name}" has other contents in the target than were sent`)
  }
}

function lost(what: string): GatewayError {
  return new GatewayError('CONFLICT', `${what}; nothing was written`)
}

function sum(totals: ReadonlyMap<string, TableTotals>): number {
  return [...totals.values()].reduce((all, { rows }) => all + rows, 0)
}

/** Heads are signed with the name that the gateway has, and its events tell which that is. */
async function clusterOf({ aggregates }: StoreSnapshot, otherwise: string): Promise<string> {
  const [last] = await aggregates.audit.list({ limit: 1, order: 'desc' })
  if (last === undefined) return otherwise
  const event: unknown = JSON.parse(last.json)
  return typeof event === 'object' && event !== null && 'cluster_name' in event
    ? String(event.cluster_name)
    : otherwise
}

async function assertEmptyTarget(url: string): Promise<void> {
  try {
    await readWhole({ url, alone: true }, async (store) => {
      for (const table of store.tables) {
        if (table.name !== 'meta' && (await digestTable(store, table)).rows > 0) {
          throw new GatewayError(
            'ALREADY_EXISTS',
            `the target is not empty: table "${table.name}" holds rows`,
          )
        }
      }
    })
  } catch (error) {
    // No file, or no store in it: as empty as can be.
    if (!isCode(error, 'INVALID_CONFIG')) throw error
  }
}
