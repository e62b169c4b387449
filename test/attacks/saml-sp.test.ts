/** What somebody can post as the answer of an upstream identity provider. Beside each attack a good answer gets in. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LoginFault } from '../../src/core/saml/login-response.js'
import { auditEvents, role, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import {
  makeUpstreamIdp,
  resignByHmac,
  signUpstream,
  type Answer,
  type ReadRequest,
  type SigningOptions,
  type UpstreamSamlIdp,
} from '../support/upstream-saml-idp.js'
import { Visitor } from '../support/upstream-visit.js'
import { wrappings, wrapSignature } from '../support/wrap-signature.js'

let gateway: TestGateway
let idp: UpstreamSamlIdp
let other: UpstreamSamlIdp
let attacker: UpstreamSamlIdp

const victim = 'root@corp.example'
const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'

function connector(name: string, descriptor: string, spec: Readonly<Record<string, unknown>> = {}): unknown {
  const attributes_to_roles = [{ name: 'groups', value: 'platform', roles: ['aws'] }]
  return {
    kind: 'saml',
    version: 'v2',
    metadata: { name },
    spec: { entity_descriptor: descriptor, attributes_to_roles, ...spec },
  }
}

const clockOf = () => gateway.clock.now()

beforeAll(async () => {
  idp = await makeUpstreamIdp('https://idp.corp.example', clockOf)
  other = await makeUpstreamIdp('https://other.example', clockOf)
  attacker = await makeUpstreamIdp('https://idp.corp.example', clockOf)
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('root', 'v8', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } }),
      connector('corp', idp.metadata),
      connector('twin', idp.metadata),
      connector('partner', other.metadata),
      connector('open', idp.metadata, { allow_idp_initiated: true }),
    ],
  })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})
// Refusals that get an event are counted by the minute.
beforeEach(() => {
  gateway.clock.advance(61_000)
})

const at = (offset: number) => new Date(clockOf() + offset).toISOString()
const platform = { groups: ['platform'] }

interface Attempt {
  readonly visitor: Visitor
  readonly request: ReadRequest
  /** A Response to the request, signed as the identity provider signs. */
  readonly sign: (
    answer?: Answer,
    what?: { readonly signs?: 'Response' | 'Assertion'; readonly by?: UpstreamSamlIdp } & SigningOptions,
  ) => Promise<string>
}

async function begin(name = 'corp'): Promise<Attempt> {
  const visitor = new Visitor(gateway)
  const request = await visitor.begin(name)
  return {
    visitor,
    request,
    sign: async (answer = {}, { signs = 'Assertion', by = idp, ...options } = {}) =>
      await signUpstream(by.write(request, { attributes: platform, ...answer }), signs, by, options),
  }
}

async function lastEvent() {
  return (await auditEvents(gateway, { limit: '1', order: 'desc' }))[0]
}

async function expectGood(): Promise<void> {
  const { visitor, request, sign } = await begin()
  const visited = await visitor.answer('corp', await sign(), request.relayState)
  expect(visited).toMatchObject({ status: 303, location: '/' })
  expect(await visitor.name()).toBe('mallory@corp.example')
}

async function expectRefused(visitor: Visitor, fault: LoginFault): Promise<void> {
  expect(visitor.isSignedIn).toBe(false)
  const event = await lastEvent()
  expect(event).toMatchObject({ code: 'T1001W', success: false, method: 'saml', fault })
  expect(event?.['error']).toEqual(expect.stringMatching(/\w{4}/))
  expect(await gateway.gateway.catalog.user(victim)).toBeUndefined()
}

type Attack = readonly [name: string, fault: LoginFault, make: (attempt: Attempt) => Promise<string>]

