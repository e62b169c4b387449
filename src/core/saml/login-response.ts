/**
 * @module What an upstream identity provider says of a person who signs in through a SAML connector, read out of the
 * bytes that it signed (`src/saml/sp`), and not judged yet (`judge-login.ts`).
 */
import type { Instant } from '../time.js'

/** SAML Core 2.2.2. */
export interface NameId {
  readonly value: string
  readonly format: string | undefined
  readonly nameQualifier: string | undefined
  readonly spNameQualifier: string | undefined
}

/** SAML Core 2.4.1.1 and 2.4.1.2. */
export interface SubjectConfirmation {
  readonly method: string
  readonly recipient: string | undefined
  readonly inResponseTo: string | undefined
  readonly notBefore: Instant | undefined
  readonly notOnOrAfter: Instant | undefined
}

/** SAML Core 2.7.2. */
export interface AuthnStatement {
  readonly authnInstant: Instant
  readonly sessionNotOnOrAfter: Instant | undefined
  readonly classRef: string | undefined
}

/** SAML Core 2.3.3: all of it was signed. */
export interface LoginAssertion {
  readonly id: string
  readonly version: string
  readonly issuer: string
  readonly issueInstant: Instant
  readonly nameId: NameId | undefined
  readonly confirmations: readonly SubjectConfirmation[]
  readonly notBefore: Instant | undefined
  readonly notOnOrAfter: Instant | undefined
  /** Each restriction must be met by one of its audiences (SAML Core 2.5.1.4). */
  readonly audiences: readonly (readonly string[])[]
  /** Names of conditions that are none of SAML Core 2.5.1.4 to 2.5.1.6. */
  readonly unknownConditions: readonly string[]
  readonly authnStatements: readonly AuthnStatement[]
  /** Values that hold markup are left out, whole. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/** What stands around the assertion (SAML Core 3.2.2); signed only where the Response itself was. */
export interface LoginEnvelope {
  readonly version: string
  readonly issuer: string | undefined
  readonly issueInstant: Instant
  readonly destination: string | undefined
  readonly inResponseTo: string | undefined
}

export interface LoginResponse {
  readonly envelope: LoginEnvelope
  /** Whether the Response itself was signed, and not the assertion alone. */
  readonly envelopeSigned: boolean
  readonly assertion: LoginAssertion
}

/** Why nobody is signed in by a Response; stands in the event. */
export type LoginFault =
  | 'malformed'
  | 'encrypted'
  | 'signature'
  | 'status'
  | 'version'
  | 'issuer'
  | 'destination'
  | 'in_response_to'
  | 'unsolicited'
  | 'issue_instant'
  | 'confirmation'
  | 'conditions'
  | 'audience'
  | 'authn_statement'
  | 'name_id'
  | 'subject'
  | 'username'
  | 'replay'

export interface LoginRefusal {
  readonly ok: false
  readonly because: LoginFault
  /** For the log and for administrators: what is wrong, where, and how to mend it. */
  readonly says: string
}
