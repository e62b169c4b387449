/**
 * @module What Gatehouse remembers, one interface for each aggregate. The only implementation is `store/sql`,
 * over SQLite and PostgreSQL; both pass `test/store/conformance.ts`. Stores keep and find, they decide nothing.
 * Secrets arrive here sealed or hashed. Instants are epoch milliseconds given by the caller; a store has no clock.
 */
import type { RecoveryCodeStore } from './recovery-code-store.js'
import type { AuditSinkStore } from './audit-sink-store.js'
import type { AuditStore } from './audit-store.js'
import type { MfaMethod, MfaProof } from '../core/mfa/proof.js'
import type { Instant } from '../core/time.js'
import type { OutboxStore, ReviewStore } from './access-list-store.js'
import type { AccessRequestStore, OnCallStore, ShelfStore } from './access-request-store.js'
import type {
  AccessListMemberStore,
  ApprovalStore,
  ChangeStore,
  LeaseStore,
  LedgerStore,
  NoteStore,
  ObservationStore,
  PrincipalLinkStore,
  ScimTokenStore,
} from './identity-center-store.js'
import type { DeviceStore } from './device-store.js'
import type { ConnectorStore } from './connector-store.js'
import type { DirectoryStore } from './directory-store.js'
import type { PasskeyStore } from './passkey-store.js'
import type { SamlConnectorStore } from './saml-connector-store.js'

export type {
  DeviceAnswer,
  DeviceChallenge,
  DeviceEnrollToken,
  DeviceKey,
  DeviceStore,
} from './device-store.js'
export type { ConnectorIdentity, ConnectorSignIn, ConnectorStore, ConnectorTest } from './connector-store.js'
export type { AuditSinkStore, SinkPlace, SinkPosition, SinkTrouble } from './audit-sink-store.js'
export type { DirectoryHold, DirectoryResource, DirectoryStore, DirectoryToken } from './directory-store.js'
export type {
  AuditCount,
  AuditFilter,
  AuditStore,
  AuditSummary,
  AuditSummaryFilter,
  ChainedEvent,
  ChainHead,
} from './audit-store.js'
export type { Passkey, PasskeyChallenge, PasskeyPurpose, PasskeyStore } from './passkey-store.js'
export type { SamlConnectorStore, StoredMetadata } from './saml-connector-store.js'
export type {
  FinishedDecision,
  FinishedReview,
  OutboxCount,
  OutboxDelivery,
  OutboxLine,
  OutboxMessage,
  OutboxStore,
  ReviewDecision,
  ReviewStore,
} from './access-list-store.js'
export type { RecoveryCodesLeft, RecoveryCodeStore } from './recovery-code-store.js'
export type {
  AccessRequestStore,
  OnCallStore,
  RequestPage,
  ShelfItem,
  ShelfStore,
} from './access-request-store.js'
export type {
  AccessListMemberStore,
  ApprovalStore,
  ChangeRecord,
  ChangeStore,
  CountedChange,
  Lease,
  LeaseStore,
  LedgerStore,
  NoteStore,
  ObservationStore,
  PrincipalLinkStore,
  ScimToken,
  ScimTokenStore,
  SeenKind,
  SeenObject,
} from './identity-center-store.js'

/** The name of a kind; `src/kinds` knows which there are. */
export type ResourceKind = string

/** A resource as its author wrote it: the document with `kind`, `version`, `metadata`, `spec`. */
export interface StoredResource {
  readonly kind: ResourceKind
  readonly name: string
  /** Opaque; changes with every write. */
  readonly revision: string
  readonly document: unknown
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** As audit events name whoever wrote it last; undefined where that is not known. */
  readonly updatedBy?: string | undefined
}

