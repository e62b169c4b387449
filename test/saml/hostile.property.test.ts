/**
 * @module Fuzz: whatever comes in, the parsers answer or refuse with a GatewayError of their code, quickly.
 */
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/error.js'
import { parseAuthnRequest } from '../../src/saml/authn-request.js'
import { parsePostRequest, parseRedirectRequest } from '../../src/saml/parse-request.js'
import { parseServiceProviderMetadata } from '../../src/saml/sp-metadata.js'
import { verifyPostSignature, verifyRedirectSignature } from '../../src/saml/verify-request.js'
import { readFixtures } from './fixtures.js'
import { certificate, now } from './support.js'

const certificates = [certificate('dev-sp')]

/** Parts of valid and invalid documents, cut, doubled, swapped and mixed with markup. */
function mutated(kind: 'requests' | 'metadata', only?: string): fc.Arbitrary<string> {
  const documents = [...readFixtures(kind, 'valid'), ...readFixtures(kind, 'invalid')]
    .filter(({ extension, name }) => extension === 'xml' && (only === undefined || name === only))
    .map(({ content }) => content.toString().slice(0, 6000))
  const splice = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(40),
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '/>',
        '"',
        "'",
        '&',
        ';',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
        '<!',
        '</',
        ' xmlns="',
        ' ID="',
        '=',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
  )
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(splice, { maxLength: 5 }))
    .map(([document, splices]) =>
      splices.reduce((text, [place, length, insert]) => {
        const at = Math.floor(place * text.length)
        return text.slice(0, at) + insert + text.slice(at + length)
      }, document),
    )
}

function answersOrRefuses(run: () => unknown, code: string): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    expect(error.code).toBe(code)
    expect(error.message.length).toBeLessThan(4000)
  }
}

function receive(xml: string | Uint8Array): void {
  answersOrRefuses(() => {
    const { xml: posted } = parsePostRequest({ SAMLRequest: Buffer.from(xml).toString('base64') })
    verifyPostSignature(posted, certificates)
  }, 'INVALID_SAML_REQUEST')
}

describe('hostile input', () => {
  test('as a posted request', () => {
    fc.assert(fc.property(fc.oneof(mutated('requests'), fc.string({ unit: 'binary' })), receive), {
      numRuns: 700,
    })
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), receive), { numRuns: 300 })
  })

  test('made of a signed request keeps a valid signature only if it still says the same', () => {
    const signed = readFixtures('requests', 'valid').find(({ name }) => name === 'signature')
    const original = parseAuthnRequest(signed?.content ?? '')
    const property = fc.property(mutated('requests', 'signature'), (xml) => {
      answersOrRefuses(() => {
        const parsed = parseAuthnRequest(xml)
        if (verifyPostSignature(xml, certificates).state === 'valid') expect(parsed).toEqual(original)
      }, 'INVALID_SAML_REQUEST')
    })
    fc.assert(property, { numRuns: 400 })
  })

  test('as a query', () => {
    const query = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webQueryParameters(),
      mutated('requests').map(
        (xml) => `SAMLRequest=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}&RelayState=%`,
      ),
      fc
        .uint8Array({ maxLength: 200 })
        .map(
          (bytes) =>
            `SAMLRequest=${encodeURIComponent(Buffer.from(bytes).toString('base64'))}&SigAlg=x&Signature=AAAA`,
        ),
    )
    const property = fc.property(query, (raw) => {
      answersOrRefuses(
        () => verifyRedirectSignature(parseRedirectRequest(raw), certificates),
        'INVALID_SAML_REQUEST',
      )
    })
    fc.assert(property, { numRuns: 1000 })
  })

  test('as metadata', () => {
    const property = fc.property(fc.oneof(mutated('metadata'), fc.string({ unit: 'binary' })), (xml) => {
      answersOrRefuses(() => {
        const metadata = parseServiceProviderMetadata(xml, { allowHttpLoopback: false, now })
        for (const { url } of metadata.assertionConsumerServices) expect(url).toMatch(/^https:\/\//i)
      }, 'INVALID_METADATA')
    })
    fc.assert(property, { numRuns: 1000 })
  })

  test.each([
    ['open tags', '<a>'.repeat(20_000)],
    ['open brackets', '<'.repeat(60_000)],
    ['quotes', `<a b=${'"x" '.repeat(15_000)}`],
    ['open comments', '<!--'.repeat(15_000)],
    ['ampersands', `<a>${'&'.repeat(60_000)}</a>`],
    ['references', `<a>${'&amp;'.repeat(12_000)}</a>`],
    ['a long name', `<${'a'.repeat(60_000)}/>`],
    [
      'many namespaces',
      `<a ${Array.from({ length: 30 }, (_, at) => `xmlns:n${at}="u"`).join(' ')}>${'<n1:b/>'.repeat(200)}</a>`,
    ],
  ])('of %s is judged in linear time', (_, xml) => {
    const start = performance.now()
    answersOrRefuses(
      () => parsePostRequest({ SAMLRequest: Buffer.from(xml).toString('base64') }),
      'INVALID_SAML_REQUEST',
    )
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
