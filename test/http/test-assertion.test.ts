/** @module The test of an application: what a person would get there, from the same code as the sign-in itself. */
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestAssertionAnswer } from '../../src/api/contract.js'
import {
  auditEvents,
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { acsUrls, readPostedForm, spEntityId, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const accessControl = 'https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter'
const mapping = (value: string, name = accessControl) => ({
  attribute_mapping: [{ name, name_format: 'uri', value }],
})

let gateway: TestGateway
let admin: TestBrowser
let browser: TestBrowser
beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('closed', 'v8', {}),
      spResource(mapping('user.spec.traits.cost_center')),
    ],
  })
  admin = await signInAdmin(gateway)
  const dev = {
    name: 'dev@example.com',
    roles: ['aws'],
    traits: { cost_center: ['cc-42'], long: ['x'.repeat(257)] },
  }
  browser = await signIn(gateway, await createPerson(gateway, admin, dev))
  await createPerson(gateway, admin, { name: 'new@example.com', roles: ['closed'] })
  await createPerson(gateway, admin, { name: 'mfa@example.com', roles: ['aws-mfa'], totp: true })
  await createPerson(gateway, admin, { name: 'nomail', roles: ['aws'] })
  await createPerson(gateway, admin, { name: 'two@example.com', roles: ['aws', 'closed'] })
  await createPerson(gateway, admin, {
    name: 'two-mfa@example.com',
    roles: ['aws-mfa', 'closed'],
    totp: true,
  })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

async function ask(body: object): Promise<TestAssertionAnswer> {
  const response = await admin.post('/v1/saml/test-assertion', body)
  expect(response.status, response.text).toBe(200)
  return response.body as TestAssertionAnswer
}
const asked = { user: 'dev@example.com', serviceProvider: 'aws-identity-center' }

