/**
 * @module Claims of a provider as lists of text. What serves the protocol alone is left out: it changes with every sign-in
 * and says nothing of the person. What is no text, number or boolean, or a list of them, is left out, too.
 */
import type { Claims } from './identity.js'

const ofTheProtocol: readonly string[] = [
  'acr',
  'amr',
  'at_hash',
  'aud',
  'auth_time',
  'azp',
  'c_hash',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  's_hash',
  'sid',
]

export function readClaims(claims: Readonly<Record<string, unknown>>): Claims {
  const pairs = Object.entries(claims)
    .filter(([name]) => !ofTheProtocol.includes(name))
    .map(([name, value]) => [name, textsOf(value)] as const)
    .filter(([, values]) => values.length > 0)
  return Object.fromEntries(pairs)
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => (Array.isArray(one) ? [] : textsOf(one)))
  if (typeof value === 'string') return value === '' ? [] : [value]
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}

/** The user's name among the claims of an OIDC provider, or why there is none. */
export function readUsername(
  claims: Readonly<Record<string, unknown>>,
  rules: { readonly usernameClaim: string; readonly allowsUnverifiedEmail: boolean },
): { readonly username: string } | { readonly problem: string } {
  const { usernameClaim, allowsUnverifiedEmail } = rules
  const value = Object.hasOwn(claims, usernameClaim) ? claims[usernameClaim] : undefined
  if (typeof value !== 'string' || value === '') {
    return { problem: `the claim "${usernameClaim}", which is to be the user name, is missing or no text` }
  }
  // OIDC Core 5.1. Some providers write booleans as text.
  const verified = Object.hasOwn(claims, 'email_verified') ? claims['email_verified'] : undefined
  if (usernameClaim === 'email' && !allowsUnverifiedEmail && verified !== true && verified !== 'true') {
    return {
      problem:
        'the provider does not say that it verified the mail address (email_verified); have it say so, take another ' +
        'username_claim, or allow it (allow_unverified_email)',
    }
  }
  return { username: value }
}