export interface ResourceStore {
  find(kind: ResourceKind, name: string): Promise<StoredResource | undefined>
  /** By name, ascending; `after` is exclusive. */
  list(kind: ResourceKind, page?: { after?: string; limit?: number }): Promise<StoredResource[]>
  /**
   * `uniqueKey` is unique within the kind (the entity ID of a service provider).
   * @throws GatewayError `ALREADY_EXISTS` for a taken name or unique key.
   */
  create(resource: {
    kind: ResourceKind
    name: string
    document: unknown
    uniqueKey?: string
    now: Instant
    by?: string
  }): Promise<StoredResource>
  /** @throws GatewayError `NOT_FOUND`, `REVISION_MISMATCH` (with both revisions in the details), `ALREADY_EXISTS`. */
  update(resource: {
    kind: ResourceKind
    name: string
    expectedRevision: string
    document: unknown
    uniqueKey?: string
    now: Instant
    by?: string
  }): Promise<StoredResource>
  /** @throws GatewayError `NOT_FOUND`, `REVISION_MISMATCH`. */
  delete(resource: { kind: ResourceKind; name: string; expectedRevision: string }): Promise<void>
  /** Those that were written after this generation, by kind and name; what was deleted since is not told. */
  listSince(generation: number): Promise<StoredResource[]>
  /** How many there are of each kind that has any. */
  count(): Promise<ReadonlyMap<ResourceKind, number>>
  /** In the order of {@link list}. */
  listNames(kind: ResourceKind): Promise<string[]>
  /** Grows with every committed write to any resource, on any replica: caches of parsed resources key on it. */
  generation(): Promise<number>
}

/** Local credentials of one user: the password hash and the sealed TOTP seeds. */
export interface PasswordCredential {
  readonly user: string
  readonly hash: string
  readonly changedAt: Instant
}
export interface TotpCredential {
  readonly id: string
  readonly user: string
  readonly label: string
  readonly sealedSeed: string
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | undefined
  /** Highest RFC 6238 time step accepted so far; a code at or below it is spent. */
  readonly lastStep: number
}

export interface CredentialStore {
  findPassword(user: string): Promise<PasswordCredential | undefined>
  putPassword(credential: PasswordCredential): Promise<void>
  listTotp(user: string): Promise<TotpCredential[]>
  addTotp(credential: TotpCredential): Promise<void>
  /** Compare-and-set: true only if `step` is above the stored `lastStep`, so that a code works once. */
  spendTotpStep(id: string, step: number, now: Instant): Promise<boolean>
  renameTotp(user: string, id: string, label: string): Promise<boolean>
  deleteTotp(user: string, id: string): Promise<boolean>
  /** For every user with a credential: whether there is a password, and how many factors, passkeys among them. */
  summarise(): Promise<Map<string, { readonly hasPassword: boolean; readonly factors: number }>>
  /** Forgets password and factors of a user. */
  deleteAll(user: string): Promise<void>
}

/** A one-time link: first administrator, invitation or reset. Only the hash of its token is kept. */
export interface OneTimeLink {
  readonly tokenHash: string
  readonly kind: 'invite' | 'reset'
  readonly user: string
  readonly createdBy: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly usedAt: Instant | undefined
}

export interface LinkStore {
  create(link: OneTimeLink): Promise<void>
  find(tokenHash: string): Promise<OneTimeLink | undefined>
  /** Marks an unused, unexpired link as used; false when it was used, expired or never existed. */
  use(tokenHash: string, now: Instant): Promise<boolean>
  /** Ends every unused link of this user, as a newer one replaces them. */
  revokeAll(user: string): Promise<void>
  deleteExpired(before: Instant): Promise<number>
}

/** A session of a person. What carries it is never stored, only its SHA-256. */
export interface Session {
  readonly tokenHash: string
  /** Public handle, shown in settings and written to audit events. */
  readonly id: string
  /** What carries it: the cookie of a browser, or the bearer token of a command line. Neither opens the other. */
  readonly client: 'browser' | 'cli'
  /** What a command line calls its machine; undefined for a browser. */
  readonly label: string | undefined
  readonly user: string
  /** `password`: waits for the second factor and opens nothing. */
  readonly stage: 'password' | 'full'
  readonly methods: readonly string[]
  readonly createdAt: Instant
  /** When the person last proved who they are; ForceAuthn compares with it. */
  readonly authenticatedAt: Instant
  readonly lastSeenAt: Instant
  readonly expiresAt: Instant
  readonly idleTimeoutMs: number | undefined
  readonly address: string
  readonly userAgent: string
  /** Ids of the access requests whose roles count in it, as long as they give access. */
  readonly assumed: readonly string[]
}

