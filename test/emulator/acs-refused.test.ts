import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  makeTestIdp,
  signBoth,
  signElement,
  writeIdpMetadata,
  writeResponse,
  type ResponseParts,
  type TestIdp,
} from '../support/saml-signer.js'
import { acsPath, Browser, Portal, spEntityId, startTime } from './portal.js'

let portal: Portal
let stranger: TestIdp

beforeAll(async () => {
  portal = await Portal.start()
  stranger = await makeTestIdp('https://idp.example.com/saml')
})
beforeEach(async () => {
  await portal.control('POST', 'reset')
  await portal.importIdp(writeIdpMetadata(portal.idp))
})
afterAll(() => portal.emulator.close())

const at = (seconds: number) => new Date(startTime + seconds * 1000).toISOString()
const accessControl = 'https://aws.amazon.com/SAML/Attributes/AccessControl:'
const attribute = (
  name: string,
  values: string[],
  format = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
) =>
  `<saml:Attribute Name="${name}" NameFormat="${format}">${values.map((v) => `<saml:AttributeValue>${v}</saml:AttributeValue>`).join('')}</saml:Attribute>`
const statement = (...attributes: string[]) =>
  `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`

interface Refused {
  readonly name: string
  readonly check: string | null
  readonly page: 'code' | 'unexpected' | 'not-you'
  readonly error: string | RegExp
  /** What is wrong with an otherwise right Response … */
  readonly parts?: () => Partial<ResponseParts>
  /** … or with its text before or after signing … */
  readonly edit?: (xml: string) => string
  readonly sign?: (xml: string) => string
  readonly tamper?: (xml: string) => string
}

const words = {
  code: [403, "Looks like this code isn't right"],
  unexpected: [400, 'An unexpected error has occurred'],
  'not-you': [400, "It's not you, it is us"],
} as const

const signatureOf = (xml: string) => /<ds:Signature[^]*?<\/ds:Signature>/.exec(xml)?.[0] ?? ''
const assertionOf = (xml: string) => /<saml:Assertion [^]*<\/saml:Assertion>/.exec(xml)?.[0] ?? ''
const signAssertion = (xml: string) => signElement(xml, 'Assertion', portal.idp)

/** XML signature wrapping: the signed assertion is kept somewhere, a forged one stands in its place. */
function wrap(where: (signed: string, forged: string) => string): (xml: string) => string {
  return (xml) => {
    const signed = assertionOf(xml)
    const forged = signed
      .replace(signatureOf(signed), '')
      .replace(/ ID="[^"]+"/, ' ID="_forged"')
      .replace('dev@example.com', 'ada@example.com')
    return xml.replace(signed, where(signed, forged))
  }
}

