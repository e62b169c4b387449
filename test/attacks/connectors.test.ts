/** Answers that an upstream, or somebody between, should not get away with: nobody is signed in, and the log says why. */
import { addressLimits } from '../../src/service/people/limits.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JWTPayload } from 'jose'
import { mapping, oidcDocument, openConnectorWorld, type ConnectorWorld } from '../http/connectors-world.js'
import { OidcIssuer, signByStranger, signBySecret, unsigned } from '../support/oidc-issuer.js'

let world: ConnectorWorld
let issuer: OidcIssuer
let other: OidcIssuer

beforeAll(async () => {
  world = await openConnectorWorld()
})
afterAll(async () => await world[Symbol.asyncDispose]())

beforeEach(async () => {
  issuer = await OidcIssuer.open()
  other = await OidcIssuer.open()
  await world.put(oidcDocument('okta', issuer.url))
  await world.put(oidcDocument('azure', other.url))
  return async () => {
    await issuer[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
  }
})

const seconds = () => Math.floor(Date.now() / 1000)
const without = (claim: string) => (claims: JWTPayload) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim))

describe('an id_token', () => {
  test.each<[string, (of: OidcIssuer) => void, RegExp]>([
    ['that is not signed', (of) => (of.sign = unsigned), /alg|signature|JWS/i],
    ['signed with the client secret', (of) => (of.sign = signBySecret), /alg/i],
    ['signed by a stranger under the name of the key', (of) => (of.sign = signByStranger), /signature/i],
    ['whose key nobody publishes', (of) => (of.hidesKey = true), /key|jwks/i],
    ['without a nonce', (of) => (of.spoil = without('nonce')), /nonce/],
    ['with the nonce of another sign-in', (of) => (of.spoil = (all) => ({ ...all, nonce: 'x' })), /nonce/],
    ['for another client', (of) => (of.spoil = (all) => ({ ...all, aud: 'another' })), /aud/],
    [
      'for two clients, and said to be for the other',
      (of) => (of.spoil = (all) => ({ ...all, aud: ['gatehouse', 'another'], azp: 'another' })),
      /azp/,
    ],
    ['of another issuer', (of) => (of.spoil = (all) => ({ ...all, iss: 'https://other.example' })), /iss/],
    ['that has expired', (of) => (of.spoil = (all) => ({ ...all, exp: seconds() - 300 })), /exp/],
    ['that is not yet valid', (of) => (of.spoil = (all) => ({ ...all, nbf: seconds() + 300 })), /nbf/],
    ['without a subject', (of) => (of.spoil = without('sub')), /sub/],
    ['with an unverified address', (of) => (of.spoil = without('email_verified')), /email_verified/],
    ['without the claim of the name', (of) => (of.spoil = without('email')), /email_verified|email/],
  ])('%s signs nobody in', async (_, spoil, why) => {
    issuer.userinfo = { sub: 'u-1' }
    spoil(issuer)
    const browser = world.browser()
    const { status, text } = await world.signIn('okta', browser)
    expect(status).toBe(502)
    expect(await world.who(browser)).toBeUndefined()
    const login = await world.lastLogin()
    expect(login).toMatchObject({ code: 'T1001W', success: false, connector: 'okta' })
    expect(login?.['message']).toMatch(why)
    // The person learns that it failed; how is for the log.
    expect(text).not.toContain(String(login?.['message']))
  })
})

describe('the provider', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['calls itself otherwise', { issuer: 'https://other.example' }, /issuer/],
    ['calls itself otherwise by a slash', { issuer: 'self/' }, /issuer/],
    ['keeps its keys where http is not https', { jwks_uri: 'http://192.0.2.1/jwks' }, /https/],
    [
      'redeems codes in the local network',
      { token_endpoint: 'https://169.254.169.254/token' },
      /public internet/,
    ],
  ])('that %s is not believed', async (_, metadata, why) => {
    issuer.metadata = Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, value === 'self/' ? `${issuer.url}/` : value]),
    )
    expect((await world.signIn('okta')).status).toBe(502)
    expect((await world.lastLogin())?.['message']).toMatch(why)
  })
})

