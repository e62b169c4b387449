/** @module The store made of its aggregates: over the database itself, or over one transaction of it. */
import { sql } from 'kysely'
import type { Store, StoreTransaction } from '../store.js'
import { SqlAuditStore } from './audit.js'
import { SqlCliAuthorizationStore } from './cli-authorizations.js'
import { SqlCredentialStore } from './credentials.js'
import { SqlKeyStore } from './keys.js'
import { SqlLinkStore } from './links.js'
import { SqlMetaStore } from './meta.js'
import { SqlRateLimitStore } from './rate-limits.js'
import { SqlResourceStore } from './resources.js'
import { runTransaction, type SqlScope } from './scope.js'
import { SqlSessionStore } from './sessions.js'
import { SqlSignInStore } from './sign-ins.js'
import { SqlTokenStore } from './tokens.js'

class SqlAggregates implements StoreTransaction {
  readonly resources: SqlResourceStore
  readonly credentials: SqlCredentialStore
  readonly links: SqlLinkStore
  readonly sessions: SqlSessionStore
  readonly tokens: SqlTokenStore
  readonly cliAuthorizations: SqlCliAuthorizationStore
  readonly rateLimits: SqlRateLimitStore
  readonly signIns: SqlSignInStore
  readonly keys: SqlKeyStore
  readonly meta: SqlMetaStore
  readonly audit: SqlAuditStore

  constructor(scope: SqlScope) {
    this.resources = new SqlResourceStore(scope)
    this.credentials = new SqlCredentialStore(scope)
    this.links = new SqlLinkStore(scope)
    this.sessions = new SqlSessionStore(scope)
    this.tokens = new SqlTokenStore(scope)
    this.cliAuthorizations = new SqlCliAuthorizationStore(scope)
    this.rateLimits = new SqlRateLimitStore(scope)
    this.signIns = new SqlSignInStore(scope)
    this.keys = new SqlKeyStore(scope)
    this.meta = new SqlMetaStore(scope)
    this.audit = new SqlAuditStore(scope)
  }
}

export class SqlStore extends SqlAggregates implements Store {
  readonly #scope: SqlScope

  constructor(scope: SqlScope) {
    super(scope)
    this.#scope = scope
  }

  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    return runTransaction(this.#scope, (scope) => work(new SqlAggregates(scope)))
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.#scope.db)
  }

  /** Waits for what is under way, then closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.db.destroy()
  }
}