const attacks: readonly Attack[] = [
  ...wrappings.map((wrapping): Attack => [
    wrapping.name,
    'malformed',
    async ({ sign }) => wrapSignature(wrapping, await sign({}, wrapping), victim),
  ]),
  [
    'a comment that would cut the NameID',
    'malformed',
    async ({ sign }) =>
      (await sign({ nameId: `${victim}.evil.example` })).replace(`${victim}.evil`, `${victim}<!-- -->.evil`),
  ],
  [
    'a CDATA section in the NameID',
    'malformed',
    async ({ sign }) => (await sign()).replace('mallory@', '<![CDATA[root@]]>'),
  ],
  [
    'no signature',
    'signature',
    ({ request }) => Promise.resolve(idp.write(request, { nameId: victim, attributes: platform })),
  ],
  [
    'a name that was changed',
    'signature',
    async ({ sign }) => (await sign()).replace('mallory@corp.example', victim),
  ],
  [
    'a Response that is signed around another assertion',
    'signature',
    async ({ sign }) => (await sign({}, { signs: 'Response' })).replace('mallory@corp.example', victim),
  ],
  [
    "the attacker's key, and his certificate in KeyInfo",
    'signature',
    ({ sign }) => sign({}, { by: attacker }),
  ],
  [
    "the attacker's key, and the true certificate in KeyInfo",
    'signature',
    ({ sign }) => sign({}, { by: attacker, keyInfo: idp }),
  ],
  [
    'HMAC with the certificate for a secret',
    'signature',
    async ({ sign }) => resignByHmac(await sign(), idp),
  ],
  ['SHA-1', 'signature', ({ sign }) => sign({}, { hash: 'SHA-1' })],
  ['inclusive C14N of SignedInfo', 'signature', ({ sign }) => sign({}, { canonicalization: inclusive })],
  [
    'inclusive C14N of the assertion',
    'signature',
    ({ sign }) => sign({}, { transforms: ['enveloped', 'c14n'] }),
  ],
  [
    'exclusive C14N with comments',
    'signature',
    ({ sign }) => sign({}, { transforms: ['enveloped', 'exc-c14n-com'] }),
  ],
  ['a DOCTYPE', 'malformed', async ({ sign }) => `<!DOCTYPE r [<!ENTITY e "x">]>${await sign()}`],
  ['a processing instruction', 'malformed', async ({ sign }) => `<?x y?>${await sign()}`],
  [
    'two assertions, both signed',
    'malformed',
    async ({ sign }) => {
      const [one, two] = [await sign(), await sign({ nameId: victim })]
      const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(two)?.[0] ?? ''
      return one.replace('</samlp:Response>', `${assertion}</samlp:Response>`)
    },
  ],
  [
    'an encrypted assertion',
    'encrypted',
    async ({ sign }) => (await sign()).replaceAll('saml:Assertion', 'saml:EncryptedAssertion'),
  ],
  ['another audience', 'audience', ({ sign }) => sign({ parts: { audience: 'https://other.example/sp' } })],
  [
    'another recipient',
    'confirmation',
    ({ sign }) => sign({ parts: { recipient: 'https://other.example' } }),
  ],
  [
    'another destination',
    'destination',
    ({ sign }) => sign({ parts: { destination: 'https://other.example' } }),
  ],
  ['another issuer', 'issuer', ({ sign }) => sign({ parts: { issuer: 'https://other.example' } })],
  [
    'an assertion that is over',
    'conditions',
    ({ sign }) => sign({ parts: { notBefore: at(-600_000), notOnOrAfter: at(-61_000) } }),
  ],
  [
    'a confirmation that is over',
    'confirmation',
    ({ sign }) => sign({ parts: { subjectNotOnOrAfter: at(-61_000) } }),
  ],
  ['an assertion of tomorrow', 'conditions', ({ sign }) => sign({ parts: { notBefore: at(61_001) } })],
  ['a Response of tomorrow', 'issue_instant', ({ sign }) => sign({ parts: { issueInstant: at(61_001) } })],
  [
    'a Response of yesterday',
    'issue_instant',
    ({ sign }) => sign({ parts: { issueInstant: at(-86_400_000) } }),
  ],
  [
    'a session that is over',
    'authn_statement',
    ({ sign }) => sign({ parts: { sessionNotOnOrAfter: at(-1) } }),
  ],
  ['no InResponseTo', 'in_response_to', ({ sign }) => sign({ parts: { inResponseTo: undefined } })],
  [
    'no InResponseTo in what was signed',
    'confirmation',
    ({ sign }) => sign({ parts: { subjectInResponseTo: undefined } }),
  ],
  [
    'the answer to another request',
    'in_response_to',
    ({ sign }) => sign({ parts: { inResponseTo: '_other' } }),
  ],
  [
    'a transient NameID',
    'name_id',
    ({ sign }) => sign({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }),
  ],
  [
    'a status other than success',
    'status',
    async ({ sign }) => (await sign()).replace('status:Success', 'status:Responder'),
  ],
  ['a Response of 200 KiB', 'malformed', async ({ sign }) => `${await sign()}${' '.repeat(150_000)}<`],
]

