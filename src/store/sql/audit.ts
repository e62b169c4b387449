/**
 * @module The audit log. Events are inserted in the transaction of the change they tell; afterwards one sequencer at a
 * time gives them their place in the chain. A sequence number of the engine would not do: on PostgreSQL a
 * transaction with a lower number may commit later, and its event would be skipped or the chain would have a gap.
 */
import type { Selectable } from 'kysely'
import { GatewayError } from '../../core/error.js'
import { genesisHash, type AuditCheckpoint } from '../../core/audit/chain.js'
import type { AuditEvent } from '../../core/audit/event.js'
import { parseInstant } from '../../core/time.js'
import type {
  AuditFilter,
  AuditStore,
  AuditSummary,
  AuditSummaryFilter,
  ChainedEvent,
  ChainHead,
} from '../store.js'
import { findBounds, summariseAudit } from './audit-summary.js'
import type { AuditCheckpointTable } from './schema/audit-checkpoint.js'
import type { AuditHeadTable } from './schema/audit-head.js'
import { atomically, Prepared, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

const insertEvent = new Prepared((db) =>
  db
    .insertInto('audit_event')
    .values({ uid: '', event_type: '', user_name: '', success: 0, time_ms: 0, json: '' }),
)
const findLast = new Prepared((db) =>
  db
    .selectFrom('audit_event')
    .select(['sequence', 'hash'])
    .where('sequence', 'is not', null)
    .orderBy('sequence', 'desc')
    .limit(1),
)
const chainEvent = new Prepared((db) =>
  db.updateTable('audit_event').set({ sequence: 0, hash: '' }).where('id', '=', 0),
)

export class SqlAuditStore implements AuditStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async append(event: AuditEvent): Promise<void> {
    const time = parseInstant(event.time)
    if (time === undefined) {
      throw new GatewayError('INTERNAL', `audit event ${event.uid}: "${event.time}" is not an instant`, {
        event: event.event,
      })
    }
    const user = typeof event['user'] === 'string' ? storable(event['user']) : null
    const success = event.success ? 1 : 0
    await insertEvent.run(this.#scope, [event.uid, event.event, user, success, time, JSON.stringify(event)])
  }

  chain(limit: number, link: (previousHash: string, json: string) => string): Promise<number> {
    // READ COMMITTED: each statement must see what the former holder of the lock has committed.
    return atomically(this.#scope, (scope) => chainLocked(scope, limit, link), 'read committed')
  }

  async list(filter: AuditFilter): Promise<ChainedEvent[]> {
    const { cursor, until, limit, order, types, user, success, from, to } = filter
    if (user !== undefined && !isStorable(user)) return []
    let query = this.#scope.db
      .selectFrom('audit_event')
      .select(['sequence', 'hash', 'json'])
      .where('sequence', 'is not', null)
      .orderBy('sequence', order)
      .limit(limit)
    if (cursor !== undefined) query = query.where('sequence', order === 'asc' ? '>' : '<', cursor)
    if (until !== undefined) query = query.where('sequence', order === 'asc' ? '<=' : '>=', until)
    if (types !== undefined && types.length > 0) query = query.where('event_type', 'in', types)
    if (user !== undefined) query = query.where('user_name', '=', user)
    if (success !== undefined) query = query.where('success', '=', success ? 1 : 0)
    if (from !== undefined) query = query.where('time_ms', '>=', from)
    if (to !== undefined) query = query.where('time_ms', '<', to)
    return (await query.execute()).flatMap(toChained)
  }

  summarise(filter: AuditSummaryFilter): Promise<AuditSummary> {
    return summariseAudit(this.#scope, filter)
  }

  async findByUid(uid: string): Promise<ChainedEvent | undefined> {
    if (!isStorable(uid)) return undefined
    const rows = await this.#scope.db
      .selectFrom('audit_event')
      .select(['sequence', 'hash', 'json'])
      .where('uid', '=', uid)
      .execute()
    return rows.flatMap(toChained)[0]
  }

  last(): Promise<{ sequence: number; hash: string } | undefined> {
    return lastOf(this.#scope)
  }

  async first(): Promise<number | undefined> {
    const row = await this.#scope.db
      .selectFrom('audit_event')
      .select('sequence')
      .where('sequence', 'is not', null)
      .orderBy('sequence')
      .limit(1)
      .executeTakeFirst()
    return row?.sequence ?? undefined
  }

  bounds(span: { from: number; to: number }): Promise<{ first: number; last: number } | undefined> {
    return findBounds(this.#scope, span)
  }

  async lastCheckpoint(): Promise<AuditCheckpoint | undefined> {
    const row = await this.#scope.db
      .selectFrom('audit_checkpoint')
      .selectAll()
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toCheckpoint(row)
  }

  prune(point: AuditCheckpoint): Promise<number> {
    return atomically(this.#scope, async ({ db }) => {
      const { sequence, hash, pruned, signature } = point
      const times = { first_at: point.firstAt, last_at: point.lastAt, pruned_at: point.prunedAt }
      await db
        .insertInto('audit_checkpoint')
        .values({ sequence, hash, pruned, ...times, key_id: point.keyId, signature })
        .execute()
      const { numDeletedRows } = await db
        .deleteFrom('audit_event')
        .where('sequence', '<=', sequence)
        .executeTakeFirst()
      await db.deleteFrom('audit_head').where('sequence', '<', sequence).execute()
      return Number(numDeletedRows)
    })
  }

  async addHead(head: ChainHead): Promise<void> {
    await this.#scope.db
      .insertInto('audit_head')
      .values({
        sequence: head.sequence,
        hash: head.hash,
        signed_at: head.signedAt,
        key_id: head.keyId,
        signature: head.signature,
      })
      // Two replicas may sign the same place of the chain; one signature is enough.
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  async listHeads(page: { afterSequence?: number; limit?: number } = {}): Promise<ChainHead[]> {
    let query = this.#scope.db.selectFrom('audit_head').selectAll().orderBy('sequence')
    if (page.afterSequence !== undefined) query = query.where('sequence', '>', page.afterSequence)
    if (page.limit !== undefined) query = query.limit(page.limit)
    return (await query.execute()).map(toHead)
  }

  lastHead(): Promise<ChainHead | undefined> {
    return this.headBefore(Number.MAX_SAFE_INTEGER)
  }

  async headBefore(sequence: number): Promise<ChainHead | undefined> {
    const row = await this.#scope.db
      .selectFrom('audit_head')
      .selectAll()
      .where('sequence', '<', sequence)
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toHead(row)
  }
}

function toCheckpoint(row: Selectable<AuditCheckpointTable>): AuditCheckpoint {
  return {
    sequence: row.sequence,
    hash: row.hash,
    pruned: row.pruned,
    firstAt: row.first_at,
    lastAt: row.last_at,
    prunedAt: row.pruned_at,
    keyId: row.key_id,
    signature: row.signature,
  }
}

function toHead(row: Selectable<AuditHeadTable>): ChainHead {
  return {
    sequence: row.sequence,
    hash: row.hash,
    signedAt: row.signed_at,
    keyId: row.key_id,
    signature: row.signature,
  }
}

async function chainLocked(
  scope: SqlScope,
  limit: number,
  link: (previousHash: string, json: string) => string,
): Promise<number> {
  await scope.dialect.lockChain(scope.db)
  let { sequence, hash } = (await lastOf(scope)) ?? { sequence: 0, hash: genesisHash }
  const events = await scope.db
    .selectFrom('audit_event')
    .select(['id', 'json'])
    .where('sequence', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const event of events) {
    sequence += 1
    hash = link(hash, event.json)
    await chainEvent.run(scope, [sequence, hash, event.id])
  }
  return events.length
}

async function lastOf(scope: SqlScope): Promise<{ sequence: number; hash: string } | undefined> {
  const [row] = await findLast.run(scope, [1])
  if (row === undefined || row.sequence === null || row.hash === null) return undefined
  return { sequence: row.sequence, hash: row.hash }
}

/** An event that has not joined the chain yet is no chained event: none, or one. */
function toChained(row: { sequence: number | null; hash: string | null; json: string }): ChainedEvent[] {
  return row.sequence === null || row.hash === null
    ? []
    : [{ sequence: row.sequence, hash: row.hash, json: row.json }]
}
