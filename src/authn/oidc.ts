/**
 * @module OpenID Connect as a relying party: the authorization code flow with PKCE, state and nonce (OIDC Core 3.1, RFC
 * 7636, RFC 9700). Discovery and keys are read anew for each sign-in, so that a provider that changes its keys is followed
 * at once and nothing is kept in memory. The signature of an id_token is always verified, and by asymmetric keys alone:
 * with HS256 whoever knows the client secret could be anybody.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  type ServerMetadata,
  WWWAuthenticateChallengeError,
  type CustomFetch,
} from 'openid-client'
import { readClaims, readUsername } from '../core/connector/claims.js'
import type { UpstreamIdentity } from '../core/connector/identity.js'
import type { OidcConnector } from '../core/connector/oidc.js'
import { minute } from '../core/time.js'
import { isLoopbackUrl } from '../core/webhook/webhook.js'
import type { Random } from '../lib/random.js'
import type { OAuthUpstream, UpstreamAnswer, UpstreamStart } from './upstream.js'
import { createUpstreamFetch, type UpstreamFetches } from './upstream-fetch.js'
import { upstreamFailure } from './upstream-failure.js'

const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
/** Clocks differ. */
const toleranceMs = minute

export interface OidcUpstreamOptions {
  readonly fetches: UpstreamFetches
  readonly random: Random
}

export function createOidcUpstream({ fetches, random }: OidcUpstreamOptions): OAuthUpstream<OidcConnector> {
  return {
    start: async (connector, request) =>
      await explained(connector, async () => await start(fetches, random, connector, request)),
    finish: async (connector, answer) =>
      await explained(connector, async () => await finish(fetches, connector, answer)),
  }
}

async function start(
  fetches: UpstreamFetches,
  random: Random,
  connector: OidcConnector,
  { clientSecret, redirectUrl, state, reauthenticates }: UpstreamStart,
) {
  const config = await configure(fetches, connector, clientSecret)
  const nonce = random.secret()
  const verifier = random.secret()
  const prompt = reauthenticates ? 'login' : connector.prompt
  const maxAgeMs = reauthenticates ? 0 : connector.maxAgeMs
  const url = buildAuthorizationUrl(config, {
    response_type: 'code',
    redirect_uri: redirectUrl,
    scope: [...new Set(['openid', ...connector.scope])].join(' '),
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(prompt !== undefined && { prompt }),
    ...(maxAgeMs !== undefined && { max_age: String(Math.floor(maxAgeMs / 1000)) }),
    ...(connector.acrValues !== undefined && { acr_values: connector.acrValues }),
  })
  return { url: url.href, secrets: { nonce, verifier } }
}

async function finish(
  fetches: UpstreamFetches,
  connector: OidcConnector,
  answer: UpstreamAnswer,
): Promise<UpstreamIdentity> {
  const config = await configure(fetches, connector, answer.clientSecret)
  const current = new URL(answer.redirectUrl)
  current.search = answer.query
  const tokens = await authorizationCodeGrant(config, current, {
    expectedState: answer.state,
    expectedNonce: answer.secrets['nonce'] ?? '',
    pkceCodeVerifier: answer.secrets['verifier'] ?? '',
    idTokenExpected: true,
  })
  const said = tokens.claims()
  if (said === undefined) throw new Error('there is no id_token')
  assertAlgorithm(tokens.id_token ?? '')
  assertFresh(connector, answer, said.auth_time)
  assertAcr(connector, said['acr'])
  let claims: Readonly<Record<string, unknown>> = said
  const { usernameClaim, scimExternalIdClaim } = connector
  const lacksName = !Object.hasOwn(said, usernameClaim)
  if (lacksName || (scimExternalIdClaim !== undefined && !Object.hasOwn(said, scimExternalIdClaim))) {
    const more = await fetchUserInfo(config, tokens.access_token, said.sub)
    // Whether an address is verified is said beside the address itself.
    claims = {
      ...more,
      ...said,
      ...(lacksName && usernameClaim === 'email' && { email_verified: more.email_verified }),
    }
  }
  const named = readUsername(claims, connector)
  if ('problem' in named) throw new Error(named.problem)
  const authentication = describeAuthentication(said)
  return {
    connector: { kind: 'oidc', name: connector.name },
    subject: `${said.iss}#${said.sub}`,
    username: named.username,
    claims: readClaims(claims),
    ...(authentication !== undefined && { authentication }),
    ...(answer.reauthenticates && { reauthenticated: true }),
  }
}

