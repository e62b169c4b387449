/** Requests of a service provider whose metadata has a signing key: only its own, whole, unchanged ones count. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testResources } from '../support/people.js'
import { authnRequest, redirectPath, spEntityId, spResource, ssoUrl } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { keyedMetadata, postRequest, raw, rsaSha1, signXml, signedQuery, type Answer } from './support.js'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [...testResources, spResource({ entity_descriptor: keyedMetadata() })],
  })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

function expectRefused(answer: Answer, detail: string): void {
  expect(answer).toMatchObject({ status: 400, code: 'INVALID_SAML_REQUEST' })
  expect(answer.detail).toContain(detail)
  expect(answer.text).not.toContain('SAMLResponse')
}

const byQuery = async (query: string): Promise<Answer> => await raw(gateway, `/saml/idp/sso?${query}`)
const doesNotVerify = 'carries a signature that does not verify'
const isNotSigned = 'is not signed, but its metadata has a signing key'

describe('by Redirect', () => {
  test('signed as it must be, it is taken', async () => {
    expect((await byQuery(signedQuery(authnRequest().xml, { relayState: 'a b' }))).status).toBe(303)
    expect((await byQuery(signedQuery(authnRequest().xml))).status).toBe(303)
  })

  test('unsigned, or with its signature stripped, it is refused', async () => {
    expectRefused(await raw(gateway, redirectPath(authnRequest().xml)), isNotSigned)
    const stripped = signedQuery(authnRequest().xml).replace(/&SigAlg=.*$/, '')
    expectRefused(await byQuery(stripped), isNotSigned)
    const half = signedQuery(authnRequest().xml).replace(/&Signature=.*$/, '')
    expectRefused(await byQuery(half), 'SigAlg and Signature must be sent together')
  })

  test('an enveloped signature does not stand in for the one of the query', async () => {
    expectRefused(await raw(gateway, redirectPath(signXml(authnRequest().xml))), isNotSigned)
  })

  test('SHA-1 and another key are refused', async () => {
    const sha1 = signedQuery(authnRequest().xml, { sigAlg: rsaSha1, digest: 'sha1' })
    expectRefused(await byQuery(sha1), doesNotVerify)
    expectRefused(await byQuery(signedQuery(authnRequest().xml, { key: 'other-idp' })), doesNotVerify)
    const relabelled = signedQuery(authnRequest().xml).replace('rsa-sha256', 'rsa-sha512')
    expectRefused(await byQuery(relabelled), doesNotVerify)
  })

  test('a signature over another order of the query is refused', async () => {
    const order = ['RelayState', 'SAMLRequest', 'SigAlg']
    expectRefused(await byQuery(signedQuery(authnRequest().xml, { relayState: 'a', order })), doesNotVerify)
  })

  test.each([
    ['changed', (query: string) => query.replace('RelayState=here', 'RelayState=there')],
    ['dropped', (query: string) => query.replace('&RelayState=here', '')],
    ['added', (query: string) => `${query.replace('&RelayState=here', '')}&RelayState=here`],
  ])('a RelayState that was %s after signing is refused', async (how, change) => {
    const signed = signedQuery(authnRequest().xml, how === 'added' ? {} : { relayState: 'here' })
    const changed = change(signed)
    expect(changed).not.toBe(signed)
    expectRefused(await byQuery(changed), doesNotVerify)
  })

  test('a signed request that names no Destination is refused: it may have been made for another', async () => {
    const query = signedQuery(authnRequest({ destination: null }).xml)
    expectRefused(await byQuery(query), 'names no Destination')
  })
})

describe('by POST', () => {
  const signatureOf = (xml: string): string => /<ds:Signature[ >].*<\/ds:Signature>/s.exec(xml)?.[0] ?? ''
  const genuine = signXml(authnRequest({ id: 'genuine' }).xml)
  const signature = signatureOf(genuine)
  const original = genuine.replace(signature, '')
  const forged = (id: string): string =>
    authnRequest({ id, attributes: 'ForceAuthn="false"' }).xml.replace(/^<\?xml.*?\?>/, '')
  const insert = (xml: string, inside: string): string =>
    xml.replace('</saml2p:AuthnRequest>', () => `${inside}</saml2p:AuthnRequest>`)
  const afterIssuer = (xml: string, inside: string): string =>
    xml.replace('</saml2:Issuer>', () => `</saml2:Issuer>${inside}`)
  const extensions = (inside: string): string => `<saml2p:Extensions>${inside}</saml2p:Extensions>`

  test('signed as it must be, it is taken', async () => {
    expect((await postRequest(gateway, signXml(authnRequest().xml))).status).toBe(303)
  })

  const attacks: readonly (readonly [string, string, string])[] = [
    ['unsigned', authnRequest().xml, isNotSigned],
    ['with its signature stripped', original, isNotSigned],
    ['with SHA-1', signXml(authnRequest().xml, { signatureAlgorithm: rsaSha1 }), doesNotVerify],
    [
      'with a SHA-1 digest',
      signXml(authnRequest().xml, { digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' }),
      doesNotVerify,
    ],
    ['by another key', signXml(authnRequest().xml, { key: 'other-idp' }), doesNotVerify],
    ['changed after signing', genuine.replace(ssoUrl, `${ssoUrl}#`), doesNotVerify],
    ['wrapped: the signed one in Extensions', insert(forged('forged'), extensions(genuine)), doesNotVerify],
    [
      'wrapped: its signature moved to the forged root',
      insert(afterIssuer(forged('forged'), signature), extensions(original)),
      doesNotVerify,
    ],
    [
      'wrapped: both with the same ID',
      insert(afterIssuer(forged('genuine'), signature), extensions(original)),
      doesNotVerify,
    ],
    [
      'wrapped: the signed one inside an Object of the signature',
      afterIssuer(
        forged('forged'),
        signature.replace('</ds:Signature>', () => `<ds:Object>${original}</ds:Object></ds:Signature>`),
      ),
      doesNotVerify,
    ],
    ['with two signatures', genuine.replace(signature, () => signature + signature), doesNotVerify],
    [
      'with an issuer that a comment cuts',
      genuine.replace(spEntityId, `${spEntityId}<!-- -->.evil.example`),
      'holds a comment (<!-- ... -->)',
    ],
  ]
  test.each(attacks)('%s, it is refused', async (_, xml, detail) => {
    expect(signature).not.toBe('')
    expectRefused(await postRequest(gateway, xml), detail)
  })

  test('the parameters of a signed query do not sign a form', async () => {
    const query = new URLSearchParams(signedQuery(authnRequest().xml))
    const answer = await postRequest(gateway, authnRequest().xml, {
      SigAlg: query.get('SigAlg') ?? '',
      Signature: query.get('Signature') ?? '',
    })
    expectRefused(answer, isNotSigned)
  })
})

test('a signed request of a provider without a key is not taken for an unsigned one', async () => {
  await using other = await openTestGateway({ resources: [...testResources, spResource()] })
  const answer = await raw(other, `/saml/idp/sso?${signedQuery(authnRequest().xml)}`)
  expectRefused(answer, doesNotVerify)
})
