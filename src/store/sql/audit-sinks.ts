/** @module Positions of the sinks of the audit log. Moving is one statement, so of two that move at once one does. */
import type { Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { AuditSinkStore, SinkPlace, SinkPosition, SinkTrouble } from '../store.js'
import type { AuditSinkTable } from './schema/audit-sink.js'
import type { SqlScope } from './scope.js'
import { storable } from './text.js'

const well = { failing_since: null, last_error: null, attempts: 0, next_attempt_at: 0, announced: 0 }

export class SqlAuditSinkStore implements AuditSinkStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async positions(): Promise<SinkPosition[]> {
    const rows = await this.#scope.db.selectFrom('audit_sink').selectAll().orderBy('sink_key').execute()
    return rows.map(toPosition)
  }

  async find(key: string): Promise<SinkPosition | undefined> {
    const row = await this.#scope.db
      .selectFrom('audit_sink')
      .selectAll()
      .where('sink_key', '=', key)
      .executeTakeFirst()
    return row && toPosition(row)
  }

  async ensure({
    key,
    type,
    seenAt,
    sequence,
    headSequence,
  }: Parameters<AuditSinkStore['ensure']>[0]): Promise<SinkPosition> {
    const row = await this.#scope.db
      .insertInto('audit_sink')
      .values({ sink_key: key, type, seen_at: seenAt, sequence, head_sequence: headSequence, ...well })
      .onConflict((conflict) => conflict.column('sink_key').doUpdateSet({ type, seen_at: seenAt }))
      .returningAll()
      .executeTakeFirstOrThrow()
    return toPosition(row)
  }

  async move(key: string, from: SinkPlace, to: SinkPlace, at: Instant): Promise<boolean> {
    const result = await this.#scope.db
      .updateTable('audit_sink')
      .set({
        sequence: to.sequence,
        head_sequence: to.headSequence,
        delivered_at: at,
        seen_at: at,
        ...well,
      })
      .where('sink_key', '=', key)
      .where('sequence', '=', from.sequence)
      .where('head_sequence', '=', from.headSequence)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async markFailed(key: string, trouble: SinkTrouble): Promise<boolean> {
    const result = await this.#scope.db
      .updateTable('audit_sink')
      .set({
        failing_since: trouble.since,
        last_error: storable(trouble.error),
        attempts: trouble.attempts,
        next_attempt_at: trouble.nextAttemptAt,
        announced: Number(trouble.announced),
      })
      .where('sink_key', '=', key)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async delete(key: string): Promise<boolean> {
    const result = await this.#scope.db
      .deleteFrom('audit_sink')
      .where('sink_key', '=', key)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }
}

function toPosition(row: Selectable<AuditSinkTable>): SinkPosition {
  return {
    key: row.sink_key,
    type: row.type,
    sequence: row.sequence,
    headSequence: row.head_sequence,
    deliveredAt: row.delivered_at ?? undefined,
    seenAt: row.seen_at,
    trouble:
      row.failing_since === null
        ? undefined
        : {
            since: row.failing_since,
            error: row.last_error ?? '',
            attempts: row.attempts,
            nextAttemptAt: row.next_attempt_at,
            announced: row.announced === 1,
          },
  }
}
