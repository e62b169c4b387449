/**
 * @module Types at the edge of the SAML room. The room parses hostile XML into these values and writes signed
 * XML from them; what an assertion says and whether a request is acceptable is decided in `core/saml`.
 */
import type { Instant } from '../core/time.js'

export type Binding = 'redirect' | 'post'

/** An AuthnRequest (SAML Core 3.4.1) as it arrived, well-formed and of bounded size, otherwise unjudged. */
export interface AuthnRequest {
  readonly id: string
  readonly issuer: string
  readonly version: string
  readonly issueInstant: Instant
  readonly destination: string | undefined
  readonly acsUrl: string | undefined
  readonly acsIndex: number | undefined
  readonly protocolBinding: string | undefined
  readonly forceAuthn: boolean
  readonly isPassive: boolean
  readonly nameIdFormat: string | undefined
  readonly spNameQualifier: string | undefined
  readonly requestedAuthnContext: readonly string[]
}

export type SignatureState =
  | { readonly state: 'unsigned' }
  /** Signed by one of the given certificates, over exactly what was parsed. */
  | { readonly state: 'valid' }
  | { readonly state: 'invalid'; readonly because: string }

export interface AssertionAttribute {
  readonly name: string
  readonly nameFormat: string
  readonly values: readonly string[]
}

/** Everything a success Response says; written by `sign-response.ts` byte for byte in canonical form. */
export interface ResponseContent {
  readonly responseId: string
  readonly assertionId: string
  readonly issueInstant: Instant
  /** Entity ID of the identity provider. */
  readonly issuer: string
  /** The ACS: Destination of the Response and Recipient of the subject confirmation. */
  readonly acsUrl: string
  readonly inResponseTo: string | undefined
  readonly audience: string
  readonly nameId: string
  readonly nameIdFormat: string
  readonly notBefore: Instant
  readonly notOnOrAfter: Instant
  readonly authnInstant: Instant
  readonly sessionIndex: string
  readonly sessionNotOnOrAfter: Instant
  readonly authnContextClassRef: string
  readonly attributes: readonly AssertionAttribute[]
}

/** A Response that carries a status instead of an assertion (SAML Core 3.2.2). */
export interface StatusResponseContent {
  readonly responseId: string
  readonly issueInstant: Instant
  readonly issuer: string
  readonly acsUrl: string
  readonly inResponseTo: string | undefined
  /** Full URNs: top-level code, then the second-level code where there is one. */
  readonly statusCode: string
  readonly subStatusCode: string | undefined
  readonly message: string | undefined
}
