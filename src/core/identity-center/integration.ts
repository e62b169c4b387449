/**
 * @module An integration: who we are to AWS when we sign in there with tokens of our own issuer. The role's trust policy
 * has exact conditions on the audience and the subject that are made here (T13). The YAML form is `kinds/integration`.
 */

/** The audience by AWS's own habit. */
export const defaultAudience = 'sts.amazonaws.com'

export interface Integration {
  readonly name: string
  /** Undefined until the set-up script ran and somebody entered what it printed. */
  readonly roleArn: string | undefined
  readonly audience: string
  /** Of static files on a public host; undefined where AWS can reach the gateway by its public URL. */
  readonly issuer: string | undefined
}

/**
 * The `sub` of this integration's tokens, exact and never matched by a pattern: of one cluster and one integration, so
 * that neither another gateway nor another integration of this one is taken for it. STS wants 6 characters at least.
 */
export function integrationSubject(integration: string, clusterName: string): string {
  return `gatehouse:${encodeURIComponent(clusterName)}:integration:${encodeURIComponent(integration)}`
}

/** Where AWS reads our keys, without a trailing slash: `iss` of the tokens, letter by letter. */
export function issuerOf(integration: Pick<Integration, 'issuer'>, publicUrl: string): string {
  return integration.issuer ?? publicUrl.replace(/\/+$/, '')
}

/** The partition and the account of a role, by its ARN; undefined for what is no role. */
export function parseRoleArn(
  arn: string,
): { readonly partition: string; readonly accountId: string } | undefined {
  const [, partition, accountId] = roleArnPattern.exec(arn) ?? []
  return partition === undefined || accountId === undefined ? undefined : { partition, accountId }
}

const roleArnPattern =
  /^arn:(aws|aws-us-gov|aws-cn):iam::(\d{12}):role\/(?:[\w+=,.@-]{1,64}\/){0,8}[\w+=,.@-]{1,64}$/

/**
 * Why AWS does not take this as an issuer, if it does not: it wants https, a name, the default port, no query (T14).
 * A path is allowed.
 */
export function findIssuerProblem(issuer: string): string | undefined {
  if (issuer.length > 255) return 'must have at most 255 characters'
  if (!/^https:\/\//i.test(issuer)) return 'must begin with https://'
  if (!issuerPattern.test(issuer)) {
    return 'must be https:// with a name in lower case and perhaps a path, without port, user, query, and trailing slash'
  }
  return undefined
}

const issuerPattern =
  /^https:\/\/[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9][a-z0-9-]{0,62}){0,20}(?:\/[A-Za-z0-9._~-]{1,100}){0,8}$/

/** Why AWS, which comes from the public internet, will probably not reach this issuer; empty where nothing is seen. */
export function listIssuerWarnings(issuer: string): string[] {
  const instead =
    'publish the keys as static files on a public host (gatehouse awsic publish-issuer DIR) and name that host as spec.aws_oidc.issuer'
  const url = parseOrigin(issuer)
  if (url === undefined) return [`${issuer} is no URL; ${instead}`]
  const warnings: string[] = []
  if (url.scheme !== 'https') {
    warnings.push(
      `The issuer ${issuer} is not https, and AWS takes nothing else: put TLS in front of the gateway, or ${instead}`,
    )
  }
  if (url.port !== undefined) {
    warnings.push(`The issuer ${issuer} has a port, and AWS takes none: serve it at 443, or ${instead}`)
  }
  if (isPrivateName(url.host)) {
    warnings.push(`AWS cannot reach ${url.host} from the internet: ${instead}`)
  }
  return warnings
}

function parseOrigin(
  text: string,
): { readonly scheme: string; readonly host: string; readonly port: string | undefined } | undefined {
  const [, scheme, host, port] =
    /^([a-z]+):\/\/(\[[0-9a-f:.]+\]|[^/:?#@]+)(?::(\d+))?(?:\/|$)/i.exec(text) ?? []
  if (scheme === undefined || host === undefined) return undefined
  return { scheme: scheme.toLowerCase(), host: host.toLowerCase(), port }
}

/** Addresses and names that mean nothing outside: a name without a dot, `.local`, an address of any kind. */
function isPrivateName(host: string): boolean {
  return (
    host.startsWith('[') ||
    /^\d+(?:\.\d+){3}$/.test(host) ||
    !host.includes('.') ||
    /\.(?:local|localhost|internal|intranet|lan|home\.arpa|test|invalid)$/.test(host)
  )
}
