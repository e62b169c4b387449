import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { OidcIssuer } from '../support/oidc-issuer.js'
import {
  clientSecret,
  mapping,
  oidcDocument,
  openConnectorWorld,
  type ConnectorWorld,
} from './connectors-world.js'
import { authnRequest, readPostedForm, redirectPath } from '../support/sp.js'

let world: ConnectorWorld
let issuer: OidcIssuer

beforeAll(async () => {
  world = await openConnectorWorld()
})
afterAll(async () => await world[Symbol.asyncDispose]())

beforeEach(async () => {
  issuer = await OidcIssuer.open()
  await world.put(oidcDocument('okta', issuer.url))
  return async () => await issuer[Symbol.asyncDispose]()
})

let number = 0
/** A person of the upstream whom nobody has seen yet. */
function somebody(changes: Record<string, unknown> = {}): string {
  const email = `p${++number}@example.com`
  issuer.person = { sub: `u-${number}`, email, email_verified: true, groups: ['platform'], ...changes }
  return email
}

describe('a lock on the connector', () => {
  test('is told wherever the access of its users is', async () => {
    const email = somebody()
    await world.signIn('okta')
    const access = `/v1/users/${encodeURIComponent(email)}/access`
    expect((await world.admin.get(access)).body).not.toHaveProperty('locked')
    const metadata = { name: 'breached' }
    await world.put({ kind: 'lock', version: 'v2', metadata, spec: { target: { connector: 'okta' } } })
    expect((await world.admin.get(access)).body).toMatchObject({ locked: true, lockedBy: ['breached'] })
    const explained = await world.admin.get(
      `/v1/explain?user=${encodeURIComponent(email)}&app=aws-identity-center`,
    )
    expect(explained.text).toContain('Lock \\"breached\\" on connector')
    await world.admin.delete('/v1/resources/lock/breached')
  })
})

describe('sign-in through an OIDC connector', () => {
  test('goes out with PKCE, state and nonce, comes back signed in, and goes on where it was to go', async () => {
    const email = somebody({ amr: ['pwd', 'otp'] })
    const browser = world.browser()
    const { url, trail } = await world.signIn('okta', browser, '?next=/my-access%3Fa=1')
    expect(url.pathname + url.search).toBe('/my-access?a=1')
    expect(await world.who(browser)).toBe(email)
    const callback = `${world.gateway.publicUrl}/v1/connectors/callback/oidc/okta`
    expect(Object.fromEntries(issuer.asked)).toMatchObject({
      client_id: 'gatehouse',
      response_type: 'code',
      scope: 'openid email profile',
      redirect_uri: callback,
      code_challenge_method: 'S256',
    })
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(issuer.asked.get(name)).toMatch(/^[\w-]{43}$/)
    expect(trail[2]).toContain(callback)
    expect(issuer.redeemed['code_verifier']).toMatch(/^[\w-]{43}$/)
    expect(await world.lastLogin()).toMatchObject({
      code: 'T1001I',
      user: email,
      connector: 'okta',
      authentication: 'amr pwd otp',
      subject: `${issuer.url}#u-${number}`,
    })
  })

  test('never leads anywhere else afterwards', async () => {
    somebody()
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      const { url } = await world.signIn('okta', world.browser(), `?next=${encodeURIComponent(next)}`)
      expect(url.href).toBe(`${world.gateway.publicUrl}/`)
    }
  })

  test('follows keys that the provider changes between two sign-ins, at once', async () => {
    const email = somebody()
    for (let turn = 0; turn < 2; turn++) {
      const browser = world.browser()
      await world.signIn('okta', browser)
      expect(await world.who(browser)).toBe(email)
      await issuer.rotate()
    }
  })

  test('reads the user name from userinfo where the id_token lacks it, for the same subject alone', async () => {
    const email = somebody()
    issuer.userinfo = issuer.person
    issuer.person = { sub: `u-${number}`, groups: ['platform'] }
    const browser = world.browser()
    await world.signIn('okta', browser)
    expect(await world.who(browser)).toBe(email)
    issuer.userinfo = { ...issuer.userinfo, sub: 'somebody-else' }
    expect((await world.signIn('okta')).status).toBe(502)
  })

  test('takes an unverified address only where the connector allows it, and any other claim as it is', async () => {
    const email = somebody({ email_verified: false, upn: 'U1' })
    expect((await world.signIn('okta')).status).toBe(502)
    expect((await world.lastLogin())?.['message']).toContain('email_verified')
    await world.put(oidcDocument('okta', issuer.url, { ...mapping, allow_unverified_email: true }))
    const browser = world.browser()
    await world.signIn('okta', browser)
    expect(await world.who(browser)).toBe(email)
    somebody({ email_verified: false, upn: `upn-${number}` })
    await world.put(oidcDocument('okta', issuer.url, { ...mapping, username_claim: 'upn' }))
    await world.signIn('okta', browser)
    expect(await world.who(browser)).toBe(`upn-${number - 1}`)
  })

  test('holds the provider to max_age and acr_values', async () => {
    const old = Math.floor(world.gateway.clock.now() / 1000) - 3600
    somebody({ auth_time: old, acr: 'one' })
    await world.put(oidcDocument('okta', issuer.url, { ...mapping, max_age: '30m' }))
    expect((await world.signIn('okta')).status).toBe(502)
    expect(issuer.asked.get('max_age')).toBe('1800')
    await world.put(oidcDocument('okta', issuer.url, { ...mapping, max_age: '2h', acr_values: 'two three' }))
    expect((await world.signIn('okta')).status).toBe(502)
    expect((await world.lastLogin())?.['message']).toContain('acr')
    await world.put(oidcDocument('okta', issuer.url, { ...mapping, max_age: '2h', acr_values: 'two one' }))
    expect((await world.signIn('okta')).url.pathname).toBe('/')
  })

  test('ends the session that the browser had, and another browser keeps its own', async () => {
    somebody()
    const [one, other] = [world.browser(), world.browser()]
    await world.signIn('okta', one)
    await world.signIn('okta', other)
    const before = one.cookiesOf(world.gateway.publicUrl)
    await world.signIn('okta', one)
    expect(one.cookiesOf(world.gateway.publicUrl)).not.toBe(before)
    expect(await world.who(other)).toBe(issuer.person['email'])
  })

  test('a refusal is a page in words, with a reference, and no secret', async () => {
    somebody({ groups: [] })
    const next = '/saml/idp/continue/abc?x=1'
    const { status, text } = await world.signIn('okta', world.browser(), `?next=${encodeURIComponent(next)}`)
    expect(status).toBe(403)
    // The page leads back to the sign-in page, and from there to where the sign-in was going.
    expect(text).toContain(`"signInNext":"${next}"`)
    expect(text).toContain('No roles mapped from claims. The mappings may contain typos.')
    issuer.bend = (answer) => {
      answer.delete('code')
      answer.set('error', 'access_denied')
    }
    const refused = await world.signIn('okta')
    expect(refused.status).toBe(502)
    expect(refused.text).toContain('refused the sign-in, or it was cancelled there')
    expect(refused.text).toContain('"signInNext":"/"')
    expect(refused.text).not.toContain(clientSecret)
  })
})

