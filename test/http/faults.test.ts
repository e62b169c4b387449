/** @module What goes wrong before or after the roles decide is told on a page whose reference finds the audit event. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  auditEvents,
  createPerson,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
} from '../support/people.js'
import { authnRequest, redirectPath, spEntityId, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      spResource({
        attribute_mapping: [
          {
            name: 'https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter',
            value: 'user.spec.traits.cost_center',
          },
        ],
      }),
    ],
  })
  admin = await signInAdmin(gateway)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

interface Shown {
  kind: string
  title: string
  reference: string
  detail?: string
  audited?: boolean
  reasons?: string[]
  advice: string[]
}

function pageData(html: string): Shown {
  const json = /id="page-data">([^]*?)<\/script>/.exec(html)?.[1]
  if (json === undefined) throw new Error(`no page data in ${html.slice(0, 200)}`)
  return JSON.parse(json) as Shown
}

describe('a request that is refused before anyone is asked', () => {
  test.each([
    ['an unknown issuer', { issuer: 'https://unknown.example/saml' }, 'UNKNOWN_SERVICE_PROVIDER'],
    [
      'an ACS outside the metadata',
      { attributes: 'AssertionConsumerServiceURL="https://evil.example/acs"' },
      'INVALID_SAML_REQUEST',
    ],
    ['another Destination', { destination: 'https://other.example/sso' }, 'INVALID_SAML_REQUEST'],
    ['an old request', { issueInstant: '2026-03-01T07:00:00Z' }, 'INVALID_SAML_REQUEST'],
  ])('%s leaves an event that its reference finds', async (_, options, code) => {
    const { id, xml } = authnRequest(options)
    const response = await new TestBrowser(gateway).get(redirectPath(xml))
    expect(response.status).toBe(400)
    const shown = pageData(response.text)
    expect(shown).toMatchObject({ kind: 'problem', audited: true })
    expect(shown.advice.length).toBeGreaterThan(0)
    const [event] = await auditEvents(gateway, { uid: shown.reference })
    expect(event).toMatchObject({
      event: 'saml.idp.auth',
      code: 'TSI000I',
      success: false,
      sid: '',
      error: shown.detail,
      error_code: code,
      in_response_to: id,
      service_provider_entity_id: 'issuer' in options ? options.issuer : spEntityId,
    })
  })

  test('what is no SAML at all, too', async () => {
    const response = await new TestBrowser(gateway).get('/saml/idp/sso?SAMLRequest=AAAA')
    const [event] = await auditEvents(gateway, { uid: pageData(response.text).reference })
    expect(event).toMatchObject({
      success: false,
      error_code: 'INVALID_SAML_REQUEST',
      service_provider_entity_id: '',
    })
  })

  test('a second answer, with the person who asked for it', async () => {
    const person = await createPerson(gateway, admin, { name: 'twice@example.com', roles: ['aws'] })
    const browser = await signIn(gateway, person)
    const kept = String((await browser.get(redirectPath(authnRequest().xml))).headers.location)
    expect((await browser.get(kept)).status).toBe(200)
    const again = await browser.get(kept)
    expect(again.status).toBe(409)
    const [event] = await auditEvents(gateway, { uid: pageData(again.text).reference })
    expect(event).toMatchObject({
      success: false,
      error_code: 'SAML_REQUEST_ANSWERED',
      user: person.name,
      service_provider_name: 'aws-identity-center',
    })
  })

  test('a flood is written to the log, not to the audit log without end', async () => {
    await using flooded = await openTestGateway({ resources: [...testResources, spResource()] })
    const browser = new TestBrowser(flooded)
    const pages: Shown[] = []
    for (let count = 0; count < 35; count++) {
      pages.push(
        pageData(
          (await browser.get(redirectPath(authnRequest({ issuer: 'https://flood.example' }).xml))).text,
        ),
      )
    }
    expect(pages.filter(({ audited }) => audited)).toHaveLength(30)
    const events = await auditEvents(flooded, { type: 'saml.idp.auth' })
    expect(events).toHaveLength(30)
  })
})

describe('a person who is allowed and cannot be announced', () => {
  test.each([
    ['a name that is no mail address', { name: 'bob', roles: ['aws'] }, /mail address/],
    [
      'a trait with two values',
      { name: 'two@example.com', roles: ['aws'], traits: { cost_center: ['1', '2'] } },
      /CostCenter/,
    ],
    [
      'a trait that is too long',
      { name: 'long@example.com', roles: ['aws'], traits: { cost_center: ['x'.repeat(300)] } },
      /256/,
    ],
  ])('%s: the page says so, and its reference finds the event', async (_, person, reason) => {
    const browser = await signIn(gateway, await createPerson(gateway, admin, person))
    const response = await browser.get('/saml/idp/login/aws-identity-center')
    expect(response.status).toBe(403)
    const shown = pageData(response.text)
    expect(shown).toMatchObject({ kind: 'refusal', title: 'You cannot be announced to aws-identity-center' })
    expect(shown.reasons?.join(' ')).toMatch(reason)
    expect(shown.advice.join(' ')).toContain('Ask an administrator')
    const [event] = await auditEvents(gateway, { uid: shown.reference })
    expect(event).toMatchObject({ success: false, user: person.name, sid: '' })
    expect(String(event?.error)).toMatch(reason)
  })

  test('a name that is no mail address: the tile says so before the click', async () => {
    const roles = ['aws']
    const named = await signIn(gateway, await createPerson(gateway, admin, { name: 'carol', roles }))
    const [refused] = ((await named.get('/v1/apps')).body as { items: unknown[] }).items
    expect(refused).toMatchObject({ name: 'aws-identity-center', allowed: false, requires: [] })
    expect((refused as { because: string }).because).toMatch(
      /^You cannot be announced to aws-identity-center\. Your user name "carol" is no mail address, and AWS IAM .*Ask an administrator/,
    )
    const mailed = await createPerson(gateway, admin, { name: 'carol@example.com', roles })
    const [allowed] = ((await (await signIn(gateway, mailed)).get('/v1/apps')).body as { items: unknown[] })
      .items
    expect(allowed).toMatchObject({ name: 'aws-identity-center', allowed: true })
  })
})
