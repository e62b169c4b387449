/**
 * @module Types at the edge of the SAML room. The room parses hostile XML into these values and writes signed
 * XML from them; what an assertion says and whether a request is acceptable is decided in `core/saml`.
 */
import type { SuccessContent } from '../core/saml/assertion.js'
import type { Attribute } from '../core/saml/attributes.js'
import type { JudgedRequest } from '../core/saml/judge-request.js'
import type { Instant } from '../core/time.js'

export type Binding = 'redirect' | 'post'

/** An AuthnRequest (SAML Core 3.4.1) as it arrived, well-formed and of bounded size, otherwise unjudged. */
export interface AuthnRequest extends JudgedRequest {
  readonly id: string
  readonly forceAuthn: boolean
  readonly isPassive: boolean
}

export type SignatureState =
  | { readonly state: 'unsigned' }
  /** Signed by one of the given certificates, over exactly what was parsed. */
  | { readonly state: 'valid' }
  | { readonly state: 'invalid'; readonly because: string }

/** Everything a success Response says; written by `sign-response.ts` byte for byte in canonical form. */
export type ResponseContent = SuccessContent
export type AssertionAttribute = Attribute

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
