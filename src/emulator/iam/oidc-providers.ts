/**
 * @module OpenID Connect providers of an account: the issuers whose tokens its roles may trust, and what IAM takes
 * about them.
 */
import type { Call } from '../aws/operation.js'
import type { OidcProvider } from '../state/iam.js'
import type { Tables } from '../state/tables.js'
import { invalidInput, noSuchEntity, quotaExceeded, validationError } from './errors.js'

const maxClientIds = 100
const maxThumbprints = 5

/** A provider as reads see it. @throws AwsError */
export function findOidcProvider(call: Call, arn: string): OidcProvider {
  return lookUp(call.context.readable(), call, arn)
}

/** A provider that the caller is about to change. @throws AwsError */
export function oidcProviderToChange(call: Call, arn: string): OidcProvider {
  return lookUp(call.context.state.tables, call, arn)
}

/** Another account's provider is not there for the caller. */
function lookUp(tables: Tables, { caller }: Call, arn: string): OidcProvider {
  if (!/^arn:aws:iam::\d{12}:oidc-provider\/./.test(arn)) throw invalidInput(`ARN ${arn} is not valid.`)
  const provider = tables.oidcProviders.get(arn)
  if (provider?.accountId !== caller.accountId) {
    throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`)
  }
  return provider
}

/** `https`, a host, perhaps a path: no port, no query, no fragment, nobody's name. @throws AwsError */
export function checkProviderUrl(url: string): void {
  if (!/^https:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253})(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$/.test(url)) {
    throw validationError('Invalid Open ID Connect Provider URL')
  }
}

/** @throws AwsError where there are more than IAM takes */
export function checkClientIds(clientIds: readonly string[]): void {
  if (clientIds.length > maxClientIds) {
    throw quotaExceeded('ClientIdsPerOpenIdConnectProvider', maxClientIds)
  }
}

/** @throws AwsError unless each is a SHA-1 digest in hexadecimal, and there are few */
export function checkThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > maxThumbprints) {
    throw invalidInput(`Thumbprint list must contain at most ${maxThumbprints} entries.`)
  }
  if (!thumbprints.every((thumbprint) => /^[0-9A-Fa-f]{40}$/.test(thumbprint))) {
    throw invalidInput('Thumbprint must be 40 hexadecimal digits.')
  }
}