export interface SessionStore {
  create(session: Session): Promise<void>
  find(tokenHash: string): Promise<Session | undefined>
  /** By its public id, whoever's it is. */
  findById(id: string): Promise<Session | undefined>
  touch(tokenHash: string, lastSeenAt: Instant): Promise<void>
  /** In place of those that it had. False where there is no such session. */
  setAssumed(tokenHash: string, requests: readonly string[]): Promise<boolean>
  listByUser(user: string): Promise<Session[]>
  delete(tokenHash: string): Promise<boolean>
  /** Ends one session of a user by its public id. */
  deleteById(user: string, id: string): Promise<boolean>
  deleteByUser(user: string, exceptTokenHash?: string): Promise<number>
  deleteExpired(before: Instant): Promise<number>
}

/** The secret of a machine user; the resource of kind `token` says its roles and when it ends. */
export interface TokenSecret {
  /** Name of the token resource. */
  readonly name: string
  readonly tokenHash: string
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | undefined
  readonly lastUsedFrom: string | undefined
}

export interface TokenStore {
  find(tokenHash: string): Promise<TokenSecret | undefined>
  /** By the name of the resource. */
  list(): Promise<TokenSecret[]>
  /** In place of any earlier one of this name. */
  put(secret: TokenSecret): Promise<void>
  touch(tokenHash: string, use: { readonly at: Instant; readonly from: string }): Promise<void>
  delete(name: string): Promise<boolean>
}

/** A command line that waits for its person's consent to be redeemed (RFC 7636). */
export interface CliAuthorization {
  readonly codeHash: string
  readonly user: string
  /** The browser session that agreed. */
  readonly sessionId: string
  readonly challenge: string
  readonly port: number
  readonly host: string
  readonly expiresAt: Instant
}

export interface CliAuthorizationStore {
  create(authorization: CliAuthorization): Promise<void>
  /** Takes it out, so that a code works once whatever comes of it. */
  take(codeHash: string): Promise<CliAuthorization | undefined>
  deleteExpired(before: Instant): Promise<number>
}

export interface MfaProofStore {
  /** Under the hash of what carries it. @throws GatewayError `INVALID_INPUT` for text that cannot be stored. */
  create(tokenHash: string, proof: MfaProof): Promise<void>
  find(tokenHash: string): Promise<MfaProof | undefined>
  /** Marks what the proof was given for as spent; false when it was, or is not of this proof. */
  spend(tokenHash: string, subject: string, now: Instant): Promise<boolean>
  deleteExpired(before: Instant): Promise<number>
}

export interface RateLimitState {
  readonly count: number
  readonly windowEndsAt: Instant
}

export interface RateLimitStore {
  /** Counts one hit on `key`; a window that has ended starts anew. Atomic on both engines. */
  hit(key: string, windowMs: number, now: Instant): Promise<RateLimitState>
  /** Takes one hit back from the window that ends then; a later window and an empty one stay as they are. */
  takeBack(key: string, windowEndsAt: Instant): Promise<void>
  find(key: string, now: Instant): Promise<RateLimitState | undefined>
  clear(key: string): Promise<void>
  deleteExpired(before: Instant): Promise<number>
}

export interface PendingDevice {
  /** Of the browser session that it counts in. */
  readonly sessionId: string
  readonly at: Instant
  /** Undefined: the person went on without. */
  readonly proof:
    { readonly device: string; readonly keyId: string; readonly way: 'loopback' | 'code' } | undefined
}

/** A sign-in that a service provider (or a tile) asked for and that waits for its person. */
export interface PendingSignIn {
  readonly handleHash: string
  readonly initiatedBy: 'sp' | 'idp'
  readonly serviceProvider: string
  readonly entityId: string
  /** ID of the AuthnRequest; undefined when IdP-initiated. */
  readonly requestId: string | undefined
  readonly acsUrl: string
  /** RelayState exactly as it came; undefined where none came. */
  readonly relayState: string | undefined
  readonly forceAuthn: boolean
  readonly isPassive: boolean
  readonly nameIdFormat: string | undefined
  /** The request itself asked for a second factor (RequestedAuthnContext). */
  readonly asksSecondFactor: boolean
  readonly receivedAt: Instant
  readonly expiresAt: Instant
  readonly answeredAt: Instant | undefined
  /** Session MFA done for this sign-in: bound to one session, spent by the answer. */
  readonly mfa: { readonly sessionId: string; readonly method: MfaMethod; readonly at: Instant } | undefined
  /** The device that vouched for this sign-in, or that the person goes without where none is required. */
  readonly device?: PendingDevice | undefined
}

