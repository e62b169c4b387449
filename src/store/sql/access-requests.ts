/**
 * @module Access requests. Each write counts on one counter, so that one cheap read tells plans of any change. A row
 * that cannot be read fails whoever asks for it by its id, and no list that it stands in.
 */
import {
  requestStates,
  type AccessRequest,
  type RequestState,
} from '../../core/access-request/access-request.js'
import { nextDueAt } from '../../core/access-request/due.js'
import { GatewayError } from '../../core/error.js'
import type { Instant } from '../../core/time.js'
import type { AccessRequestStore, RequestPage } from '../access-request-store.js'
import { parseRequest } from './access-request-form.js'
import { ParsedRequests } from './parsed-requests.js'
import { assertStorable } from './bulk.js'
import { findGeneration, nextGeneration } from './generation.js'
import type { AccessRequestTable } from './schema/access-request.js'
import { atomically, type SqlScope } from './scope.js'
import { isStorable } from './text.js'

const generationKey = 'store.requests.generation'
/** States in which a request gives something or still may. */
const living: readonly RequestState[] = ['pending', 'approved', 'promoted']

/** What a row says is all that it is read from, so that every store may use the same. */
const parsed = new ParsedRequests()

type Row = Pick<AccessRequestTable, 'id' | 'revision' | 'document'>

export class SqlAccessRequestStore implements AccessRequestStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async find(id: string): Promise<AccessRequest | undefined> {
    if (!isStorable(id)) return undefined
    const row = await this.#rows().where('id', '=', id).executeTakeFirst()
    return row && parseRequest(row)
  }

  async create(request: AccessRequest): Promise<void> {
    assertStorable('an access request', request.id, request.user)
    await atomically(this.#scope, async (scope) => {
      await nextGeneration(scope, generationKey)
      const result = await scope.db
        .insertInto('access_request')
        .values({ id: request.id, user_name: request.user, revision: 1, ...columnsOf(request) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst()
      if (Number(result.numInsertedOrUpdatedRows ?? 0n) > 0) return
      throw new GatewayError('ALREADY_EXISTS', `access request "${request.id}" exists already`, {
        id: request.id,
      })
    })
  }

  async update(request: AccessRequest): Promise<AccessRequest> {
    const { id, revision } = request
    assertStorable('an access request', id)
    return await atomically(this.#scope, async (scope) => {
      await nextGeneration(scope, generationKey)
      const result = await scope.db
        .updateTable('access_request')
        .set({ revision: revision + 1, ...columnsOf(request) })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .executeTakeFirst()
      if (result.numUpdatedRows > 0n) return { ...request, revision: revision + 1 }
      const stored = await scope.db
        .selectFrom('access_request')
        .select('revision')
        .where('id', '=', id)
        .executeTakeFirst()
      if (stored === undefined)
        throw new GatewayError('NOT_FOUND', `there is no access request "${id}"`, { id })
      throw new GatewayError(
        'REVISION_MISMATCH',
        `access request "${id}" was changed since you read it (you have revision ${revision}, it is now ` +
          `${stored.revision}); look at it again and decide once more`,
        { id, expectedRevision: revision, currentRevision: stored.revision },
      )
    })
  }

  async list({ user, states, limit, before }: RequestPage): Promise<AccessRequest[]> {
    if (!isStorable(user ?? '') || !isStorable(before ?? '')) return []
    // PostgreSQL has no `in ()`; no state at all is no request.
    if (states?.length === 0) return []
    let query = this.#rows()
    if (user !== undefined) query = query.where('user_name', '=', user)
    if (states !== undefined && states.length < requestStates.length)
      query = query.where('state', 'in', states)
    if (before !== undefined) {
      query = query.where('position', '<', (row) =>
        row.selectFrom('access_request as edge').select('edge.position').where('edge.id', '=', before),
      )
    }
    return readable(await query.orderBy('position', 'desc').limit(limit).execute())
  }

  async listApproved(now: Instant): Promise<AccessRequest[]> {
    const rows = await this.#rows()
      .where('state', 'in', ['approved', 'promoted'])
      .where((row) => row.or([row('ends_at', 'is', null), row('ends_at', '>', now)]))
      .orderBy('id')
      .execute()
    return readable(rows)
  }

  async countPending(user: string): Promise<number> {
    if (!isStorable(user)) return 0
    const row = await this.#scope.db
      .selectFrom('access_request')
      .select((one) => one.fn.countAll<number | string>().as('count'))
      .where('user_name', '=', user)
      .where('state', '=', 'pending')
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  async listDue(now: Instant, limit: number): Promise<AccessRequest[]> {
    const rows = await this.#rows()
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .orderBy('position')
      .limit(limit)
      .execute()
    return readable(rows)
  }

  async nextDueAt(): Promise<Instant | undefined> {
    const row = await this.#scope.db
      .selectFrom('access_request')
      .select((one) => one.fn.min<number | null>('due_at').as('next'))
      .where('due_at', 'is not', null)
      .executeTakeFirst()
    return row?.next ?? undefined
  }

  async listUnreadable(): Promise<{ readonly id: string; readonly says: string }[]> {
    const rows = await this.#rows().where('state', 'in', living).orderBy('position').execute()
    return rows.flatMap((row) => {
      const { problem } = read(row)
      return problem === undefined ? [] : [{ id: row.id, says: problem.message }]
    })
  }

  async delete(id: string): Promise<boolean> {
    if (!isStorable(id)) return false
    return await atomically(this.#scope, async (scope) => {
      const result = await scope.db.deleteFrom('access_request').where('id', '=', id).executeTakeFirst()
      if (result.numDeletedRows === 0n) return false
      await nextGeneration(scope, generationKey)
      return true
    })
  }

  generation(): Promise<number> {
    return findGeneration(this.#scope, generationKey)
  }

  #rows() {
    return this.#scope.db.selectFrom('access_request').select(['id', 'revision', 'document'])
  }
}

function columnsOf(request: AccessRequest) {
  const { revision: _, ...document } = request
  return {
    state: request.state,
    due_at: nextDueAt(request) ?? null,
    ends_at: request.endsAt ?? null,
    // JSON escapes what an engine could not keep.
    document: JSON.stringify(document),
  }
}

function readable(rows: readonly Row[]): AccessRequest[] {
  return rows.flatMap((row) => read(row).request ?? [])
}

function read(row: Row): { readonly request?: AccessRequest; readonly problem?: GatewayError } {
  try {
    return { request: parsed.parse(row) }
  } catch (error) {
    if (error instanceof GatewayError) return { problem: error }
    throw error
  }
}
