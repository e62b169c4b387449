/**
 * @module Any text that XML can carry goes through a Response unchanged, and the written bytes are the canonical
 * form that xml-crypto makes of them; the same for RelayState, in by the query and out by the form.
 */
import { DOMParser } from '@xmldom/xmldom'
import fc from 'fast-check'
import xpath from 'xpath'
import { describe, expect, test } from 'vitest'
import { parseRedirectRequest } from '../../src/saml/parse-request.js'
import { buildPostForm } from '../../src/saml/post-form.js'
import { signResponse } from '../../src/saml/sign-response.js'
import { findForbiddenCharacter } from '../../src/saml/xml-characters.js'
import { readFixtures } from './fixtures.js'
import { canonicalForm, certificate, devIdp, sample, verifySignatures } from './support.js'

const nasty = fc.constantFrom(
  '<',
  '>',
  '&',
  '"',
  "'",
  '\r',
  '\n',
  '\t',
  '\r\n',
  ']]>',
  '<!--',
  '&amp;',
  '&#x0;',
  '😀',
  'é',
  '\u2029x',
  '\uD800',
  '\u0000',
  ' ',
)
const piece = fc.oneof(
  { weight: 2, arbitrary: nasty },
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const anyText = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
const carriable = anyText.filter((text) => findForbiddenCharacter(text) === undefined)
const attribute = fc.record({
  name: carriable,
  nameFormat: carriable,
  values: fc.array(carriable, { maxLength: 3 }),
})

const content = fc.record({
  nameId: carriable,
  audience: carriable,
  issuer: carriable,
  acsUrl: carriable,
  sessionIndex: carriable,
  inResponseTo: fc.option(carriable, { nil: undefined }),
  attributes: fc.array(attribute, { maxLength: 3 }),
})

/** Reads by XPath out of one parse; XML 1.0 §2.11 line ends, as a service provider's parser has them. */
function reader(xml: string): (path: string) => string[] {
  const parser = new DOMParser({
    normalizeLineEndings: (text) => text.replace(/\r\n?/g, '\n'),
    // U+FFFD in a name is odd but legal; xmldom would print a warning.
    onError: (level, message) => {
      if (level !== 'warning') throw new Error(message)
    },
  })
  const document = parser.parseFromString(xml, 'text/xml') as never
  return (path) => {
    const found = xpath.select(path, document) as { textContent?: string; value?: string }[]
    return found.map((node) => node.value ?? node.textContent ?? '')
  }
}

describe('a Response', () => {
  test('of any values is canonical and reads back as written, in 1,000 cases', async () => {
    let verified = 0
    const property = fc.asyncProperty(content, async (change) => {
      const xml = await signResponse({ ...sample, ...change }, devIdp)
      expect(canonicalForm(xml)).toBe(xml)
      const read = reader(xml)
      expect(read("//*[local-name()='NameID']")).toEqual([change.nameId])
      expect(read("//*[local-name()='Audience']")).toEqual([change.audience])
      expect(read("//*[local-name()='Issuer']")).toEqual([change.issuer, change.issuer])
      expect(read('/*/@Destination | //@Recipient')).toEqual([change.acsUrl, change.acsUrl])
      expect(read('//@SessionIndex')).toEqual([change.sessionIndex])
      const answers = change.inResponseTo === undefined ? [] : [change.inResponseTo, change.inResponseTo]
      expect(read('//@InResponseTo')).toEqual(answers)
      expect(read("//*[local-name()='Attribute']/@Name")).toEqual(change.attributes.map(({ name }) => name))
      expect(read("//*[local-name()='AttributeValue']")).toEqual(
        change.attributes.flatMap(({ values }) => values),
      )
      // The other verifier has its own canonicalisation; it is slow, so it sees a part of the cases.
      verified += 1
      if (verified % 20 === 0) {
        expect(await verifySignatures(xml, certificate('dev-idp'))).toEqual({
          response: true,
          assertion: true,
        })
      }
    })
    await fc.assert(property, { numRuns: 1000 })
    expect(verified).toBeGreaterThanOrEqual(1000)
  }, 60_000)

  test('of values that XML cannot carry is refused, never repaired', async () => {
    const uncarriable = anyText.filter((text) => findForbiddenCharacter(text) !== undefined)
    const property = fc.asyncProperty(uncarriable, async (nameId) => {
      await expect(signResponse({ ...sample, nameId }, devIdp)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      })
    })
    await fc.assert(property, { numRuns: 200 })
  })
})

const htmlReferences: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#13;': '\r',
  '&#10;': '\n',
}

describe('RelayState', () => {
  const request = readFixtures('requests', 'valid').find(
    ({ name, extension }) => name === 'redirect.signed' && extension === 'query',
  )
  const [message = ''] = request?.content.toString().split('&') ?? []

  test('goes in by a query and out by a form unchanged, in 1,000 cases', () => {
    const sendable = anyText.filter((text) => !/\p{Surrogate}/u.test(text) && !text.includes('\0'))
    const property = fc.property(sendable, (relayState) => {
      const parsed = parseRedirectRequest(`${message}&RelayState=${encodeURIComponent(relayState)}`)
      expect(parsed.relayState).toBe(relayState)
      const { html } = buildPostForm({
        acsUrl: sample.acsUrl,
        samlResponseXml: '<x/>',
        relayState,
        applicationName: 'aws',
      })
      const written = /name="RelayState" value="([^"]*)"/.exec(html)?.[1] ?? 'missing'
      expect(written.replace(/&[^;]*;/g, (found) => htmlReferences[found] ?? 'unknown')).toBe(relayState)
    })
    fc.assert(property, { numRuns: 1000 })
  })
})