test('the sign-in page is told which connectors there are', async () => {
  await world.put(oidcDocument('azure', issuer.url, { ...mapping, display: 'Entra ID' }))
  const session = (await world.admin.get('/v1/session')).body as { connectors: unknown[] }
  expect(session.connectors).toEqual([
    { name: 'azure', kind: 'oidc', display: 'Entra ID' },
    { name: 'okta', kind: 'oidc', display: 'okta' },
  ])
  await world.admin.delete('/v1/resources/oidc/azure')
})

/** Issued now, for the gateway's clock is the machine's here. */
function fresh(id: string, attributes = '') {
  const issueInstant = new Date(world.gateway.clock.now()).toISOString()
  return authnRequest({ id, issueInstant, attributes })
}

test('a SAML sign-in goes through the upstream and ends at the service provider', async () => {
  const email = somebody()
  const browser = world.browser()
  const { publicUrl } = world.gateway
  const toSignIn = await browser.open(`${publicUrl}${redirectPath(fresh('_connector-1').xml)}`, (at) => {
    return at.pathname === '/sign-in'
  })
  const next = toSignIn.url.searchParams.get('next') ?? ''
  const { url } = await world.signIn('okta', browser, `?next=${encodeURIComponent(next)}`)
  const { text } = await browser.open(url.href)
  expect(readPostedForm(text).xml).toContain(email)
})

test('ForceAuthn is met by a sign-in for which the upstream asked again, and by no other', async () => {
  const email = somebody()
  const browser = world.browser()
  const { publicUrl } = world.gateway
  await world.signIn('okta', browser)
  const path = redirectPath(fresh('_connector-2', 'ForceAuthn="true"').xml)
  const toSignIn = await browser.open(`${publicUrl}${path}`, (at) => at.pathname === '/sign-in')
  expect(toSignIn.url.searchParams.get('reauth')).toBe('1')
  const next = encodeURIComponent(toSignIn.url.searchParams.get('next') ?? '')
  const silent = await world.signIn('okta', browser, `?next=${next}`)
  const still = await browser.open(silent.url.href, (at) => at.pathname === '/sign-in')
  expect(still.url.pathname).toBe('/sign-in')
  const again = await world.signIn('okta', browser, `?next=${next}&reauth=1`)
  expect(Object.fromEntries(issuer.asked)).toMatchObject({ prompt: 'login', max_age: '0' })
  expect(readPostedForm((await browser.open(again.url.href)).text).xml).toContain(email)
  issuer.person = { ...issuer.person, auth_time: Math.floor(world.gateway.clock.now() / 1000) - 600 }
  expect((await world.signIn('okta', browser, `?next=${next}&reauth=1`)).status).toBe(502)
})