describe('an answer to our request', () => {
  test.each(attacks)('with %s is refused (%s), and a good one is not', async (_, fault, make) => {
    const attempt = await begin()
    const { visitor, request } = attempt
    const { status } = await visitor.answer('corp', await make(attempt), request.relayState)
    expect([400, 403]).toContain(status)
    await expectRefused(visitor, fault)
    await expectGood()
  })
})

describe('an answer that was meant for', () => {
  test('another browser signs nobody in, and still signs in the browser that asked', async () => {
    const mallory = await begin()
    const xml = await mallory.sign()
    const alice = await begin()
    expect((await alice.visitor.answer('corp', xml, mallory.request.relayState)).status).toBe(410)
    await expectRefused(alice.visitor, 'in_response_to')
    // Kept by the post of another, it waits for its own browser.
    const path = `/v1/connectors/callback/saml/corp/finish?state=${mallory.request.relayState}`
    expect((await mallory.visitor.get(path)).status).toBe(303)
    expect(await mallory.visitor.name()).toBe('mallory@corp.example')
  })

  test('the request of another browser is refused where it comes with a state of this one', async () => {
    const mallory = await begin()
    const xml = await mallory.sign()
    const alice = await begin()
    expect((await alice.visitor.answer('corp', xml, alice.request.relayState)).status).toBe(403)
    await expectRefused(alice.visitor, 'in_response_to')
  })

  test('another connector with another identity provider is refused here (mix-up)', async () => {
    const { visitor, request, sign } = await begin('partner')
    const xml = await sign({ nameId: 'guest@other.example' }, { by: other })
    expect((await visitor.answer('corp', xml, request.relayState)).status).toBe(403)
    await expectRefused(visitor, 'signature')
    expect((await visitor.answer('partner', xml, request.relayState)).status).toBe(303)
  })

  test('another connector with the same identity provider is refused here', async () => {
    const { visitor, request, sign } = await begin('twin')
    const xml = await sign()
    expect((await visitor.answer('corp', xml, request.relayState)).status).toBe(403)
    await expectRefused(visitor, 'destination')
  })

  test('a sign-in that was answered already is refused', async () => {
    const { visitor, request, sign } = await begin()
    const xml = await sign()
    expect((await visitor.answer('corp', xml, request.relayState)).status).toBe(303)
    const again = new Visitor(gateway)
    expect((await again.answer('corp', xml, request.relayState)).status).toBe(403)
    await expectRefused(again, 'in_response_to')
  })

  test('a sign-in of ten minutes ago is refused', async () => {
    const { visitor, request, sign } = await begin()
    gateway.clock.advance(10 * 60_000)
    expect((await visitor.answer('corp', await sign(), request.relayState)).status).toBe(403)
    await expectRefused(visitor, 'in_response_to')
  })
})

describe('an answer that nobody asked for', () => {
  const unasked = { id: '', acsUrl: '', issuer: '' }
  const write = async (name: string, parts: Answer['parts'] = {}): Promise<string> => {
    const { request } = await begin(name)
    const to = { ...unasked, acsUrl: request.acsUrl, issuer: request.issuer }
    const none = { inResponseTo: undefined, subjectInResponseTo: undefined, ...parts }
    return await signUpstream(
      idp.write(to, { nameId: 'tile@corp.example', attributes: platform, parts: none }),
      'Assertion',
      idp,
    )
  }

  test('is refused, unless the connector allows it', async () => {
    const visitor = new Visitor(gateway)
    expect((await visitor.answer('corp', await write('corp'))).status).toBe(403)
    await expectRefused(visitor, 'unsolicited')
    expect((await visitor.answer('open', await write('open'), 'landing page')).status).toBe(303)
    expect(await visitor.name()).toBe('tile@corp.example')
  })

  test('is used once, also where it is allowed', async () => {
    const xml = await write('open')
    const first = new Visitor(gateway)
    await first.answer('open', xml)
    const second = new Visitor(gateway)
    expect((await second.answer('open', xml)).status).toBe(403)
    await expectRefused(second, 'replay')
  })

  test('may not say that it answers a request', async () => {
    const visitor = new Visitor(gateway)
    const xml = await write('open', { inResponseTo: '_somebody', subjectInResponseTo: '_somebody' })
    expect((await visitor.answer('open', xml)).status).toBe(403)
    await expectRefused(visitor, 'in_response_to')
  })
})

test('what is no form, or none with a Response, is refused', async () => {
  const visitor = new Visitor(gateway)
  const { status } = await visitor.answer('corp', '')
  expect(status).toBe(400)
  await expectRefused(visitor, 'malformed')
})
