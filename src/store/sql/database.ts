/** @module The store made of its aggregates: over the database itself, or over one transaction of it. */
import { sql } from 'kysely'
import type { Store, StoreTransaction } from '../store.js'
import { SqlAccessListMemberStore } from './access-list-members.js'
import { SqlAccessRequestStore } from './access-requests.js'
import { SqlApprovalStore } from './approvals.js'
import { SqlAuditSinkStore } from './audit-sinks.js'
import { SqlAuditStore } from './audit.js'
import { SqlChangeStore } from './changes.js'
import { SqlCliAuthorizationStore } from './cli-authorizations.js'
import { SqlConnectorStore } from './connectors.js'
import { SqlCredentialStore } from './credentials.js'
import { SqlDirectoryStore } from './directories.js'
import { SqlKeyStore } from './keys.js'
import { SqlLeaseStore } from './leases.js'
import { SqlLedgerStore } from './ledger.js'
import { SqlLinkStore } from './links.js'
import { SqlMetaStore } from './meta.js'
import { SqlMfaProofStore } from './mfa-proofs.js'
import { SqlNoteStore } from './notes.js'
import { SqlObservationStore } from './observations.js'
import { SqlOnCallStore } from './on-call.js'
import { SqlOutboxStore } from './outbox.js'
import { SqlDeviceStore } from './devices.js'
import { SqlPasskeyStore } from './passkeys.js'
import { SqlPrincipalLinkStore } from './principal-links.js'
import { SqlRateLimitStore } from './rate-limits.js'
import { SqlResourceStore } from './resources.js'
import { SqlReviewStore } from './reviews.js'
import { SqlSamlConnectorStore } from './saml-connectors.js'
import { SqlScimTokenStore } from './scim-tokens.js'
import { runTransaction, type SqlScope } from './scope.js'
import { SqlSessionStore } from './sessions.js'
import { SqlShelfStore } from './shelf.js'
import { SqlRecoveryCodeStore } from './recovery-codes.js'
import { SqlSignInStore } from './sign-ins.js'
import { SqlTokenStore } from './tokens.js'

export class SqlAggregates implements StoreTransaction {
  readonly resources: SqlResourceStore
  readonly credentials: SqlCredentialStore
  readonly passkeys: SqlPasskeyStore
  readonly devices: SqlDeviceStore
  readonly links: SqlLinkStore
  readonly sessions: SqlSessionStore
  readonly tokens: SqlTokenStore
  readonly cliAuthorizations: SqlCliAuthorizationStore
  readonly connectors: SqlConnectorStore
  readonly samlConnectors: SqlSamlConnectorStore
  readonly mfaProofs: SqlMfaProofStore
  readonly recoveryCodes: SqlRecoveryCodeStore
  readonly rateLimits: SqlRateLimitStore
  readonly signIns: SqlSignInStore
  readonly keys: SqlKeyStore
  readonly meta: SqlMetaStore
  readonly audit: SqlAuditStore
  readonly auditSinks: SqlAuditSinkStore
  readonly members: SqlAccessListMemberStore
  readonly reviews: SqlReviewStore
  readonly outbox: SqlOutboxStore
  readonly accessRequests: SqlAccessRequestStore
  readonly shelf: SqlShelfStore
  readonly onCall: SqlOnCallStore
  readonly observations: SqlObservationStore
  readonly principalLinks: SqlPrincipalLinkStore
  readonly ledger: SqlLedgerStore
  readonly changes: SqlChangeStore
  readonly approvals: SqlApprovalStore
  readonly leases: SqlLeaseStore
  readonly scimTokens: SqlScimTokenStore
  readonly notes: SqlNoteStore
  readonly directories: SqlDirectoryStore

  constructor(scope: SqlScope) {
    this.resources = new SqlResourceStore(scope)
    this.credentials = new SqlCredentialStore(scope)
    this.passkeys = new SqlPasskeyStore(scope)
    this.devices = new SqlDeviceStore(scope)
    this.links = new SqlLinkStore(scope)
    this.sessions = new SqlSessionStore(scope)
    this.tokens = new SqlTokenStore(scope)
    this.cliAuthorizations = new SqlCliAuthorizationStore(scope)
    this.connectors = new SqlConnectorStore(scope)
    this.samlConnectors = new SqlSamlConnectorStore(scope)
    this.mfaProofs = new SqlMfaProofStore(scope)
    this.recoveryCodes = new SqlRecoveryCodeStore(scope)
    this.rateLimits = new SqlRateLimitStore(scope)
    this.signIns = new SqlSignInStore(scope)
    this.keys = new SqlKeyStore(scope)
    this.meta = new SqlMetaStore(scope)
    this.audit = new SqlAuditStore(scope)
    this.auditSinks = new SqlAuditSinkStore(scope)
    this.members = new SqlAccessListMemberStore(scope)
    this.reviews = new SqlReviewStore(scope)
    this.outbox = new SqlOutboxStore(scope)
    this.accessRequests = new SqlAccessRequestStore(scope)
    this.shelf = new SqlShelfStore(scope)
    this.onCall = new SqlOnCallStore(scope)
    this.observations = new SqlObservationStore(scope)
    this.principalLinks = new SqlPrincipalLinkStore(scope)
    this.ledger = new SqlLedgerStore(scope)
    this.changes = new SqlChangeStore(scope)
    this.approvals = new SqlApprovalStore(scope)
    this.leases = new SqlLeaseStore(scope)
    this.scimTokens = new SqlScimTokenStore(scope)
    this.notes = new SqlNoteStore(scope)
    this.directories = new SqlDirectoryStore(scope)
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
