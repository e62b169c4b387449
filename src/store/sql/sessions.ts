/** @module Sessions of browsers and command lines, by the hash of what carries them. `find` is on the path of every request. */
import { sql, type Selectable } from 'kysely'
import type { Instant } from '../../core/time.js'
import type { Session, SessionStore } from '../store.js'
import type { BrowserSessionTable } from './schema/browser-session.js'
import { Prepared, type SqlScope } from './scope.js'
import { storable } from './text.js'

const findSession = new Prepared((db) =>
  db.selectFrom('browser_session').selectAll().where('token_hash', '=', ''),
)

export class SqlSessionStore implements SessionStore {
  readonly #scope: SqlScope
  constructor(scope: SqlScope) {
    this.#scope = scope
  }

  async create(session: Session): Promise<void> {
    await this.#scope.db
      .insertInto('browser_session')
      .values({
        token_hash: session.tokenHash,
        id: session.id,
        client: session.client,
        label: session.label === undefined ? null : storable(session.label),
        user_name: session.user,
        stage: session.stage,
        methods: JSON.stringify(session.methods),
        created_at: session.createdAt,
        authenticated_at: session.authenticatedAt,
        last_seen_at: session.lastSeenAt,
        expires_at: session.expiresAt,
        idle_timeout_ms: session.idleTimeoutMs ?? null,
        address: storable(session.address),
        user_agent: storable(session.userAgent),
        assumed: JSON.stringify(session.assumed),
      })
      .execute()
  }

  async find(tokenHash: string): Promise<Session | undefined> {
    const [row] = await findSession.run(this.#scope, [tokenHash])
    return row && toSession(row)
  }

  async findById(id: string): Promise<Session | undefined> {
    const row = await this.#scope.db
      .selectFrom('browser_session')
      .selectAll()
      .where('id', '=', storable(id))
      .executeTakeFirst()
    return row && toSession(row)
  }

  async touch(tokenHash: string, lastSeenAt: Instant): Promise<void> {
    await this.#scope.db
      .updateTable('browser_session')
      .set({ last_seen_at: lastSeenAt })
      .where('token_hash', '=', tokenHash)
      // Requests overtake each other; the latest one counts.
      .where('last_seen_at', '<', lastSeenAt)
      .execute()
  }

  async setAssumed(tokenHash: string, requests: readonly string[]): Promise<boolean> {
    const result = await this.#scope.db
      .updateTable('browser_session')
      .set({ assumed: JSON.stringify(requests) })
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async listByUser(user: string): Promise<Session[]> {
    const rows = await this.#scope.db
      .selectFrom('browser_session')
      .selectAll()
      .where('user_name', '=', user)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toSession)
  }

  async delete(tokenHash: string): Promise<boolean> {
    const result = await this.#scope.db
      .deleteFrom('browser_session')
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  async deleteById(user: string, id: string): Promise<boolean> {
    const result = await this.#scope.db
      .deleteFrom('browser_session')
      .where('id', '=', id)
      .where('user_name', '=', user)
      .executeTakeFirst()
    return result.numDeletedRows > 0n
  }

  async deleteByUser(user: string, exceptTokenHash?: string): Promise<number> {
    let query = this.#scope.db.deleteFrom('browser_session').where('user_name', '=', user)
    if (exceptTokenHash !== undefined) query = query.where('token_hash', '!=', exceptTokenHash)
    return Number((await query.executeTakeFirst()).numDeletedRows)
  }

  async deleteExpired(before: Instant): Promise<number> {
    const result = await this.#scope.db
      .deleteFrom('browser_session')
      .where((or) =>
        or.or([or('expires_at', '<', before), or(sql<number>`last_seen_at + idle_timeout_ms`, '<', before)]),
      )
      .executeTakeFirst()
    return Number(result.numDeletedRows)
  }
}

function toSession(row: Selectable<BrowserSessionTable>): Session {
  return {
    tokenHash: row.token_hash,
    id: row.id,
    client: row.client,
    label: row.label ?? undefined,
    user: row.user_name,
    stage: row.stage,
    methods: parseTexts(row.methods),
    createdAt: row.created_at,
    authenticatedAt: row.authenticated_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    idleTimeoutMs: row.idle_timeout_ms ?? undefined,
    address: row.address,
    userAgent: row.user_agent,
    assumed: parseTexts(row.assumed),
  }
}

function parseTexts(json: string): string[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
