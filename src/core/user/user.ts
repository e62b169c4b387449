/**
 * @module A person known to the gateway: name, roles and traits. Traits are set by administrators and
 * connectors, never by the person, so roles and assertion attributes may rest on them.
 */

/** Multi-valued attributes of a user, used in rules and assertions. */
export type Traits = Readonly<Record<string, readonly string[]>>

export interface User {
  /** Unique name. For AWS it equals the Identity Center userName and is written as the SAML NameID. */
  readonly name: string
  readonly roles: readonly string[]
  readonly traits: Traits
  /** What made this user: the local directory, or a connector that alone may sign this name in. */
  readonly origin: { readonly kind: 'local' } | { readonly kind: 'connector'; readonly connector: string }
}

/** Who acts without being a person: the gateway itself, and the operator of its machine. No user has such a name. */
export const systemNames: readonly string[] = ['system', 'operator']

/**
 * One form for all spellings of a name that people take for the same: compatible characters (NFKC) and case. Upper
 * case comes first because it also joins letters such as ß and ss, ς and σ. For comparing, never for storing.
 */
export function foldName(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}
