/** Sign-in through SAML connectors, apart from attacks: `test/attacks/saml-sp.test.ts`. */
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { auditEvents, signInAdmin, testResources } from '../support/people.js'
import { writeIdpMetadata } from '../support/saml-signer.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import {
  isSignedQuery,
  makeUpstreamIdp,
  signUpstream,
  type Answer,
  type UpstreamSamlIdp,
} from '../support/upstream-saml-idp.js'
import { Visitor, type Visited } from '../support/upstream-visit.js'

const minute = 60_000
const day = 24 * 60 * minute
const platform = { groups: ['platform'] }
const open: TestGateway[] = []

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway[Symbol.asyncDispose]()
})

/** A gateway with the connector `corp`. */
async function openWith(spec: (idp: UpstreamSamlIdp) => Readonly<Record<string, unknown>>) {
  const clock = { now: () => 0 }
  const idp = await makeUpstreamIdp('https://idp.corp.example', () => clock.now())
  const attributes_to_roles = [{ name: 'groups', value: 'platform', roles: ['aws'] }]
  const corp = {
    kind: 'saml',
    version: 'v2',
    metadata: { name: 'corp' },
    spec: { attributes_to_roles, ...spec(idp) },
  }
  const gateway = await openTestGateway({ resources: [...testResources, corp] })
  open.push(gateway)
  clock.now = () => gateway.clock.now()
  const visit = async (
    answer: Answer = {},
    query = '',
    by = idp,
  ): Promise<Visited & { visitor: Visitor }> => {
    const visitor = new Visitor(gateway)
    const request = await visitor.begin('corp', query)
    const xml = await signUpstream(by.write(request, { attributes: platform, ...answer }), 'Assertion', by)
    return { ...(await visitor.answer('corp', xml, request.relayState)), visitor }
  }
  return { gateway, idp, visit, newKey: () => makeUpstreamIdp(idp.entityId, () => gateway.clock.now()) }
}

async function lastEvent(gateway: TestGateway) {
  return (await auditEvents(gateway, { limit: '1', order: 'desc' }))[0]
}

