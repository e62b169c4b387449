/**
 * @module The `Principal` of a statement of a trust policy.
 */
import type { PrincipalPatterns } from './policy.js'
import { PolicyError } from './policy-error.js'
import { objectOf, textsOf } from './policy-json.js'

const forms = {
  AWS: /^(\*|\d{12}|arn:aws:iam::\d{12}:(root|(user|role)\/[!-~]{1,512})|arn:aws:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+)$/,
  Federated: /^(\*|[A-Za-z0-9.-]+|arn:aws:iam::\d{12}:(oidc-provider|saml-provider)\/[!-~]{1,255})$/,
  Service: /^(\*|[a-z0-9.-]+)$/,
}

/** @throws PolicyError where it is missing or has another form */
export function parsePrincipals(given: unknown): PrincipalPatterns {
  if (given === undefined) throw new PolicyError('Missing required field Principal')
  // Everybody at AWS, as {"AWS": "*"} says it.
  if (given === '*') return { aws: ['*'], federated: [], service: [] }
  const kinds = objectOf(given, 'Principal')
  const other = Object.keys(kinds).find((kind) => !Object.hasOwn(forms, kind))
  if (other !== undefined) throw new PolicyError(`Principals of the kind "${other}" are not emulated.`)
  if (Object.keys(kinds).length === 0) throw new PolicyError('Missing required field Principal')
  return {
    aws: parse('AWS', kinds['AWS']),
    federated: parse('Federated', kinds['Federated']),
    service: parse('Service', kinds['Service']),
  }
}

function parse(kind: keyof typeof forms, given: unknown): readonly string[] {
  if (given === undefined) return []
  const found = textsOf(given, `Principal.${kind}`)
  const wrong = found.find((text) => !forms[kind].test(text) || (text.includes('*') && text !== '*'))
  if (wrong !== undefined) throw new PolicyError(`Invalid principal in policy: "${kind}":"${wrong}"`)
  return found
}
