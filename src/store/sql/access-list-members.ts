/** @module Members of access lists, one row each; a list may have thousands. */
import { sql, type Selectable } from 'kysely'
import type { AccessListMember } from '../../core/access-list/access-list.js'
import type { Instant } from '../../core/time.js'
import type { AccessListMemberStore } from '../store.js'
import { assertStorable, inChunks, lastOfEach } from './bulk.js'
import { findGeneration, nextGeneration } from './generation.js'
import type { AccessListMemberTable } from './schema/access-list-member.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable, storable } from './text.js'

const generationKey = 'store.members.generation'

export class SqlAccessListMemberStore implements AccessListMemberStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async list(list: string): Promise<AccessListMember[]> {
    if (!isStorable(list)) return []
    const rows = await this.#members().where('list_name', '=', list).execute()
    return rows.map(toMember)
  }

  async listAll(): Promise<AccessListMember[]> {
    return (await this.#members().execute()).map(toMember)
  }

  async listOf(kind: AccessListMember['kind'], name: string): Promise<AccessListMember[]> {
    if (!isStorable(name)) return []
    const rows = await this.#members().where('kind', '=', kind).where('name', '=', name).execute()
    return rows.map(toMember)
  }

  async edgesAbove(kind: AccessListMember['kind'], name: string): Promise<AccessListMember[]> {
    if (!isStorable(name)) return []
    // UNION, not UNION ALL: a row that was there before is not followed again, which ends circles.
    const rows = await this.#scope.db
      .withRecursive('edge', (db) =>
        db
          .selectFrom('access_list_member')
          .selectAll()
          .where('kind', '=', kind)
          .where('name', '=', name)
          .union(
            db
              .selectFrom('edge')
              // SQLite keeps the order of a cross join; of any other it might read all nested lists for each step.
              .crossJoin('access_list_member as above')
              .whereRef('above.name', '=', 'edge.list_name')
              .where('above.kind', '=', 'list')
              .selectAll('above'),
          ),
      )
      .selectFrom('edge')
      .selectAll()
      .orderBy('list_name')
      .orderBy('kind')
      .orderBy('name')
      .execute()
    return rows.map(toMember)
  }

  async listNested(): Promise<AccessListMember[]> {
    const rows = await this.#members().where('kind', '=', 'list').execute()
    return rows.map(toMember)
  }

  async put(members: readonly AccessListMember[]): Promise<void> {
    if (members.length === 0) return
    for (const { list, name, awsUserId } of members) assertStorable('a member', list, name, awsUserId ?? '')
    const rows = lastOfEach(members, ({ list, kind, name }) => [list, kind, name]).map(toRow)
    await atomically(this.#scope, async (scope) => {
      await nextGeneration(scope, generationKey)
      await inChunks(rows, (chunk) =>
        scope.db
          .insertInto('access_list_member')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['list_name', 'kind', 'name']).doUpdateSet((row) => ({
              aws_user_id: row.ref('excluded.aws_user_id'),
              joined_at: row.ref('excluded.joined_at'),
              expires_at: row.ref('excluded.expires_at'),
              added_by: row.ref('excluded.added_by'),
              reason: row.ref('excluded.reason'),
            })),
          )
          .execute(),
      )
    })
  }

  async delete(list: string, kind: AccessListMember['kind'], name: string, at: Instant): Promise<boolean> {
    if (!isStorable(list) || !isStorable(name)) return false
    return atomically(this.#scope, async (scope) => {
      const gone = await scope.db
        .deleteFrom('access_list_member')
        .where('list_name', '=', list)
        .where('kind', '=', kind)
        .where('name', '=', name)
        .returning('expires_at')
        .executeTakeFirst()
      if (gone === undefined) return false
      await nextGeneration(scope, generationKey)
      await this.#noteLeft(scope, list, Math.min(at, gone.expires_at ?? at))
      return true
    })
  }

  /** Of the last one alone: while somebody is in it there is nothing to know, and many may leave at the same time. */
  async #noteLeft(scope: SqlScope, list: string, at: Instant): Promise<void> {
    const stays = await scope.db
      .selectFrom('access_list_member')
      .select('name')
      .where('list_name', '=', list)
      .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', at)]))
      .limit(1)
      .executeTakeFirst()
    if (stays !== undefined) return
    await scope.db
      .insertInto('list_departure')
      .values({ list_name: list, left_at: at })
      .onConflict((conflict) =>
        conflict
          .column('list_name')
          .doUpdateSet((row) => ({ left_at: row.ref('excluded.left_at') }))
          .whereRef('excluded.left_at', '>', 'list_departure.left_at'),
      )
      .execute()
  }

  async deleteList(list: string): Promise<number> {
    if (!isStorable(list)) return 0
    return atomically(this.#scope, async (scope) => {
      const result = await scope.db
        .deleteFrom('access_list_member')
        .where('list_name', '=', list)
        .executeTakeFirst()
      await scope.db.deleteFrom('list_departure').where('list_name', '=', list).execute()
      if (result.numDeletedRows > 0n) await nextGeneration(scope, generationKey)
      return Number(result.numDeletedRows)
    })
  }

  async count(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#scope.db
      .selectFrom('access_list_member')
      .select((row) => ['list_name', row.fn.countAll<number | string>().as('members')])
      .groupBy('list_name')
      .orderBy('list_name')
      .execute()
    return new Map(rows.map((row) => [row.list_name, Number(row.members)]))
  }

  async countOf(
    lists: readonly string[],
    now: Instant,
  ): Promise<ReadonlyMap<string, { readonly users: number; readonly lists: number }>> {
    const counts = new Map<string, { users: number; lists: number }>()
    await inChunks([...new Set(lists)].filter(isStorable), async (chunk) => {
      const rows = await this.#scope.db
        .selectFrom('access_list_member')
        .select((row) => ['list_name', 'kind', row.fn.countAll<number | string>().as('members')])
        .where('list_name', 'in', chunk)
        .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now)]))
        .groupBy(['list_name', 'kind'])
        .execute()
      for (const { list_name: list, kind, members } of rows) {
        const of = counts.get(list) ?? { users: 0, lists: 0 }
        of[kind === 'user' ? 'users' : 'lists'] = Number(members)
        counts.set(list, of)
      }
    })
    return counts
  }

  async lastEnds(lists: readonly string[]): Promise<ReadonlyMap<string, Instant>> {
    const { db, dialect } = this.#scope
    const rows = await db
      .selectFrom('access_list_member')
      .select(({ fn }) => [
        'list_name',
        fn.max('expires_at').as('last'),
        sql<number | string>`count(*) - count(expires_at)`.as('endless'),
      ])
      .where(dialect.isOneOf('list_name', [...new Set(lists)].filter(isStorable)))
      .groupBy('list_name')
      .execute()
    return new Map(
      rows.map(({ list_name: list, last, endless }) => [list, Number(endless) > 0 ? Infinity : (last ?? 0)]),
    )
  }

  async lastLeft(lists: readonly string[], now: Instant): Promise<ReadonlyMap<string, Instant>> {
    const left = new Map<string, Instant>()
    const add = (list: string, at: Instant | null) => {
      if (at !== null) left.set(list, Math.max(at, left.get(list) ?? at))
    }
    await inChunks([...new Set(lists)].filter(isStorable), async (chunk) => {
      const taken = await this.#scope.db
        .selectFrom('list_departure')
        .selectAll()
        .where('list_name', 'in', chunk)
        .execute()
      for (const { list_name: list, left_at: at } of taken) add(list, at)
      const ended = await this.#scope.db
        .selectFrom('access_list_member')
        .select((row) => ['list_name', row.fn.max('expires_at').as('ended_at')])
        .where('list_name', 'in', chunk)
        .where('expires_at', '<=', now)
        .groupBy('list_name')
        .execute()
      for (const { list_name: list, ended_at: at } of ended) add(list, at)
    })
    return left
  }

  generation(): Promise<number> {
    return findGeneration(this.#scope, generationKey)
  }

  #members() {
    return this.#scope.db
      .selectFrom('access_list_member')
      .selectAll()
      .orderBy('list_name')
      .orderBy('kind')
      .orderBy('name')
  }
}

function toRow(member: AccessListMember): AccessListMemberTable {
  return {
    list_name: member.list,
    kind: member.kind,
    name: member.name,
    aws_user_id: member.awsUserId ?? null,
    joined_at: member.joinedAt,
    expires_at: member.expiresAt ?? null,
    added_by: storable(member.addedBy),
    reason: storable(member.reason),
  }
}

function toMember(row: Selectable<AccessListMemberTable>): AccessListMember {
  return {
    list: row.list_name,
    kind: row.kind,
    name: row.name,
    awsUserId: row.aws_user_id ?? undefined,
    joinedAt: row.joined_at,
    expiresAt: row.expires_at ?? undefined,
    addedBy: row.added_by,
    reason: row.reason,
  }
}