describe('the client secret', () => {
  test('is told as an id, changed by a new one, and given again where it would go elsewhere', async () => {
    const read = async () =>
      (
        (await world.admin.get('/v1/resources/oidc/okta')).body as {
          document: { spec: Record<string, string> }
        }
      ).document.spec
    const spec = await read()
    expect(spec['client_secret']).toBeUndefined()
    expect(spec['client_secret_id']).toMatch(/^[\w-]{36}$/)
    await world.put(oidcDocument('okta', issuer.url))
    expect((await read())['client_secret_id']).toBe(spec['client_secret_id'])
    await world.put(oidcDocument('okta', issuer.url, { client_secret: 'another secret' }))
    expect((await read())['client_secret_id']).not.toBe(spec['client_secret_id'])
    const moved = { ...oidcDocument('okta', 'https://elsewhere.example.com', { client_secret: undefined }) }
    const refused = await world.admin.post('/v1/resources?mode=replace', moved)
    expect(refused.text).toContain('give the secret again')
    const without = oidcDocument('new', issuer.url, { client_secret: undefined })
    expect((await world.admin.post('/v1/resources', without)).text).toContain(
      'spec.client_secret: is missing',
    )
  })

  test('stands in no event, no log line of ours and no answer', async () => {
    await world.gateway.gateway.sequencer.flush()
    const all = await world.gateway.gateway.store.audit.list({ limit: 1000, order: 'asc' })
    expect(JSON.stringify(all)).not.toContain(clientSecret)
    expect((await world.admin.get('/v1/resources/oidc')).text).not.toContain(clientSecret)
  })
})

test('names of connectors are unique over their kinds', async () => {
  const github = { kind: 'github', version: 'v3', metadata: { name: 'okta' } }
  const spec = { client_id: 'c', client_secret: 's' }
  const refused = await world.admin.post('/v1/resources', { ...github, spec })
  expect(refused.text).toContain('there is a connector \\"okta\\" of kind oidc already')
})

describe('a test of a connector', () => {
  const begin = async (name = 'okta') =>
    (await world.admin.post(`/v1/connectors/${name}/test`, {})).body as { id: string; url: string }

  async function adminBrowser() {
    const browser = world.browser()
    const [name = '', value = ''] = (world.admin.cookie ?? '').split('=')
    browser.setCookie(world.gateway.publicUrl, name, value)
    return browser
  }

  test('tells claims, rules, roles and verdict to whoever began it, and signs nobody in', async () => {
    const email = somebody({ nick: 'zed' })
    const { id, url } = await begin()
    const path = `/v1/connectors/okta/tests/${id}`
    expect((await world.admin.get(path)).body).toEqual({ state: 'open' })
    const browser = await adminBrowser()
    const end = await browser.open(url, (at) => at.pathname.startsWith('/connectors/'))
    expect(end.url.pathname).toBe(`/connectors/okta/tests/${id}`)
    expect(await world.who(browser)).toBe('admin')
    const { body } = await world.admin.get(path)
    expect(body).toMatchObject({
      state: 'done',
      report: {
        verdict: { effect: 'sign_in', how: 'made', user: email },
        identity: { username: email, claims: { nick: ['zed'] } },
        roles: ['aws'],
      },
    })
    expect(await world.gateway.gateway.catalog.user(email)).toBeUndefined()
    expect((await browser.open(url)).status).toBe(410)
  })

  test('tells what is wrong with the answer of the upstream', async () => {
    somebody()
    issuer.sign = async (claims) => await issuer.signHonestly({ ...claims, aud: 'another' })
    const { id, url } = await begin()
    await (await adminBrowser()).open(url, (at) => at.pathname.startsWith('/connectors/'))
    const { body } = await world.admin.get(`/v1/connectors/okta/tests/${id}`)
    expect(body).toMatchObject({ state: 'done', report: { verdict: { effect: 'refuse' } } })
    expect(JSON.stringify(body)).toContain('aud')
    expect(await world.lastLogin()).toMatchObject({ code: 'T1011W', user: 'admin', test: true })
  })

  test('is of no use in the browser of somebody else, and for who may not change the connector', async () => {
    somebody()
    const { url } = await begin()
    const zoe = world.browser()
    expect((await zoe.open(url)).status).toBe(410)
    await world.signIn('okta', zoe)
    expect((await zoe.open(url)).status).toBe(410)
    const answer = await fetch(`${world.gateway.url}/v1/connectors/okta/test`, {
      method: 'POST',
      headers: { cookie: zoe.cookiesOf(world.gateway.publicUrl), origin: world.gateway.publicUrl },
    })
    expect(answer.status).toBe(403)
  })
})