describe('of a stored application', () => {
  test('says what the sign-in says: NameID, attributes, and the assertion but for IDs and the signature', async () => {
    const tested = await ask(asked)
    expect(tested).toMatchObject({
      effect: 'allow',
      entityId: spEntityId,
      acsUrl: acsUrls[0],
      nameId: { value: 'dev@example.com', format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' },
    })
    expect(tested.says).toMatch(
      /^"dev@example\.com" may sign in to "aws-identity-center"\. Role "aws" \(v8\) allows it/,
    )
    expect(tested.attributes.at(-1)).toMatchObject({ name: accessControl, values: ['cc-42'] })
    expect(tested.omitted.map(({ name }) => name)).toEqual(['urn:oid:1.3.6.1.4.1.5923.1.1.1.1'])

    const signed = readPostedForm((await browser.get('/saml/idp/login/aws-identity-center')).text).xml
    const real = signed.slice(signed.indexOf('<saml:Assertion'), signed.indexOf('</samlp:Response>'))
    const bare = (xml: string) =>
      xml
        .replace(/<!--.*-->\n/, '')
        .replace(/<ds:Signature .*?<\/ds:Signature>/gs, '')
        .replace(/\n\s*/g, '')
        .replace(/(ID|SessionIndex)="[^"]*"/g, '$1=""')
    expect(bare(tested.xml)).toBe(bare(real))
  })

  test('is of no use to anyone: no signature, no session', async () => {
    const { xml } = await ask(asked)
    expect(xml).toMatch(/^<!-- A test: not signed, stored or sent\./)
    expect(xml).not.toMatch(/Signature|samlp:Response/)
  })

  test('writes no event and keeps nothing', async () => {
    const before = await auditEvents(gateway)
    await ask(asked)
    await ask({ ...asked, user: 'new@example.com' })
    expect(await auditEvents(gateway)).toEqual(before)
  })

  test('tells a missing trait by name', async () => {
    const { omitted, effect } = await ask({ ...asked, user: 'mfa@example.com' })
    expect(effect).toBe('step_up')
    expect(omitted.at(-1)).toEqual({
      name: accessControl,
      says: '"mfa@example.com" has no trait "cost_center", which user.spec.traits.cost_center asks for.',
    })
  })

  test('tells a refusal and still shows what would be said', async () => {
    const { effect, says, xml } = await ask({ ...asked, user: 'new@example.com' })
    expect(effect).toBe('deny')
    expect(says).toMatch(/may not sign in to "aws-identity-center"\..*app_labels/)
    expect(xml).toContain('new@example.com')
  })

  test.each([
    [
      'two@example.com',
      'allow',
      /^"two@example\.com" may sign in to "aws-identity-center"\. Role "aws" \(v8\) allows it/,
    ],
    [
      'two-mfa@example.com',
      'step_up',
      /^"two-mfa@example\.com" may sign in to "aws-identity-center" after a fresh second factor\. Role "aws-mfa" \(v8\) allows it/,
    ],
  ])(
    'gives %s, who holds a role that does not match too, the reason that allows',
    async (user, effect, words) => {
      const tested = await ask({ ...asked, user })
      expect(tested.effect).toBe(effect)
      expect(tested.says).toMatch(words)
      expect(tested.says).not.toContain('does not')
    },
  )

  test('tells a user name that AWS does not take', async () => {
    const { effect, says } = await ask({ ...asked, user: 'nomail' })
    expect(effect).toBe('deny')
    expect(says).toMatch(/^The roles let "nomail" in, but the sign-in would fail:.*wants a mail address/)
  })

  test.each([
    [{ ...asked, user: 'nobody@example.com' }, 404, 'NOT_FOUND', /no user "nobody@example\.com"/],
    [{ ...asked, serviceProvider: 'none' }, 404, 'NOT_FOUND', /no service provider "none"/],
    [{ user: asked.user }, 400, 'INVALID_INPUT', /give either serviceProvider/],
    [{ ...asked, document: 'kind: x' }, 400, 'INVALID_INPUT', /give either serviceProvider/],
  ])('refuses %j', async (body, status, code, detail) => {
    const response = await admin.post('/v1/saml/test-assertion', body)
    expect([response.status, response.body]).toMatchObject([status, { code }])
    expect((response.body as { detail: string }).detail).toMatch(detail)
  })
})

describe('of an application that is being written', () => {
  const document = (spec: Readonly<Record<string, unknown>>) => stringify(spResource(spec))

  test('uses the mapping as written, and stores nothing of it', async () => {
    const tested = await ask({
      user: asked.user,
      document: document(mapping('strings.upper(user.spec.traits.cost_center)')),
    })
    expect(tested.attributes.at(-1)?.values).toEqual(['CC-42'])
    expect((await ask(asked)).attributes.at(-1)?.values).toEqual(['cc-42'])
  })

  test('tells every limit of AWS that is broken', async () => {
    const spec = {
      attribute_mapping: [
        { name: accessControl, value: 'user.spec.traits.long' },
        { name: 'many', value: 'set("a", "b")' },
      ],
    }
    const { effect, says } = await ask({ user: asked.user, document: document(spec) })
    expect(effect).toBe('deny')
    expect(says).toMatch(/256 characters at most, this has 257/)
    expect(says).toMatch(/"many".*AWS accepts one value, this gives 2/)
  })

  test('refuses what could not be stored, with the line', async () => {
    const text = document(mapping('user.spec.traits.'))
    const response = await admin.post('/v1/saml/test-assertion', { user: asked.user, document: text })
    expect(response.status).toBe(400)
    expect(response.text).toMatch(/attribute_mapping/)
    const label = { ...(spResource({ preset: 'unspecified' }) as object) }
    const forged = await admin.post('/v1/saml/test-assertion', {
      user: asked.user,
      document: stringify(label),
    })
    expect(forged.body).toMatchObject({ code: 'INVALID_RESOURCE' })
    expect((forged.body as { detail: string }).detail).toMatch(/the gateway alone sets this label/)
  })

  test('calls the document what the caller calls it', async () => {
    const text = document({ preset: 'none of them' })
    const problemsOf = async (more: object) => {
      const { status, body } = await admin.post('/v1/saml/test-assertion', {
        user: asked.user,
        document: text,
        ...more,
      })
      expect(status).toBe(400)
      return (body as { detail: string }).detail
    }
    expect(await problemsOf({ source: 'sp.yaml' })).toMatch(/sp\.yaml:\d+: /)
    expect(await problemsOf({})).toMatch(/request:\d+: /)
  })

  test('takes one document, not two and not none', async () => {
    const one = document({})
    for (const [text, count] of [
      [`${one}---\n${one}`, 2],
      ['', 0],
    ] as const) {
      const response = await admin.post('/v1/saml/test-assertion', { user: asked.user, document: text })
      expect(response.body).toMatchObject({ code: 'INVALID_RESOURCE' })
      expect((response.body as { detail: string }).detail).toContain(`there are ${count}`)
    }
  })
})