describe('an answer', () => {
  /** Up to the callback, which is not opened. */
  async function upToCallback(name = 'okta', browser = world.browser()) {
    const start = `${world.gateway.publicUrl}/v1/sign-in/connectors/${name}`
    const { url } = await browser.open(start, (at) => at.pathname.startsWith('/v1/connectors/callback/'))
    return { url, browser }
  }

  test.each<[string, (url: URL) => void]>([
    ['without a state', (url) => url.searchParams.delete('state')],
    ['with an invented state', (url) => url.searchParams.set('state', 'x'.repeat(43))],
    ['with the state twice', (url) => url.searchParams.append('state', url.searchParams.get('state') ?? '')],
    ['at the callback of another connector', (url) => (url.pathname = '/v1/connectors/callback/oidc/azure')],
    ['at the callback of another kind', (url) => (url.pathname = '/v1/connectors/callback/github/okta')],
  ])('%s is refused', async (_, bend) => {
    const { url, browser } = await upToCallback()
    bend(url)
    expect((await browser.open(url.href)).status).toBe(410)
    expect(await world.who(browser)).toBeUndefined()
  })

  test('of a sign-in that another browser began is refused (login CSRF), and not spent by it', async () => {
    const { url, browser } = await upToCallback()
    const victim = world.browser()
    expect((await victim.open(url.href)).status).toBe(410)
    expect(await world.who(victim)).toBeUndefined()
    await upToCallback('okta', victim)
    expect((await victim.open(url.href)).status).toBe(410)
    await browser.open(url.href, (at) => at.pathname === '/')
    expect(await world.who(browser)).toBeDefined()
  })

  test('is taken once', async () => {
    const { url, browser } = await upToCallback()
    await browser.open(url.href, (at) => at.pathname === '/')
    expect((await browser.open(url.href)).status).toBe(410)
  })

  test('after ten minutes is refused', async () => {
    const { url, browser } = await upToCallback()
    world.gateway.clock.advance(10 * 60_000)
    expect((await browser.open(url.href)).status).toBe(410)
  })

  test('with the code of another sign-in is refused for its verifier', async () => {
    const mine = await upToCallback()
    const stolen = await upToCallback()
    mine.url.searchParams.set('code', stolen.url.searchParams.get('code') ?? '')
    expect((await mine.browser.open(mine.url.href)).status).toBe(502)
    expect(await world.who(mine.browser)).toBeUndefined()
  })

  test('of one provider, given out as that of another, is refused by its iss (RFC 9207)', async () => {
    issuer.metadata = { authorization_response_iss_parameter_supported: true }
    issuer.person = { ...issuer.person, sub: 'iss', email: 'iss@example.com' }
    expect((await world.signIn('okta')).status).toBe(502)
    issuer.bend = (answer) => answer.set('iss', other.url)
    expect((await world.signIn('okta')).status).toBe(502)
    expect((await world.lastLogin())?.['message']).toMatch(/iss/)
    issuer.bend = (answer) => answer.set('iss', issuer.url)
    expect((await world.signIn('okta')).url.pathname).toBe('/')
  })
})

test('what comes from one connector is nobody of another, with the same subject and address', async () => {
  const email = 'both@example.com'
  for (const one of [issuer, other])
    one.person = { sub: 'same', email, email_verified: true, groups: ['platform'] }
  const browser = world.browser()
  await world.signIn('okta', browser)
  expect(await world.who(browser)).toBe(email)
  const { status, text } = await world.signIn('azure')
  expect(status).toBe(403)
  expect(text).toContain('this name is taken; ask an administrator')
})

test('a recycled address, and the name of a local administrator, are taken over by nobody', async () => {
  issuer.person = { sub: 'first', email: 'recycled@example.com', email_verified: true, groups: ['platform'] }
  await world.signIn('okta')
  issuer.person = { ...issuer.person, sub: 'second' }
  expect((await world.signIn('okta')).status).toBe(403)
  await world.put(oidcDocument('okta', issuer.url, { ...mapping, username_claim: 'nick' }))
  for (const nick of ['admin', 'ADMIN', 'ａdmin']) {
    issuer.person = { sub: `as-${nick}`, nick, groups: ['platform'] }
    const browser = world.browser()
    expect((await world.signIn('okta', browser)).status).toBe(403)
    expect(await world.who(browser)).toBeUndefined()
  }
})

test('sign-ins that somebody begins by the thousand are bounded by address, and the provider is left alone', async () => {
  await using own = await openConnectorWorld()
  const begin = async () => (await fetch(`${own.gateway.url}/v1/sign-in/connectors/none`)).status
  for (let i = 0; i < addressLimits.connector.attempts; i += 50) {
    const all = await Promise.all(Array.from({ length: 50 }, begin))
    expect(new Set(all)).toEqual(new Set([404]))
  }
  expect(await begin()).toBe(429)
})
