/**
 * @module What the tests of the SAML room share: the test keys, a sample Response, and the two verifiers that
 * are not ours. xmldsigjs judges signatures alone; node-saml judges a whole sign-in, and so does the emulator of AWS.
 */
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SAML, type Profile } from '@node-saml/node-saml'
import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom'
import { ExclusiveCanonicalization } from 'xml-crypto'
import { setNodeDependencies } from 'xml-core'
import { Application, Parse, SignedXml } from 'xmldsigjs'
import xpath from 'xpath'
import { checkResponse, type Verdict } from '../../src/emulator/saml-sp/check-response.js'
import { parseCertificate } from '../../src/emulator/state/identity-provider.js'
import type { ResponseContent } from '../../src/saml/saml.js'
import type { ResponseSigningKey } from '../../src/saml/signature-key.js'

setNodeDependencies({ XMLSerializer, DOMParser, DOMImplementation, xpath })
// The types of the DOM library and of Node describe the same object.
Application.setEngine('node', webcrypto as Parameters<typeof Application.setEngine>[1])

export function certificate(name: string): string {
  return readFileSync(new URL(`../../certs/${name}.crt`, import.meta.url), 'utf8')
}

export function signingKey(name: string): ResponseSigningKey {
  const pem = readFileSync(new URL(`../../certs/${name}.key`, import.meta.url), 'utf8')
  return { id: name, privateKey: createPrivateKey(pem), certificatePem: certificate(name) }
}

export const devIdp = signingKey('dev-idp')

/** 2026-01-15T10:00:00Z, the present of every fixture. */
export const now = Date.UTC(2026, 0, 15, 10)

export const sample: ResponseContent = {
  responseId: '_response-1',
  assertionId: '_assertion-1',
  issueInstant: now,
  issuer: 'https://gatehouse.example/saml/idp/metadata',
  acsUrl: 'https://eu-west-1.signin.aws/platform/saml/acs/4455422d84a27c9f-9f18-41fa',
  inResponseTo: 'aws_request-1',
  audience: 'https://eu-west-1.signin.aws.amazon.com/platform/saml/d-1234567890',
  nameId: 'alice@example.com',
  nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  notBefore: now - 60_000,
  notOnOrAfter: now + 300_000,
  authnInstant: now - 1_000,
  sessionIndex: '_session-1',
  sessionNotOnOrAfter: now + 8 * 3_600_000,
  authnContextClassRef: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  attributes: [
    {
      name: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1',
      nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
      values: ['access', 'auditor'],
    },
  ],
}

/** The document as xml-crypto's exclusive canonicalisation writes it after its own parse. */
export function canonicalForm(xml: string): string {
  const parser = new DOMParser({
    normalizeLineEndings: (text) => text.replace(/\r\n?/g, '\n'),
    // U+FFFD in a name is odd but legal; xmldom would print a warning.
    onError: (level, message) => {
      if (level !== 'warning') throw new Error(message)
    },
  })
  const root = parser.parseFromString(xml, 'text/xml').documentElement
  // xml-crypto types its DOM by the library of browsers; xmldom's element is what it works on.
  return new ExclusiveCanonicalization().process(root as never, {})
}

export interface SignaturesSeen {
  /** A valid signature by the key, as child of the root and over the root. */
  readonly response: boolean
  /** The same for the one assertion; false where there is not exactly one. */
  readonly assertion: boolean
}

/** What xmldsigjs says of the signatures of a Response under one certificate. */
export async function verifySignatures(xml: string, certificatePem: string): Promise<SignaturesSeen> {
  const key = await webcrypto.subtle.importKey(
    'spki',
    new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' }),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    true,
    ['verify'],
  )
  const response = await verifyOne(xml, '/*', key)
  const assertions = select(xml, "//*[local-name()='Assertion']").length
  const assertion = assertions === 1 && (await verifyOne(xml, "/*/*[local-name()='Assertion']", key))
  return { response, assertion }
}

function select(xml: string, path: string): Element[] {
  return xpath.select(path, Parse(xml)) as Element[]
}

async function verifyOne(xml: string, path: string, key: webcrypto.CryptoKey): Promise<boolean> {
  const document = Parse(xml)
  const [element] = xpath.select(path, document) as Element[]
  const signatures = xpath.select(`${path}/*[local-name()='Signature']`, document) as Element[]
  const [signature] = signatures
  if (!element || !signature || signatures.length !== 1) return false
  const signed = new SignedXml(document)
  try {
    signed.LoadXml(signature)
    const references = signed.XmlSignature.SignedInfo.References
    const covers = references.Count === 1 && references.Item(0)?.Uri === `#${element.getAttribute('ID')}`
    const sameId = select(xml, `//*[@ID='${element.getAttribute('ID')}']`).length
    // SHA-1 is refused by name: xmldsigjs itself would verify it with a key imported for it.
    const method = signed.XmlSignature.SignedInfo.SignatureMethod.Algorithm
    const modern = method === 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
    return covers && sameId === 1 && modern && (await signed.Verify(key))
  } catch {
    return false
  }
}

/**
 * What a service provider with node-saml says of a Response; node-saml reads the time from `Date`. It checks
 * signatures, times and audience. Issuer (SAML Core 2.2.5), Destination (3.2.2) and Recipient (Profiles 4.1.4.3) it
 * leaves to its caller, so they are checked here, in the XML whose signatures it found good.
 */
export async function acceptByNodeSaml(
  xml: string,
  certificates: readonly string[],
  options: { readonly status?: boolean } = {},
): Promise<Profile | null> {
  const saml = new SAML({
    idpCert: [...certificates],
    issuer: sample.audience,
    callbackUrl: sample.acsUrl,
    audience: sample.audience,
    idpIssuer: sample.issuer,
    wantAssertionsSigned: options.status !== true,
    wantAuthnResponseSigned: true,
    acceptedClockSkewMs: 0,
  })
  const { profile } = await saml.validatePostResponseAsync({
    SAMLResponse: Buffer.from(xml).toString('base64'),
  })
  const value = (path: string) => xpath.select1(`string(${path})`, Parse(xml))
  expectSame('issuer', value("/*/*[local-name()='Issuer']"), sample.issuer)
  expectSame('Destination', value('/*/@Destination'), sample.acsUrl)
  if (profile !== null) {
    expectSame('issuer', profile.issuer, sample.issuer)
    expectSame('Recipient', value("//*[local-name()='SubjectConfirmationData']/@Recipient"), sample.acsUrl)
  }
  return profile
}

function expectSame(what: string, found: unknown, wanted: string): void {
  if (found !== wanted)
    throw new Error(`SAML ${what} mismatch. Expected: ${wanted} Received: ${String(found)}`)
}

/** What the emulator of IAM Identity Center says of a Response, to a request that it sent where one is named. */
export function judgeAsAws(xml: string): Verdict {
  return checkResponse(Buffer.from(xml).toString('base64'), {
    now,
    clockSkewMs: 0,
    requireSignatures: 'both',
    acsUrl: sample.acsUrl,
    spEntityId: sample.audience,
    idpEntityId: sample.issuer,
    certificates: [parseCertificate(certificate('dev-idp'))],
    relayState: undefined,
    browserId: undefined,
    findRequest: (id) => ({
      id,
      acsUrl: sample.acsUrl,
      relayState: undefined,
      browserId: undefined,
      expiresAt: now + 1,
      answered: false,
    }),
    isConsumed: () => false,
    findUser: (userName) => ({
      id: 'u-1',
      userName,
      displayName: 'Alice',
      active: true,
      createdAt: 0,
      updatedAt: 0,
    }),
  })
}
