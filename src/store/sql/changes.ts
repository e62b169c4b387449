/** @module Changes of AWS: begun before the call, ended after it, in the order in which they were begun. */
import { sql, type Selectable } from 'kysely'
import { z } from 'zod'
import type { Instant } from '../../core/time.js'
import type { ChangeRecord, ChangeStore, CountedChange } from '../store.js'
import { assertStorable, parseStored } from './bulk.js'
import type { ChangeRecordTable } from './schema/change-record.js'
import type { SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

/** As much of an action as the guard counts: one thing, or as many members as it names. */
const counted = z.union([
  z
    .object({ kind: z.enum(['user.deactivate', 'user.delete', 'group.delete']) })
    .transform(({ kind }) => ({ kind, count: 1, pair: null })),
  z
    .object({ kind: z.enum(['assignment.create', 'assignment.delete']), pair: z.string() })
    .transform(({ kind, pair }) => ({ kind, count: 1, pair })),
  z
    .object({ kind: z.literal('members.remove'), members: z.array(z.unknown()) })
    .transform(({ kind, members }) => ({ kind, count: members.length, pair: null })),
])
const uncounted = z.object({ uncounted: z.literal(true) })

export class SqlChangeStore implements ChangeStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async begin(plugin: string, record: ChangeRecord): Promise<void> {
    assertStorable('the key of a change', record.key)
    const { action } = record
    const weight = uncounted.safeParse(action).success ? undefined : counted.safeParse(action).data
    await this.#scope.db
      .insertInto('change_record')
      .values({
        plugin,
        id: record.id,
        action_key: record.key,
        action: JSON.stringify(action),
        counted_kind: weight?.kind ?? null,
        counted: weight?.count ?? 0,
        counted_pair: weight?.pair ?? null,
        begun_at: record.begunAt,
        holder: record.holder,
        state: record.state,
        ended_at: record.endedAt ?? null,
        error: textOrNull(record.error),
        remedy: textOrNull(record.remedy),
      })
      .execute()
  }

  async end(plugin: string, id: string, outcome: Parameters<ChangeStore['end']>[2]): Promise<boolean> {
    const result = await this.#scope.db
      .updateTable('change_record')
      .set({
        state: outcome.state,
        ended_at: outcome.endedAt,
        error: textOrNull(outcome.error),
        remedy: textOrNull(outcome.remedy),
      })
      .where('plugin', '=', plugin)
      .where('id', '=', id)
      .where('state', '=', 'open')
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async listOpen(plugin: string): Promise<ChangeRecord[]> {
    const rows = await this.#scope.db
      .selectFrom('change_record')
      .selectAll()
      .where('plugin', '=', plugin)
      .where('state', '=', 'open')
      .orderBy('position')
      .execute()
    return rows.map(toRecord)
  }

  async list(plugin: string, page: Parameters<ChangeStore['list']>[1]): Promise<ChangeRecord[]> {
    const { limit, before, state } = page
    if (before !== undefined && !isStorable(before)) return []
    let query = this.#scope.db
      .selectFrom('change_record')
      .selectAll()
      .where('plugin', '=', plugin)
      .orderBy('position', 'desc')
      .limit(limit)
    if (state !== undefined) query = query.where('state', '=', state)
    if (before !== undefined) {
      query = query.where('position', '<', (row) =>
        row
          .selectFrom('change_record as last')
          .select('last.position')
          .where('last.plugin', '=', plugin)
          .where('last.id', '=', before),
      )
    }
    return (await query.execute()).map(toRecord)
  }

  async countSince(plugin: string, since: Instant): Promise<CountedChange[]> {
    const ended = await this.#scope.db
      .selectFrom('change_record')
      .select(['counted_kind', 'counted_pair', sql<number | string>`sum(counted)`.as('counted')])
      .where('plugin', '=', plugin)
      .where('ended_at', '>=', since)
      .where('state', '=', 'succeeded')
      .where('counted_kind', 'is not', null)
      .groupBy(['counted_kind', 'counted_pair'])
      .orderBy('counted_kind')
      .orderBy('counted_pair')
      .execute()
    const open = await this.#scope.db
      .selectFrom('change_record')
      .select(['counted_kind', 'counted_pair', 'counted', 'action_key'])
      .where('plugin', '=', plugin)
      .where('state', '=', 'open')
      .where('counted_kind', 'is not', null)
      .orderBy('position')
      .execute()
    return [
      ...ended.map((row) => toCount(row, undefined)),
      ...open.map((row) => toCount(row, row.action_key)),
    ]
  }

  async deleteEndedBefore(plugin: string, before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('change_record')
      .where('plugin', '=', plugin)
      .where('ended_at', '<', before)
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storable(text)
}

function toCount(
  row: { counted_kind: string | null; counted_pair: string | null; counted: number | string },
  openKey: string | undefined,
): CountedChange {
  const { counted_kind: kind, counted_pair: pair, counted: count } = row
  return { kind: kind ?? '', pair: pair ?? undefined, count: Number(count), openKey }
}

function toRecord(row: Selectable<ChangeRecordTable>): ChangeRecord {
  return {
    id: row.id,
    key: row.action_key,
    action: parseStored(row.action, `change "${row.id}"`),
    begunAt: row.begun_at,
    holder: row.holder,
    state: row.state,
    endedAt: row.ended_at ?? undefined,
    error: row.error ?? undefined,
    remedy: row.remedy ?? undefined,
  }
}