export interface SignIn {
  readonly user: string
  /** By its name as a resource. */
  readonly serviceProvider: string
  readonly at: Instant
}

export interface SignInStore {
  create(pending: PendingSignIn): Promise<void>
  find(handleHash: string): Promise<PendingSignIn | undefined>
  recordMfa(handleHash: string, mfa: NonNullable<PendingSignIn['mfa']>): Promise<void>
  recordDevice(handleHash: string, device: PendingDevice): Promise<void>
  /**
   * Marks the sign-in answered and remembers (entityId, requestId) for `rememberUntil`: true exactly once for
   * each request ID of a service provider, however often the request arrives.
   */
  answer(handleHash: string, now: Instant, rememberUntil: Instant): Promise<boolean>
  /** Whether this request of this service provider was answered before. */
  isAnswered(entityId: string, requestId: string): Promise<boolean>
  /** Remembers that the user signed in to the service provider; an earlier instant than is known changes nothing. */
  recordSignIn(signIn: SignIn): Promise<void>
  /** When each of these users, where they ever did, last signed in to any of these service providers. */
  lastSignIns(
    users: readonly string[],
    serviceProviders: readonly string[],
  ): Promise<ReadonlyMap<string, Instant>>
  /** Forgets when the user signed in. */
  forgetSignIns(user: string): Promise<void>
  deleteExpired(before: Instant): Promise<number>
}

/** `oidc`: the tokens by which we sign in to AWS, and nothing else (T13). */
export type KeyPurpose = 'saml' | 'audit' | 'oidc'

export interface StoredKey {
  readonly id: string
  readonly purpose: KeyPurpose
  /** `current` signs; `next` and `current` are published; `retired` is kept to verify. */
  readonly state: 'current' | 'next' | 'retired'
  readonly sealedPrivateKey: string
  readonly publicKeyPem: string
  readonly certificatePem: string | undefined
  readonly createdAt: Instant
  readonly notAfter: Instant | undefined
}

export interface KeyStore {
  list(purpose: KeyPurpose): Promise<StoredKey[]>
  create(key: StoredKey): Promise<void>
  setState(id: string, state: StoredKey['state']): Promise<void>
  delete(id: string): Promise<boolean>
}

export interface MetaStore {
  find(key: string): Promise<string | undefined>
  /** Keeps the first value: answers what is stored afterwards. */
  putIfAbsent(key: string, value: string): Promise<string>
  put(key: string, value: string): Promise<void>
}

/** Everything that may be read and written together. */
export interface StoreTransaction {
  readonly resources: ResourceStore
  readonly credentials: CredentialStore
  readonly passkeys: PasskeyStore
  readonly devices: DeviceStore
  readonly links: LinkStore
  readonly sessions: SessionStore
  readonly tokens: TokenStore
  readonly cliAuthorizations: CliAuthorizationStore
  readonly connectors: ConnectorStore
  readonly samlConnectors: SamlConnectorStore
  readonly mfaProofs: MfaProofStore
  readonly recoveryCodes: RecoveryCodeStore
  readonly rateLimits: RateLimitStore
  readonly signIns: SignInStore
  readonly keys: KeyStore
  readonly meta: MetaStore
  readonly audit: AuditStore
  readonly auditSinks: AuditSinkStore
  readonly members: AccessListMemberStore
  readonly reviews: ReviewStore
  readonly outbox: OutboxStore
  readonly accessRequests: AccessRequestStore
  readonly shelf: ShelfStore
  readonly onCall: OnCallStore
  readonly observations: ObservationStore
  readonly principalLinks: PrincipalLinkStore
  readonly ledger: LedgerStore
  readonly changes: ChangeStore
  readonly approvals: ApprovalStore
  readonly leases: LeaseStore
  readonly scimTokens: ScimTokenStore
  readonly notes: NoteStore
  readonly directories: DirectoryStore
}

export interface Store extends StoreTransaction, AsyncDisposable {
  /** All of `work` is committed durably, or none of it. `work` may run again after a serialisation conflict. */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>
  /** A cheap question to the engine, for `/readyz`. @throws when the store cannot answer. */
  ping(): Promise<void>
}
