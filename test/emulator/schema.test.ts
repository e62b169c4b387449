/** @module What stands in a Response or an Assertion where the schema of SAML has no place for it is refused. */
import { beforeAll, describe, expect, test } from 'vitest'
import {
  checkResponse,
  type ResponseExpectations,
  type Verdict,
} from '../../src/emulator/saml-sp/check-response.js'
import { parseCertificate } from '../../src/emulator/state/identity-provider.js'
import {
  emailAddress,
  makeTestIdp,
  signBoth,
  signElement,
  writeResponse,
  type TestIdp,
} from '../support/saml-signer.js'

const now = Date.parse('2026-11-22T12:00:00Z')
const instant = new Date(now).toISOString()
const later = new Date(now + 300_000).toISOString()
const acsUrl = 'https://sp.example.com/acs'
const user = {
  id: 'u-1',
  userName: 'dev@example.com',
  displayName: 'Devi Raman',
  active: true,
  createdAt: 0,
  updatedAt: 0,
}
const saml = 'urn:oasis:names:tc:SAML:2.0:assertion'
const xmldsig = 'http://www.w3.org/2000/09/xmldsig#'
const statement = '<saml:AttributeStatement><saml:Attribute Name="a"/></saml:AttributeStatement>'
let idp: TestIdp
let unsigned: string
let expected: ResponseExpectations

beforeAll(async () => {
  idp = await makeTestIdp('https://idp.example.com/saml')
  unsigned = writeResponse({
    responseId: '_r',
    assertionId: '_a',
    issueInstant: instant,
    issuer: idp.entityId,
    destination: acsUrl,
    recipient: acsUrl,
    inResponseTo: undefined,
    subjectInResponseTo: undefined,
    audience: 'urn:sp',
    nameId: user.userName,
    nameIdFormat: emailAddress,
    notBefore: instant,
    notOnOrAfter: later,
    subjectNotOnOrAfter: later,
    sessionNotOnOrAfter: undefined,
    statements: statement,
  })
  expected = {
    now,
    clockSkewMs: 0,
    requireSignatures: 'either',
    acsUrl,
    spEntityId: 'urn:sp',
    idpEntityId: idp.entityId,
    certificates: [parseCertificate(idp.certificate)],
    relayState: undefined,
    browserId: undefined,
    findRequest: () => undefined,
    isConsumed: () => false,
    findUser: (userName) => (userName === user.userName ? user : undefined),
  }
})

const check = (xml: string): Verdict => checkResponse(Buffer.from(xml).toString('base64'), expected)
const refusal = (cause: string) => ({ accepted: false, failedCheck: 'schema', says: 'unexpected', cause })
const noPlace = (owner: string, name: string, namespace: string) =>
  refusal(`the ${owner} holds ${name} of the namespace ${namespace} where SAML has no such element`)

type Edit = readonly [from: string, to: string]

describe('signed as it stands', () => {
  test.each<readonly [string, Edit]>([
    ['nothing added', ['<samlp:Status>', '<samlp:Status>']],
    ['Extensions before the Status', ['<samlp:Status>', '<samlp:Extensions/><samlp:Status>']],
    ['Advice after the Conditions', ['</saml:Conditions>', '</saml:Conditions><saml:Advice/>']],
    ['a second statement', [statement, statement + statement]],
    ['blanks and a comment between elements', ['<samlp:Status>', '\n\t <!-- x --> <samlp:Status>']],
  ])('%s is accepted', (_, [from, to]) => {
    expect(check(signBoth(unsigned.replace(from, to), idp))).toMatchObject({ accepted: true, user })
  })

  test.each<readonly [string, Edit, ReturnType<typeof refusal>]>([
    [
      'an unknown element in the Response',
      ['<samlp:Status>', '<x xmlns="urn:x"/><samlp:Status>'],
      noPlace('Response', 'x', 'urn:x'),
    ],
    [
      'an unknown element in the Assertion',
      ['<saml:Conditions ', '<x/><saml:Conditions '],
      noPlace('Assertion', 'x', '(none)'),
    ],
    [
      'Extensions behind the Status',
      ['</samlp:Status>', '</samlp:Status><samlp:Extensions/>'],
      noPlace('Response', 'samlp:Extensions', 'urn:oasis:names:tc:SAML:2.0:protocol'),
    ],
    [
      'a second Issuer',
      ['<saml:Subject>', '<saml:Issuer>x</saml:Issuer><saml:Subject>'],
      noPlace('Assertion', 'saml:Issuer', saml),
    ],
    [
      'a second Subject',
      ['<saml:Conditions ', '<saml:Subject/><saml:Conditions '],
      noPlace('Assertion', 'saml:Subject', saml),
    ],
    [
      'Advice behind a statement',
      ['</saml:AuthnStatement>', '</saml:AuthnStatement><saml:Advice/>'],
      noPlace('Assertion', 'saml:Advice', saml),
    ],
    [
      'text in the Response',
      ['<samlp:Status>', 'x<samlp:Status>'],
      refusal('the Response holds text between its elements'),
    ],
    [
      'text in the Assertion',
      ['<saml:Subject>', '<![CDATA[x]]><saml:Subject>'],
      refusal('the Assertion holds text between its elements'),
    ],
  ])('%s is refused', (_, [from, to], refused) => {
    expect(check(signBoth(unsigned.replace(from, to), idp))).toMatchObject(refused)
  })
})

describe('a signature that is made unreadable', () => {
  test.each(['xttp://www.w3.org/2000/09/xmldsig#', `${xmldsig}x`, 'urn:x'])(
    'on the Response, by the namespace %s, is refused and not passed over',
    (namespace) => {
      // The first Signature is that of the Response; the one of the Assertion would still hold.
      const changed = signBoth(unsigned, idp).replace(`xmlns:ds="${xmldsig}"`, `xmlns:ds="${namespace}"`)
      expect(check(changed)).toMatchObject(noPlace('Response', 'ds:Signature', namespace))
    },
  )

  test('on the Assertion, where the Response is not signed, is refused', () => {
    const changed = signElement(unsigned, 'Assertion', idp).replace(xmldsig, 'urn:x')
    expect(check(changed)).toMatchObject(noPlace('Assertion', 'ds:Signature', 'urn:x'))
  })

  test('by its place is refused', () => {
    const xml = signBoth(unsigned, idp)
    const signature = /<ds:Signature [^]*?<\/ds:Signature>/.exec(xml)?.[0] ?? ''
    const moved = xml.replace(signature, '').replace('</samlp:Status>', `</samlp:Status>${signature}`)
    expect(check(xml)).toMatchObject({ accepted: true })
    expect(check(moved)).toMatchObject(noPlace('Response', 'ds:Signature', xmldsig))
  })
})