const refused: readonly Refused[] = [
  {
    name: 'a Response over 50,000 characters',
    check: 'size',
    page: 'unexpected',
    error: /^the Response has \d+ characters; at most 50000 are allowed$/,
    parts: () => ({ statements: statement(attribute('x', ['y'.repeat(50_000)])) }),
  },
  {
    name: 'a Response with a document type',
    check: 'xml',
    page: 'unexpected',
    error: 'the Response cannot be read: it contains a document type declaration',
    tamper: (xml) => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`,
  },
  {
    name: 'a Response with a processing instruction',
    check: 'xml',
    page: 'unexpected',
    error: 'the Response cannot be read: it contains a processing instruction',
    tamper: (xml) => xml.replace('<samlp:Status>', '<?php x?><samlp:Status>'),
  },
  {
    name: 'XML that is not well-formed',
    check: 'xml',
    page: 'unexpected',
    error: /^the Response cannot be read: it is not well-formed/,
    tamper: (xml) => xml.replace('</samlp:Response>', ''),
  },
  {
    name: 'nesting beyond reason',
    check: 'xml',
    page: 'unexpected',
    error: 'the Response cannot be read: it is nested deeper than 64 elements',
    tamper: () => '<a>'.repeat(3_000) + '</a>'.repeat(3_000),
  },
  {
    name: 'a message that is no Response',
    check: 'response',
    page: 'unexpected',
    error: 'the message is LogoutResponse, not a samlp:Response',
    tamper: () => '<LogoutResponse xmlns="urn:oasis:names:tc:SAML:2.0:protocol"/>',
  },
  {
    name: 'another SAML version',
    check: 'response',
    page: 'unexpected',
    error: 'the Response has Version 1.1, not 2.0',
    edit: (xml) => xml.replace('Version="2.0"', 'Version="1.1"'),
  },
  {
    name: 'a Response without status',
    check: 'status',
    page: 'unexpected',
    error: 'the Response has no status code',
    edit: (xml) => xml.replace(/<samlp:Status>.*<\/samlp:Status>/, ''),
  },
  {
    name: 'an encrypted assertion',
    check: 'not-encrypted',
    page: 'unexpected',
    error: 'EncryptedAssertion is not supported',
    edit: (xml) => xml.replace('</samlp:Status>', '</samlp:Status><saml:EncryptedAssertion/>'),
  },
  {
    name: 'two assertions',
    check: 'one-assertion',
    page: 'unexpected',
    error: 'the Response holds 2 assertions; exactly one is required',
    edit: (xml) =>
      xml.replace('</samlp:Response>', '<saml:Assertion ID="_two" Version="2.0"/></samlp:Response>'),
  },
  {
    name: 'no assertion',
    check: 'one-assertion',
    page: 'unexpected',
    error: 'the Response holds 0 assertions; exactly one is required',
    tamper: (xml) => xml.replace(assertionOf(xml), ''),
  },
  {
    name: 'an ID that is used twice',
    check: 'unique-ids',
    page: 'unexpected',
    error: /^the ID _a[0-9a-f-]+ is used twice$/,
    tamper: (xml) =>
      xml.replace('<samlp:Status>', `<samlp:Status Id="${/ID="(_a[^"]+)"/.exec(xml)?.[1] ?? ''}">`),
  },
  {
    name: 'an element in the Response that SAML does not have',
    check: 'schema',
    page: 'unexpected',
    error: 'the Response holds x of the namespace urn:x where SAML has no such element',
    edit: (xml) => xml.replace('<samlp:Status>', '<x xmlns="urn:x"/><samlp:Status>'),
  },
  {
    name: 'an unsigned Response',
    check: 'signature',
    page: 'not-you',
    error: 'neither the Response nor the Assertion is signed',
    sign: (xml) => xml,
  },
  {
    name: 'a signature by a certificate that is not imported, though KeyInfo carries it',
    check: 'signature',
    page: 'not-you',
    error: 'the signature of the Response is not valid under any imported certificate',
    sign: (xml) => signBoth(xml, stranger),
  },
  {
    name: 'a NameID changed after signing',
    check: 'signature',
    page: 'not-you',
    error: 'the signature of the Response is not valid under any imported certificate',
    tamper: (xml) => xml.replace('dev@example.com', 'ada@example.com'),
  },
  {
    name: 'a good Response signature around a broken Assertion signature',
    check: 'signature',
    page: 'not-you',
    error: 'the signature of the Assertion is not valid under any imported certificate',
    sign: (xml) =>
      signElement(signAssertion(xml).replace('dev@example.com', 'ada@example.com'), 'Response', portal.idp),
  },
  {
    name: 'RSA with SHA-1',
    check: 'signature',
    page: 'not-you',
    error:
      'the signature of the Assertion uses http://www.w3.org/2000/09/xmldsig#rsa-sha1, which is not accepted',
    sign: (xml) =>
      signElement(xml, 'Assertion', portal.idp, {
        signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      }),
  },
  {
    name: 'a SHA-1 digest',
    check: 'signature',
    page: 'not-you',
    error:
      'the signature of the Assertion uses the digest http://www.w3.org/2000/09/xmldsig#sha1, which is not accepted',
    sign: (xml) =>
      signElement(xml, 'Assertion', portal.idp, {
        digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1',
      }),
  },
  {
    name: 'inclusive canonicalisation',
    check: 'signature',
    page: 'not-you',
    error:
      /^the signature of the Assertion uses the canonicalisation .*REC-xml-c14n-20010315, which is not accepted$/,
    sign: (xml) =>
      signElement(xml, 'Assertion', portal.idp, {
        canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
      }),
  },
  {
    name: 'wrapping: the signed assertion moved into Extensions',
    check: 'one-assertion',
    page: 'unexpected',
    error: 'the Response holds 2 assertions; exactly one is required',
    sign: signAssertion,
    tamper: (xml) => {
      const moved = `<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions><samlp:Status>`
      return wrap((_signed, forged) => forged)(xml).replace('<samlp:Status>', moved)
    },
  },
  {
    name: 'wrapping: the signed assertion inside the Signature of the forged one',
    check: 'one-assertion',
    page: 'unexpected',
    error: 'the Response holds 2 assertions; exactly one is required',
    sign: signAssertion,
    tamper: wrap((signed, forged) => {
      const object = `<ds:Object>${signed.replace(signatureOf(signed), '')}</ds:Object></ds:Signature>`
      const carrier = signatureOf(signed).replace('</ds:Signature>', object)
      return forged.replace('</saml:Issuer>', `</saml:Issuer>${carrier}`)
    }),
  },
  {
    name: 'wrapping: a forged assertion that carries the signature of another element',
    check: 'signature',
    page: 'not-you',
    error: 'the signature of the Assertion does not refer to the element that carries it',
    sign: signAssertion,
    tamper: wrap((signed, forged) =>
      forged.replace('</saml:Issuer>', `</saml:Issuer>${signatureOf(signed)}`),
    ),
  },
  {
    name: 'a signature in a place of its own',
    check: 'signature',
    page: 'not-you',
    error: 'a signature is in a place other than the Response and the Assertion',
    sign: signAssertion,
    tamper: (xml) =>
      xml.replace(
        '<samlp:Status>',
        `<samlp:Extensions><x>${signatureOf(xml).replaceAll(/ Id="[^"]*"/g, '')}</x></samlp:Extensions><samlp:Status>`,
      ),
  },
  {
    name: 'another issuer',
    check: 'issuer',
    page: 'not-you',
    error: "the assertion's Issuer is https://other.example.com, not https://idp.example.com/saml",
    parts: () => ({ issuer: 'https://other.example.com' }),
  },
  {
    name: 'a Destination that is another ACS of ours',
    check: 'destination',
    page: 'unexpected',
    error: /^the Response has Destination http:\/\/127.*\/signin\.aws\/.*, not this ACS http/,
    parts: () => ({ destination: `${portal.url}/signin.aws${acsPath}` }),
  },
  {
    name: 'no bearer confirmation',
    check: 'subject-confirmation',
    page: 'unexpected',
    error: 'the subject has no single bearer confirmation with data',
    edit: (xml) => xml.replace('cm:bearer', 'cm:sender-vouches'),
  },
  {
    name: 'another Recipient',
    check: 'recipient',
    page: 'unexpected',
    error: /^the Recipient is https:\/\/signin\.aws\.amazon\.com\/saml, not this ACS/,
    parts: () => ({ recipient: 'https://signin.aws.amazon.com/saml' }),
  },
  {
    name: 'another Audience',
    check: 'audience',
    page: 'unexpected',
    error: `the Audience is urn:amazon:webservices, not ${spEntityId}`,
    parts: () => ({ audience: 'urn:amazon:webservices' }),
  },
  {
    name: 'no Audience',
    check: 'audience',
    page: 'unexpected',
    error: `the assertion names no Audience; ${spEntityId} is required`,
    edit: (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ''),
  },
  {
    name: 'an assertion that is not valid yet',
    check: 'times',
    page: 'not-you',
    error: `NotBefore of the Conditions ${at(61)} is in the future`,
    parts: () => ({ notBefore: at(61) }),
  },
  {
    name: 'an assertion whose conditions are over',
    check: 'times',
    page: 'not-you',
    error: `NotOnOrAfter of the Conditions ${at(-60)} is in the past`,
    parts: () => ({ notOnOrAfter: at(-60) }),
  },
  {
    name: 'a subject confirmation that is over',
    check: 'times',
    page: 'not-you',
    error: `NotOnOrAfter of the SubjectConfirmationData ${at(-60)} is in the past`,
    parts: () => ({ subjectNotOnOrAfter: at(-60) }),
  },
  {
    name: 'a Response from the future',
    check: 'times',
    page: 'not-you',
    error: `IssueInstant of the Response ${at(120)} is in the future`,
    parts: () => ({ issueInstant: at(120) }),
  },
  {
    name: 'a session that is over',
    check: 'times',
    page: 'not-you',
    error: `SessionNotOnOrAfter ${at(-3600)} is in the past`,
    parts: () => ({ sessionNotOnOrAfter: at(-3600) }),
  },
  {
    name: 'a time without a zone',
    check: 'times',
    page: 'not-you',
    error: 'NotBefore of the Conditions is 2026-11-22T12:00:00, not a time with a zone',
    parts: () => ({ notBefore: '2026-11-22T12:00:00' }),
  },
  {
    name: 'no AuthnStatement',
    check: 'times',
    page: 'not-you',
    error: 'the assertion has no AuthnStatement',
    edit: (xml) => xml.replace(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, ''),
  },
  {
    name: 'an answer to a request that was never sent',
    check: 'in-response-to',
    page: 'unexpected',
    error: 'Not a valid response for the provided request id: aws_never',
    parts: () => ({ inResponseTo: 'aws_never' }),
  },
  {
    name: 'an InResponseTo in the subject alone',
    check: 'in-response-to',
    page: 'unexpected',
    error: 'Not a valid response for the provided request id: aws_x',
    parts: () => ({ subjectInResponseTo: 'aws_x' }),
  },
  {
    name: 'another NameID format',
    check: 'name-id-format',
    page: 'code',
    error: /^the NameID has the format .*:persistent; .*:emailAddress is required$/,
    parts: () => ({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' }),
  },
  {
    name: 'a NameID that is no mail address',
    check: 'name-id',
    page: 'code',
    error: 'the NameID "dev" is not a mail address',
    parts: () => ({ nameId: 'dev' }),
  },
  {
    name: 'a NameID that differs from the userName in case',
    check: 'name-id',
    page: 'code',
    error: 'no user has the userName "Dev@example.com"',
    parts: () => ({ nameId: 'Dev@example.com' }),
  },
  {
    name: 'a NameID with a nested element',
    check: 'name-id',
    page: 'code',
    error: 'the assertion has no readable NameID',
    parts: () => ({ nameId: 'dev@example.com<x xmlns="urn:x"/>' }),
  },
  {
    name: 'a user who is not active',
    check: 'name-id',
    page: 'code',
    error: 'the user "gone@example.com" is not active',
    parts: () => ({ nameId: 'gone@example.com' }),
  },
  {
    name: 'more than 50 AccessControl attributes',
    check: 'attributes',
    page: 'unexpected',
    error: 'the assertion has 51 AccessControl attributes; at most 50 are allowed',
    parts: () => ({
      statements: statement(
        ...Array.from({ length: 51 }, (_, i) => attribute(`${accessControl}k${i}`, ['v'])),
      ),
    }),
  },
  {
    name: 'an AccessControl attribute of two values',
    check: 'attributes',
    page: 'unexpected',
    error: `the attribute ${accessControl}team has 2 values; exactly one is allowed`,
    parts: () => ({ statements: statement(attribute(`${accessControl}team`, ['a', 'b'])) }),
  },
  {
    name: 'an AccessControl attribute given twice',
    check: 'attributes',
    page: 'unexpected',
    error: `the attribute ${accessControl}team is there twice`,
    parts: () => ({
      statements: statement(
        attribute(`${accessControl}team`, ['a']),
        attribute(`${accessControl}team`, ['a']),
      ),
    }),
  },
  {
    name: 'an AccessControl attribute with structured XML',
    check: 'attributes',
    page: 'unexpected',
    error: `the attribute ${accessControl}team has structured XML`,
    parts: () => ({ statements: statement(attribute(`${accessControl}team`, ['<b>a</b>'])) }),
  },
  {
    name: 'an AccessControl attribute with a NameFormat of its own',
    check: 'attributes',
    page: 'unexpected',
    error: `the attribute ${accessControl}team has the NameFormat urn:own, which SAML does not define`,
    parts: () => ({ statements: statement(attribute(`${accessControl}team`, ['a'], 'urn:own')) }),
  },
]

describe('a refused Response answers AWS words and records the cause', () => {
  test.each(refused)('$name', async ({ check, page, error, parts, edit, sign, tamper }) => {
    const text = (edit ?? String)(writeResponse(portal.parts(parts?.())))
    const signed = (sign ?? ((xml: string) => signBoth(xml, portal.idp)))(text)
    const browser = new Browser()
    const answer = await portal.postResponse(browser, (tamper ?? String)(signed))
    const [status, message] = words[page]
    const body = await answer.text()
    expect(body).toContain(message)
    expect(answer.status).toBe(status)
    expect(browser.cookies.has('emu_portal')).toBe(false)
    const record = await portal.lastSignIn()
    expect(record).toMatchObject({
      outcome: 'Failure',
      failedCheck: check,
      errorMessage: typeof error === 'string' ? error : expect.stringMatching(error),
      userMessage: expect.stringContaining(message),
    })
    expect(record.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual([
      check,
    ])
    expect(body).not.toContain(record.errorMessage)
  })
})