/** @throws Error where what the issuer says of itself is not what it is asked as. */
async function configure(
  fetches: UpstreamFetches,
  connector: OidcConnector,
  clientSecret: string,
): Promise<Configuration> {
  const issuer = new URL(connector.issuerUrl)
  const fetchIt = createUpstreamFetch(fetches, connector)
  const guarded: CustomFetch = async (url, { method, headers, body }) => {
    // What the library sends is a form or nothing.
    const form =
      body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : undefined
    return await fetchIt(url, { method, headers, body: form })
  }
  const isPlain = issuer.protocol === 'http:' && isLoopbackUrl(issuer) && fetches.allowHttpLoopback
  const found = await discovery(issuer, connector.clientId, undefined, undefined, {
    [customFetch]: guarded,
    ...(isPlain && { execute: [allowPlain] }),
  })
  // Without its methods.
  const metadata = JSON.parse(JSON.stringify(found.serverMetadata())) as ServerMetadata
  // To the letter: openid-client compares after it has read both as URLs.
  if (metadata.issuer !== connector.issuerUrl) {
    throw new Error(
      `the issuer calls itself "${metadata.issuer.slice(0, 200)}"; write issuer_url so, to the letter`,
    )
  }
  const methods = metadata.token_endpoint_auth_methods_supported
  const basic = methods === undefined || methods.includes('client_secret_basic')
  const config = new Configuration(
    {
      ...metadata,
      id_token_signing_alg_values_supported: (
        metadata.id_token_signing_alg_values_supported ?? ['RS256']
      ).filter((one) => algorithms.includes(one)),
    },
    connector.clientId,
    undefined,
    basic ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret),
  )
  config[customFetch] = guarded
  if (isPlain) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    allowPlain(config)
  }
  enableNonRepudiationChecks(config)
  return config
}

/**
 * For trials, on this machine alone: `createUpstreamFetch` refuses http to anywhere else. The library marks it as
 * deprecated only to make it stand out, and knows it by its identity.
 */
// eslint-disable-next-line @typescript-eslint/no-deprecated
const allowPlain = allowInsecureRequests

/** Beside what the library checks: the one rule on which everything rests must not hang on an option of it. */
function assertAlgorithm(idToken: string): void {
  const [head = ''] = idToken.split('.')
  const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'))
  const alg = typeof header === 'object' && header !== null && 'alg' in header ? header.alg : undefined
  if (typeof alg !== 'string' || !algorithms.includes(alg))
    throw new Error(
      `the id_token is signed by "${String(alg).slice(0, 20)}"; only asymmetric keys are believed`,
    )
}

/** OIDC Core 3.1.2.1: max_age counts back from the request. A provider that ignores it is not believed. */
function assertFresh(connector: OidcConnector, answer: UpstreamAnswer, authTime: unknown): void {
  const maxAgeMs = answer.reauthenticates ? 0 : connector.maxAgeMs
  if (maxAgeMs === undefined) return
  if (typeof authTime !== 'number')
    throw new Error('the provider does not say when the person signed in (auth_time)')
  if (authTime * 1000 + maxAgeMs + toleranceMs < answer.askedAt)
    throw new Error('the person signed in at the provider longer ago than max_age allows (auth_time)')
}

function assertAcr({ acrValues }: OidcConnector, acr: unknown): void {
  if (acrValues === undefined) return
  if (typeof acr !== 'string' || !acrValues.split(' ').includes(acr))
    throw new Error(`the provider did not authenticate as acr_values ask (acr: ${String(acr).slice(0, 100)})`)
}

function describeAuthentication(said: Readonly<Record<string, unknown>>): string | undefined {
  const { acr, amr } = said
  const parts = [
    ...(Array.isArray(amr) ? [`amr ${amr.filter((one) => typeof one === 'string').join(' ')}`] : []),
    ...(typeof acr === 'string' ? [`acr ${acr}`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ').slice(0, 200)
}

/** Every failure in one form: with the reason for the log, and without it for the person. */
async function explained<T>(connector: OidcConnector, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const refused = error instanceof AuthorizationResponseError ? error.error : undefined
    throw upstreamFailure(connector, reasonOf(error), { cause: error, refused })
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const detail = error.error_description === undefined ? '' : `: ${error.error_description}`
    return `the provider says ${error.error}${detail}`
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    const [said] = error.cause.flatMap(({ parameters }) => parameters.error ?? [])
    return `the provider refuses us: ${said ?? `status ${error.status}`}`
  }
  if (!(error instanceof Error)) return 'the provider gave no answer that can be used'
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${error instanceof ClientError ? cause : ''}`
}
