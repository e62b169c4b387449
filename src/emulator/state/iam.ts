/**
 * @module What IAM and STS hold in each account: roles that customers made, identity providers, and credentials.
 * The roles that Identity Center makes are not stored: they follow from `ProvisionedSet`.
 */

/** A policy document as it was given; parsed where it is judged. */
export type PolicyText = string

export interface IamRole {
  readonly accountId: string
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  /** `AROA` and 17 characters. */
  readonly id: string
  readonly description?: string
  readonly maxSessionSeconds: number
  readonly trustPolicy: PolicyText
  readonly inlinePolicies: Readonly<Record<string, PolicyText>>
  /** ARNs of managed policies. */
  readonly attachedPolicies: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
}

export interface OidcProvider {
  readonly accountId: string
  /** With scheme, as it was given. */
  readonly url: string
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
}

/** The provider that Identity Center puts into each account with its first permission set. */
export interface SamlProvider {
  readonly accountId: string
  /** `AWSSSO_<16 hex digits>_DO_NOT_DELETE`. */
  readonly name: string
  readonly uuid: string
  readonly createdAt: number
}

/** An access key, long-lived or of a role session. */
export interface Credential {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Milliseconds since the epoch; absent for long-lived keys. */
  readonly expiresAt?: number
  readonly accountId: string
  /** What GetCallerIdentity says. */
  readonly arn: string
  readonly userId: string
  /** Policies of a long-lived key; absent where `roleArn` tells whose policies count. */
  readonly policies?: readonly PolicyText[]
  /** Key of the role (`<account>/<role name>`) whose policies are read at each call. */
  readonly roleKey?: string
  /** Policies given with AssumeRole, which only take away. */
  readonly sessionPolicies?: readonly PolicyText[]
}

export function roleKey(accountId: string, name: string): string {
  return `${accountId}/${name.toLowerCase()}`
}

/** ARN of a provider: the URL without its scheme. */
export function oidcProviderArn(provider: { readonly accountId: string; readonly url: string }): string {
  return `arn:aws:iam::${provider.accountId}:oidc-provider/${provider.url.replace(/^https:\/\//, '')}`
}

export function samlProviderArn(provider: { readonly accountId: string; readonly name: string }): string {
  return `arn:aws:iam::${provider.accountId}:saml-provider/${provider.name}`
}
