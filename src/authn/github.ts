/**
 * @module GitHub, which speaks OAuth without OpenID Connect: the code flow with PKCE and state, then who the person is and
 * which teams they are in, from the API. The person is the numeric id; a login can be given to somebody else.
 */
import { createHash } from 'node:crypto'
import { teamsClaim, type GithubConnector } from '../core/connector/github.js'
import type { UpstreamIdentity } from '../core/connector/identity.js'
import { isCode } from '../core/error.js'
import type { Random } from '../lib/random.js'
import type { OAuthUpstream, UpstreamAnswer, UpstreamStart } from './upstream.js'
import { upstreamFailure } from './upstream-failure.js'
import { createUpstreamFetch, type UpstreamFetches } from './upstream-fetch.js'

export interface GithubUpstreamOptions {
  readonly fetches: UpstreamFetches
  readonly random: Random
}

/** Teams of a person come in pages of 100; nobody is in more than these. */
const maxPages = 20

export function createGithubUpstream({
  fetches,
  random,
}: GithubUpstreamOptions): OAuthUpstream<GithubConnector> {
  return {
    start: async (connector, request) => {
      if (request.reauthenticates) {
        throw upstreamFailure(
          connector,
          'GitHub cannot be told to ask a person again, which this sign-in needs',
        )
      }
      return await Promise.resolve(start(random, connector, request))
    },
    finish: async (connector, answer) => {
      try {
        return await finish(fetches, connector, answer)
      } catch (error) {
        if (isCode(error, 'CONNECTOR_FAILED')) throw error
        const why = error instanceof Error ? error.message : 'GitHub gave no answer that can be used'
        throw upstreamFailure(connector, why, { cause: error })
      }
    },
  }
}

function start(random: Random, connector: GithubConnector, { redirectUrl, state }: UpstreamStart) {
  const verifier = random.secret()
  const url = new URL(`${connector.endpointUrl}/login/oauth/authorize`)
  url.search = new URLSearchParams({
    client_id: connector.clientId,
    redirect_uri: redirectUrl,
    scope: 'read:org',
    state,
    allow_signup: 'false',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  return { url: url.href, secrets: { verifier } }
}

async function finish(
  fetches: UpstreamFetches,
  connector: GithubConnector,
  answer: UpstreamAnswer,
): Promise<UpstreamIdentity> {
  const given = new URLSearchParams(answer.query)
  const refused = given.get('error')
  if (refused !== null) {
    throw upstreamFailure(connector, `GitHub says ${refused}: ${given.get('error_description') ?? ''}`, {
      refused,
    })
  }
  const [code, ...more] = given.getAll('code')
  if (code === undefined || more.length > 0) throw new Error('the answer has no code, or several')
  const fetchIt = createUpstreamFetch(fetches, connector)
  const token = await redeem(fetchIt, connector, answer, code)
  const api = async (path: string): Promise<unknown> => {
    const response = await fetchIt(`${connector.apiEndpointUrl}${path}`, {
      method: 'GET',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'gatehouse',
        'x-github-api-version': '2022-11-28',
      },
    })
    if (response.status !== 200) throw new Error(`the API answered ${path} with status ${response.status}`)
    return await response.json()
  }
  const user = await api('/user')
  const id = own(user, 'id')
  const login = own(user, 'login')
  if (
    typeof id !== 'number' ||
    !Number.isSafeInteger(id) ||
    id <= 0 ||
    typeof login !== 'string' ||
    login === ''
  )
    throw new Error('the API does not say who the person is')
  const teams = await listTeams(api)
  const organizations = [...new Set(teams.map((team) => team.split('/')[0] ?? ''))]
  return {
    connector: { kind: 'github', name: connector.name },
    subject: `${new URL(connector.endpointUrl).host}#${id}`,
    username: login,
    claims: {
      login: [login],
      id: [String(id)],
      ...(teams.length > 0 && { [teamsClaim]: teams, organizations }),
    },
  }
}

async function redeem(
  fetchIt: ReturnType<typeof createUpstreamFetch>,
  { endpointUrl, clientId }: GithubConnector,
  { clientSecret, redirectUrl, secrets }: UpstreamAnswer,
  code: string,
): Promise<string> {
  const response = await fetchIt(`${endpointUrl}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      code,
      redirect_uri: redirectUrl,
      code_verifier: secrets['verifier'] ?? '',
    }).toString(),
  })
  // GitHub answers errors with status 200.
  const answer: unknown = response.status === 200 ? await response.json() : undefined
  const token = own(answer, 'access_token')
  if (typeof token === 'string' && /^[\x21-\x7e]{10,500}$/.test(token)) return token
  const error = own(answer, 'error_description') ?? own(answer, 'error')
  throw new Error(
    `no token was given for the code: ${typeof error === 'string' ? error : `status ${response.status}`}`,
  )
}

/** `ORGANIZATION/TEAM`, by their slugs in lower case: GitHub takes both cases for the same. */
async function listTeams(api: (path: string) => Promise<unknown>): Promise<string[]> {
  const teams: string[] = []
  for (let page = 1; page <= maxPages; page++) {
    const answer = await api(`/user/teams?per_page=100&page=${page}`)
    if (!Array.isArray(answer)) throw new Error('the API does not list the teams of the person')
    for (const team of answer) {
      const slug = own(team, 'slug')
      const organization = own(own(team, 'organization'), 'login')
      if (typeof slug === 'string' && typeof organization === 'string')
        teams.push(`${organization}/${slug}`.toLowerCase())
    }
    if (answer.length < 100) break
  }
  return [...new Set(teams)]
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
