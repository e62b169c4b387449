/**
 * @module What is kept of sign-ins through connectors: who a subject of an upstream is here, what waits between the
 * redirect and the answer, and tests of connectors. In the store, for any replica may get the answer.
 */
import type { ConnectorKind } from '../core/connector/connector.js'
import type { Instant } from '../core/time.js'

/** The binding of a subject of an upstream to a user: as long as the user exists, nobody else is that subject. */
export interface ConnectorIdentity {
  /** By the name that is unique over the kinds. */
  readonly connector: string
  readonly subject: string
  readonly user: string
  readonly boundAt: Instant
  readonly lastSeenAt: Instant
  /** Names of the traits that its last sign-in gave, which the next one replaces. */
  readonly traits: readonly string[]
}

/** A sign-in that was sent to an upstream and waits for its answer. */
export interface ConnectorSignIn {
  readonly stateHash: string
  readonly connector: { readonly kind: ConnectorKind; readonly name: string }
  /** Of the cookie of the browser that began it. */
  readonly browserHash: string
  /** What the adapter needs for the answer, sealed: nonce and verifier, or the ID of the AuthnRequest. */
  readonly sealed: string
  /** Where the browser goes on afterwards: a path of ours. */
  readonly next: string | undefined
  /** The upstream was told to ask the person again. */
  readonly reauthenticates: boolean
  /** The test that it belongs to; it signs nobody in. */
  readonly test: string | undefined
  /** An answer that came without the cookie, sealed, until the browser comes with it. */
  readonly answer: string | undefined
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

export interface ConnectorTest {
  /** Public handle. */
  readonly id: string
  readonly connector: { readonly kind: ConnectorKind; readonly name: string }
  /** Who may see what came of it. */
  readonly user: string
  readonly state: 'open' | 'begun' | 'done'
  /** JSON; undefined until it is done. */
  readonly result: string | undefined
  readonly expiresAt: Instant
}

export interface ConnectorStore {
  findIdentity(connector: string, subject: string): Promise<ConnectorIdentity | undefined>
  findIdentityOf(user: string): Promise<ConnectorIdentity | undefined>
  /**
   * In place of what the user had, if it is the same subject.
   * @throws GatewayError `CONFLICT` where user or subject is bound otherwise, `INVALID_INPUT` for text that cannot be stored.
   */
  putIdentity(identity: ConnectorIdentity): Promise<void>
  forgetIdentity(user: string): Promise<void>

  createSignIn(signIn: ConnectorSignIn): Promise<void>
  findSignIn(stateHash: string): Promise<ConnectorSignIn | undefined>
  /** Keeps the sealed answer; false where there is one already, or no such sign-in. */
  keepAnswer(stateHash: string, sealed: string): Promise<boolean>
  /** Takes it out, so that a state is answered once whatever comes of it. */
  takeSignIn(stateHash: string): Promise<ConnectorSignIn | undefined>

  createTest(test: ConnectorTest): Promise<void>
  findTest(id: string): Promise<ConnectorTest | undefined>
  /** From `open` to `begun`: true exactly once. */
  beginTest(id: string): Promise<boolean>
  /** From `begun` to `done`. */
  finishTest(id: string, result: string): Promise<boolean>
  deleteExpired(before: Instant): Promise<number>
}