describe('a sign-in through a SAML connector', () => {
  test('makes a user with roles and traits by attributes, and goes on where it was to go', async () => {
    const { gateway, visit } = await openWith((idp) => ({ entity_descriptor: idp.metadata }))
    const { visitor, location } = await visit({}, '?next=%2Frequests%3Fa%3Db')
    expect(location).toBe('/requests?a=b')
    expect(await visitor.name()).toBe('mallory@corp.example')
    expect(await gateway.gateway.catalog.user('mallory@corp.example')).toMatchObject({
      roles: ['aws'],
      traits: platform,
      origin: { kind: 'connector', connector: 'corp' },
    })
    expect(await lastEvent(gateway)).toMatchObject({
      code: 'T1001I',
      method: 'saml',
      connector: 'corp',
      authentication: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    })
  })

  test('goes nowhere else than to a path of this gateway', async () => {
    const { visit } = await openWith((idp) => ({ entity_descriptor: idp.metadata }))
    expect((await visit({}, '?next=%2F%2Fevil.example')).location).toBe('/')
  })

  test('ends with the session of the identity provider', async () => {
    const { gateway, visit } = await openWith((idp) => ({ entity_descriptor: idp.metadata }))
    const sessionNotOnOrAfter = new Date(gateway.clock.now() + 30 * minute).toISOString()
    const { visitor } = await visit({ parts: { sessionNotOnOrAfter } })
    gateway.clock.advance(30 * minute - 1)
    expect(await visitor.name()).toBe('mallory@corp.example')
    gateway.clock.advance(1)
    expect(await visitor.name()).toBeUndefined()
  })

  test('ends with it on a command line, too, that the browser signed in', async () => {
    const { gateway, visit } = await openWith((idp) => ({ entity_descriptor: idp.metadata }))
    const sessionNotOnOrAfter = new Date(gateway.clock.now() + 30 * minute).toISOString()
    const { visitor } = await visit({ parts: { sessionNotOnOrAfter } })
    const verifier = 'v'.repeat(64)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const port = 49_152
    const agreed = await visitor.post('/v1/cli/authorizations', {
      challenge,
      port,
      state: 's'.repeat(43),
      host: 'laptop',
    })
    const { redirectUrl } = JSON.parse(agreed.text) as { redirectUrl: string }
    const code = new URL(redirectUrl).searchParams.get('code')
    const redeemed = await visitor.post('/v1/cli/tokens', { code, verifier, port })
    const { token } = JSON.parse(redeemed.text) as { token: string }
    const ask = async () =>
      (await fetch(`${gateway.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status
    gateway.clock.advance(30 * minute - 1)
    expect(await ask()).toBe(200)
    gateway.clock.advance(1)
    expect(await ask()).toBe(401)
  })

  test('gets nobody in whose attributes give no role', async () => {
    const { gateway, visit } = await openWith((idp) => ({ entity_descriptor: idp.metadata }))
    expect((await visit({ attributes: { groups: ['sales'] } })).status).toBe(403)
    expect(await lastEvent(gateway)).toMatchObject({
      code: 'T1001W',
      error: 'No roles mapped from claims. The mappings may contain typos.',
    })
  })

  test('knows a person by the attribute that the connector names, and a recycled address as somebody else', async () => {
    const names = { subject_attribute: 'employee', username_attribute: 'mail' }
    const { gateway, visit } = await openWith((idp) => ({ entity_descriptor: idp.metadata, ...names }))
    const person = (employee: string, mail: string) => ({
      attributes: { ...platform, employee: [employee], mail: [mail] },
    })
    await visit(person('1', 'zoe@corp.example'))
    const renamed = await visit(person('1', 'zoe.miller@corp.example'))
    expect(await renamed.visitor.name()).toBe('zoe@corp.example')
    const recycled = await visit(person('2', 'zoe@corp.example'))
    expect(recycled.status).toBe(403)
    expect((await lastEvent(gateway))?.['message']).toContain('another subject of the same connector')
  })

  test('asks the identity provider to ask again where it must, in a signed request where it wants one', async () => {
    const wants = (metadata: string) =>
      metadata.replace('WantAuthnRequestsSigned="false"', 'WantAuthnRequestsSigned="true"')
    const { gateway } = await openWith((idp) => ({ entity_descriptor: wants(idp.metadata) }))
    const visitor = new Visitor(gateway)
    const request = await visitor.begin('corp', '?reauth=1')
    const { text: ours } = await visitor.get(new URL(request.issuer).pathname)
    expect(ours).toContain(`entityID="${request.issuer}"`)
    expect(ours).toContain(`Location="${request.acsUrl}"`)
    expect(ours).toContain('AuthnRequestsSigned="true"')
    expect(isSignedQuery(request.query, ours)).toBe(true)
    expect(request.forceAuthn).toBe('true')
    expect((await visitor.begin('corp')).forceAuthn).toBe('')
  })
})

describe('a test of a SAML connector', () => {
  const tested = async (answer: Answer) => {
    const { gateway, idp } = await openWith((one) => ({ entity_descriptor: one.metadata }))
    const admin = new Visitor(gateway)
    admin.keep((await signInAdmin(gateway)).cookie)
    const id = await admin.startTest('corp')
    const request = await admin.begin('corp', `?test=${id}`)
    const xml = await signUpstream(idp.write(request, { attributes: platform, ...answer }), 'Assertion', idp)
    const { location } = await admin.answer('corp', xml, request.relayState)
    expect(location).toBe(`/connectors/corp/tests/${id}`)
    const { text } = await admin.get(`/v1/connectors/corp/tests/${id}`, 'application/json')
    expect(await admin.name()).toBe('admin')
    expect(await gateway.gateway.catalog.user('mallory@corp.example')).toBeUndefined()
    return { report: (JSON.parse(text) as { report: unknown }).report, event: await lastEvent(gateway) }
  }

  test('tells what would come of it, and signs nobody in', async () => {
    const { report, event } = await tested({})
    expect(report).toMatchObject({ verdict: { effect: 'sign_in' }, roles: ['aws'], traits: platform })
    expect(event).toMatchObject({ code: 'T1010I', method: 'saml', connector: 'corp' })
  })

  test('tells why an answer is refused', async () => {
    const { report, event } = await tested({ parts: { audience: 'https://other.example' } })
    const why = expect.stringContaining('correct the audience') as string
    expect(report).toMatchObject({ verdict: { effect: 'refuse', why } })
    expect(event).toMatchObject({ code: 'T1011W', fault: 'audience', test: true })
  })
})

describe('metadata at an address', () => {
  async function serve(): Promise<{ url: string; body: string; asked: number; server: Server }> {
    const state = { url: '', body: '', asked: 0, server: createServer() }
    state.server.on('request', (_, res) => {
      state.asked += 1
      res.writeHead(state.body === '' ? 503 : 200).end(state.body)
    })
    await new Promise<void>((resolve) => state.server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void state.server.close())
    state.url = `http://127.0.0.1:${(state.server.address() as AddressInfo).port}/metadata`
    return state
  }

  test('is fetched once a day, and when a signature is by none of its keys', async () => {
    const host = await serve()
    const { gateway, idp, visit, newKey } = await openWith(() => ({ entity_descriptor_url: host.url }))
    host.body = idp.metadata
    expect((await visit()).status).toBe(303)
    expect((await visit()).status).toBe(303)
    expect(host.asked).toBe(1)

    const next = await newKey()
    host.body = writeIdpMetadata(next)
    // Not yet: what posts nonsense must not make us fetch.
    expect((await visit({}, '', next)).status).toBe(403)
    expect(await lastEvent(gateway)).toMatchObject({ fault: 'signature' })
    gateway.clock.advance(5 * minute)
    expect((await visit({}, '', next)).status).toBe(303)
    expect(host.asked).toBe(2)
    // The old key is worth nothing from then on.
    expect((await visit()).status).toBe(403)

    gateway.clock.advance(day)
    expect((await visit({}, '', next)).status).toBe(303)
    expect(host.asked).toBe(3)
  })

  test('is used as it was while its host fails, until it says that it is over', async () => {
    const host = await serve()
    const { gateway, idp, visit } = await openWith(() => ({ entity_descriptor_url: host.url }))
    const until = new Date(gateway.clock.now() + 3 * day).toISOString()
    host.body = idp.metadata.replace(' entityID=', ` validUntil="${until}" entityID=`)
    expect((await visit()).status).toBe(303)
    host.body = ''
    gateway.clock.advance(2 * day)
    expect((await visit()).status).toBe(303)
    expect(host.asked).toBe(2)
    gateway.clock.advance(day)
    const visited = await new Visitor(gateway).get('/v1/sign-in/connectors/corp')
    expect(visited.status).toBe(502)
    expect(visited.text).not.toContain('127.0.0.1')
  })

  test('that is none, or is in a private network without leave, sends nobody anywhere', async () => {
    const host = await serve()
    host.body = '<html/>'
    const here = await openWith(() => ({ entity_descriptor_url: host.url }))
    expect((await new Visitor(here.gateway).get('/v1/sign-in/connectors/corp')).status).toBe(502)
    const there = await openWith(() => ({ entity_descriptor_url: 'https://10.0.0.1/metadata' }))
    expect((await new Visitor(there.gateway).get('/v1/sign-in/connectors/corp')).status).toBe(502)
  })
})
