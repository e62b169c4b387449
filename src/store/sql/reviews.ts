/** @module Reviews of access lists: the decisions of those in progress, a row each, and those that are finished. */
import type { Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { FinishedDecision, FinishedReview, ReviewDecision, ReviewStore } from '../access-list-store.js'
import { assertStorable, inChunks, lastOfEach, parseStored } from './bulk.js'
import type { FinishedDecisionTable } from './schema/finished-decision.js'
import type { FinishedReviewTable } from './schema/finished-review.js'
import type { ReviewDecisionTable } from './schema/review-decision.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

export class SqlReviewStore implements ReviewStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async listDecisions(list: string): Promise<ReviewDecision[]> {
    if (!isStorable(list)) return []
    const rows = await this.#scope.db
      .selectFrom('review_decision')
      .selectAll()
      .where('list_name', '=', list)
      .orderBy('kind')
      .orderBy('name')
      .execute()
    return rows.map(toDecision)
  }

  async countDecisions(
    lists: readonly string[],
    now: Instant,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
    const counts = new Map<string, Map<string, number>>()
    await inChunks([...new Set(lists)].filter(isStorable), async (chunk) => {
      const rows = await this.#scope.db
        .selectFrom('review_decision as decision')
        .innerJoin('access_list_member as member', (join) =>
          join
            .onRef('member.list_name', '=', 'decision.list_name')
            .onRef('member.kind', '=', 'decision.kind')
            .onRef('member.name', '=', 'decision.name')
            .onRef('member.joined_at', '<=', 'decision.decided_at'),
        )
        .where('decision.list_name', 'in', chunk)
        .where((row) => row.or([row('member.expires_at', 'is', null), row('member.expires_at', '>', now)]))
        .select((row) => [
          'decision.list_name',
          'decision.decided_by',
          row.fn.countAll<number | string>().as('decisions'),
        ])
        .groupBy(['decision.list_name', 'decision.decided_by'])
        .execute()
      for (const { list_name: list, decided_by: by, decisions } of rows) {
        const of = counts.get(list) ?? new Map<string, number>()
        counts.set(list, of.set(by, Number(decisions)))
      }
    })
    return counts
  }

  async putDecisions(decisions: readonly ReviewDecision[]): Promise<void> {
    if (decisions.length === 0) return
    for (const { list, name } of decisions) assertStorable('a decision', list, name)
    const rows = lastOfEach(decisions, ({ list, kind, name }) => [list, kind, name]).map(toRow)
    await atomically(this.#scope, ({ db }) =>
      inChunks(rows, (chunk) =>
        db
          .insertInto('review_decision')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['list_name', 'kind', 'name']).doUpdateSet((row) => ({
              decision: row.ref('excluded.decision'),
              note: row.ref('excluded.note'),
              decided_by: row.ref('excluded.decided_by'),
              decided_at: row.ref('excluded.decided_at'),
            })),
          )
          .execute(),
      ),
    )
  }

  async deleteDecisions(
    list: string,
    of?: readonly Pick<ReviewDecision, 'kind' | 'name'>[],
  ): Promise<number> {
    if (!isStorable(list)) return 0
    return await atomically(this.#scope, async ({ db }) => {
      const decisions = db.deleteFrom('review_decision').where('list_name', '=', list)
      if (of === undefined) return Number((await decisions.executeTakeFirst()).numDeletedRows)
      let deleted = 0
      for (const kind of ['user', 'list'] as const) {
        const names = of.filter((one) => one.kind === kind && isStorable(one.name)).map(({ name }) => name)
        await inChunks([...new Set(names)], async (chunk) => {
          const query = decisions.where('kind', '=', kind).where('name', 'in', chunk)
          deleted += Number((await query.executeTakeFirst()).numDeletedRows)
        })
      }
      return deleted
    })
  }

  async add(review: FinishedReview, decided: readonly FinishedDecision[]): Promise<void> {
    const { id, list, reviewedAt, ...document } = review
    assertStorable('a review', id, list)
    for (const { name } of decided) assertStorable('a decision', name)
    await atomically(this.#scope, async ({ db }) => {
      await db
        .insertInto('finished_review')
        .values({
          id,
          list_name: list,
          reviewed_at: reviewedAt,
          document: storable(JSON.stringify(document)),
        })
        .execute()
      const rows = decided.map(({ kind, name, decision, note, by }): FinishedDecisionTable => ({
        list_name: list,
        review_id: id,
        kind,
        name,
        decision,
        note: storable(note),
        decided_by: storable(by),
      }))
      await inChunks(rows, (chunk) => db.insertInto('finished_decision').values(chunk).execute())
    })
  }

  async listFinishedDecisions(list: string, review: string): Promise<FinishedDecision[]> {
    if (!isStorable(list) || !isStorable(review)) return []
    const rows = await this.#scope.db
      .selectFrom('finished_decision')
      .selectAll()
      .where('list_name', '=', list)
      .where('review_id', '=', review)
      .orderBy('kind')
      .orderBy('name')
      .execute()
    return rows.map(({ kind, name, decision, note, decided_by: by }) => ({ kind, name, decision, note, by }))
  }

  async list(
    list: string,
    { limit, before }: { readonly limit: number; readonly before?: string },
  ): Promise<FinishedReview[]> {
    if (!isStorable(list) || (before !== undefined && !isStorable(before))) return []
    let query = this.#scope.db.selectFrom('finished_review').selectAll().where('list_name', '=', list)
    if (before !== undefined) {
      query = query.where('position', '<', (row) =>
        row.selectFrom('finished_review as edge').select('edge.position').where('edge.id', '=', before),
      )
    }
    const rows = await query.orderBy('position', 'desc').limit(limit).execute()
    return rows.map(toReview)
  }

  async deleteList(list: string): Promise<void> {
    if (!isStorable(list)) return
    await atomically(this.#scope, async ({ db }) => {
      await db.deleteFrom('review_decision').where('list_name', '=', list).execute()
      await db.deleteFrom('finished_review').where('list_name', '=', list).execute()
      await db.deleteFrom('finished_decision').where('list_name', '=', list).execute()
    })
  }
}

function toRow(decision: ReviewDecision): ReviewDecisionTable {
  return {
    list_name: decision.list,
    kind: decision.kind,
    name: decision.name,
    decision: decision.decision,
    note: storable(decision.note),
    decided_by: storable(decision.by),
    decided_at: decision.at,
  }
}

function toDecision(row: Selectable<ReviewDecisionTable>): ReviewDecision {
  return {
    list: row.list_name,
    kind: row.kind,
    name: row.name,
    decision: row.decision,
    note: row.note,
    by: row.decided_by,
    at: row.decided_at,
  }
}

function toReview(row: Selectable<FinishedReviewTable>): FinishedReview {
  // Written by `add` alone; what JSON leaves out is undefined.
  const { dueAt, nextDueAt, submittedBy, ...document } = parseStored(
    row.document,
    `review ${row.id} of an access list`,
  ) as Omit<FinishedReview, 'id' | 'list' | 'reviewedAt'>
  return {
    ...document,
    dueAt,
    nextDueAt,
    submittedBy,
    id: row.id,
    list: row.list_name,
    reviewedAt: row.reviewed_at,
  }
}
