/**
 * @module What an adapter brings home of a sign-in at an upstream, after it has verified everything: signatures, issuer,
 * audience, times, and that the answer belongs to what was asked.
 */
import type { Instant } from '../time.js'
import type { ConnectorKind } from './connector.js'

/** Claims as lists of text. A name without a value is not there. */
export type Claims = Readonly<Record<string, readonly string[]>>

export interface UpstreamIdentity {
  readonly connector: { readonly kind: ConnectorKind; readonly name: string }
  /**
   * What the upstream never gives to a second person, with what makes it unique in the world: OIDC issuer and sub, SAML
   * NameID with its qualifiers (persistent), host and numeric id of GitHub.
   */
  readonly subject: string
  /** The name that the user has, or would have, here. */
  readonly username: string
  /** For mapping, login rules, traits, and the test mode. */
  readonly claims: Claims
  /** Whether the upstream asserts a second factor, in its own words (amr, acr, AuthnContextClassRef); for the record. */
  readonly authentication?: string
  /** The upstream session may not be believed longer than this. */
  readonly notAfter?: Instant
  /** The upstream was told to ask the person again, and says that it did. */
  readonly reauthenticated?: boolean
}

export const identityLimits = {
  /** Characters of the subject. */
  subject: 1000,
  claims: 200,
  /** Values of all claims together. */
  values: 5000,
  /** Characters of all names and values together. */
  characters: 200_000,
} as const

/** Why the claims are more than is taken from anybody, if they are. */
export function findIdentityProblem({ subject, claims }: UpstreamIdentity): string | undefined {
  if (subject === '') return 'the upstream names no subject'
  if (subject.length > identityLimits.subject)
    return `the subject has more than ${identityLimits.subject} characters`
  const entries = Object.entries(claims)
  if (entries.length > identityLimits.claims) return `there are more than ${identityLimits.claims} claims`
  let values = 0
  let characters = 0
  for (const [name, of] of entries) {
    values += of.length
    characters += name.length + of.reduce((sum, { length }) => sum + length, 0)
  }
  if (values > identityLimits.values) return `the claims have more than ${identityLimits.values} values`
  return characters > identityLimits.characters ? 'the claims are too long' : undefined
}
