/** A provider of another maker as upstream: `oidc-provider`, which is certified by the OpenID Foundation. */
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Provider, type Configuration } from 'oidc-provider'
import {
  mapping,
  clientSecret,
  oidcDocument,
  openConnectorWorld,
  type ConnectorWorld,
} from './connectors-world.js'

let world: ConnectorWorld
let server: Server
let issuer: string
/** Who is there; undefined: the person says no. */
let person: string | undefined = 'zoe'

beforeAll(async () => {
  world = await openConnectorWorld()
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const configuration: Configuration = {
    clients: [
      {
        client_id: 'gatehouse',
        client_secret: clientSecret,
        redirect_uris: [`${world.gateway.publicUrl}/v1/connectors/callback/oidc/peer`],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'RS256',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'], profile: ['name'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    conformIdTokenClaims: true,
    cookies: { keys: ['a key for the tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: `${id}@example.com`,
        email_verified: true,
        groups: ['platform'],
        name: 'Z',
      }),
    }),
  }
  const provider = new Provider(issuer, configuration)
  const callback = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      void callback(request, response)
      return
    }
    const consent = async () => {
      const { grantId, params, prompt } = await provider.interactionDetails(request, response)
      if (person === undefined) {
        await provider.interactionFinished(request, response, { error: 'access_denied' })
        return
      }
      if (prompt.name === 'login') {
        await provider.interactionFinished(request, response, { login: { accountId: person } })
        return
      }
      const found = grantId === undefined ? undefined : await provider.Grant.find(grantId)
      const grant = found ?? new provider.Grant({ accountId: person, clientId: String(params['client_id']) })
      grant.addOIDCScope(String(params['scope']))
      await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
    }
    consent().catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await world.put(oidcDocument('peer', issuer, { ...mapping, scope: ['email', 'groups'] }))
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await world[Symbol.asyncDispose]()
})

test('signs in through the whole flow; name and groups come from userinfo, which this provider keeps them in', async () => {
  // The name alone is not in the id_token, so that userinfo is asked, and its groups are merged.
  const browser = world.browser()
  const { url } = await world.signIn('peer', browser, '?next=/settings')
  expect(url.pathname).toBe('/settings')
  expect(await world.who(browser)).toBe('zoe@example.com')
  expect((await world.gateway.gateway.catalog.user('zoe@example.com'))?.roles).toEqual(['aws'])
})

test('asks again where that is needed, and believes auth_time', async () => {
  const browser = world.browser()
  await world.signIn('peer', browser)
  const { url, trail } = await world.signIn('peer', browser, '?reauth=1')
  expect(url.pathname).toBe('/')
  expect(trail.some((at) => at.includes('/interaction/'))).toBe(true)
})

test('who says no there comes back to a page in words', async () => {
  person = undefined
  const { status, text } = await world.signIn('peer')
  expect(status).toBe(502)
  expect(text).toContain('refused the sign-in, or it was cancelled there')
  person = 'zoe'
})

test('a wrong client secret is told to the log', async () => {
  await world.put(oidcDocument('peer', issuer, { ...mapping, client_secret: 'wrong' }))
  expect((await world.signIn('peer')).status).toBe(502)
  expect((await world.lastLogin())?.['message']).toContain('invalid_client')
})
