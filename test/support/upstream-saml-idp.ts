/**
 * @module An upstream identity provider for tests of SAML connectors: it reads AuthnRequests and signs Responses with
 * xmldsigjs over a DOM. It shares no code with the gateway, and nothing of what the gateway verifies with.
 */
import { createHmac, createPrivateKey, createPublicKey, randomUUID, verify, webcrypto } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { DOMImplementation, DOMParser, XMLSerializer, type Document, type Element } from '@xmldom/xmldom'
import { setNodeDependencies } from 'xml-core'
import { Application, SignedXml } from 'xmldsigjs'
import xpath from 'xpath'
import {
  certificateBody,
  emailAddress,
  makeTestIdp,
  writeIdpMetadata,
  writeResponse,
  type ResponseParts,
  type TestIdp,
} from './saml-signer.js'

setNodeDependencies({ XMLSerializer, DOMParser, DOMImplementation, xpath })
// The types of the DOM library and of Node describe the same object.
Application.setEngine('node', webcrypto as Parameters<typeof Application.setEngine>[1])

const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'

export interface SigningOptions {
  readonly transforms?: readonly ('enveloped' | 'exc-c14n' | 'c14n' | 'exc-c14n-com')[]
  /** Of SignedInfo. */
  readonly canonicalization?: string
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-512'
  /** Whose certificate stands in KeyInfo; of whoever signs, if not said. */
  readonly keyInfo?: TestIdp
}

/** An AuthnRequest as the identity provider reads it. */
export interface ReadRequest {
  readonly id: string
  readonly issuer: string
  readonly acsUrl: string
  readonly destination: string
  readonly relayState: string
  /** As written, empty where it is not. */
  readonly forceAuthn: string
  /** The query as it came. */
  readonly query: string
}

export interface Answer {
  readonly nameId?: string
  readonly nameIdFormat?: string
  /** Attribute name to its values. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  /** Puts other words into the Response. */
  readonly parts?: Partial<ResponseParts>
}

export interface UpstreamSamlIdp extends TestIdp {
  readonly metadata: string
  /** The text of an answer to `request`, unsigned; without one it answers nobody's (IdP-initiated). */
  write(
    to: { readonly acsUrl: string; readonly issuer: string; readonly id?: string },
    answer?: Answer,
  ): string
}

/** An identity provider with a fresh key; `now` gives the present of its clock. */
export async function makeUpstreamIdp(
  entityId: string,
  now: () => number,
  use: 'RSA' | 'ECDSA' = 'RSA',
): Promise<UpstreamSamlIdp> {
  const idp = await makeTestIdp(entityId, undefined, use)
  return {
    ...idp,
    metadata: writeIdpMetadata(idp),
    write: ({ acsUrl, issuer, id }, { nameId, nameIdFormat, attributes, parts } = {}) => {
      const at = (offset: number) => new Date(now() + offset).toISOString()
      return writeResponse({
        responseId: `_r${randomUUID()}`,
        assertionId: `_a${randomUUID()}`,
        issueInstant: at(-1_000),
        issuer: entityId,
        destination: acsUrl,
        recipient: acsUrl,
        inResponseTo: id,
        subjectInResponseTo: id,
        audience: issuer,
        nameId: nameId ?? 'mallory@corp.example',
        nameIdFormat: nameIdFormat ?? emailAddress,
        notBefore: at(-30_000),
        notOnOrAfter: at(300_000),
        subjectNotOnOrAfter: at(300_000),
        sessionNotOnOrAfter: at(4 * 3_600_000),
        statements: writeAttributes(attributes ?? {}),
        ...parts,
      })
    },
  }
}

function writeAttributes(attributes: Readonly<Record<string, readonly string[]>>): string {
  const all = Object.entries(attributes).map(
    ([name, values]) =>
      `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
  )
  return all.length === 0 ? '' : `<saml:AttributeStatement>${all.join('')}</saml:AttributeStatement>`
}

/** Reads the address to which a gateway sent the browser. */
export function readLoginRequest(url: string): ReadRequest {
  const { search, searchParams } = new URL(url)
  const xml = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString('utf8')
  const root = parseXml(xml).documentElement
  const issuer = root?.getElementsByTagNameNS('urn:oasis:names:tc:SAML:2.0:assertion', 'Issuer')[0]
  return {
    id: root?.getAttribute('ID') ?? '',
    issuer: issuer?.textContent ?? '',
    acsUrl: root?.getAttribute('AssertionConsumerServiceURL') ?? '',
    destination: root?.getAttribute('Destination') ?? '',
    relayState: searchParams.get('RelayState') ?? '',
    forceAuthn: root?.getAttribute('ForceAuthn') ?? '',
    query: search.slice(1),
  }
}

/** Whether the query is signed by the key of the certificate in `metadata` (SAML Bindings 3.4.4.1). */
export function isSignedQuery(query: string, metadata: string): boolean {
  const [octets, signature] = query.split('&Signature=')
  const body = /<ds:X509Certificate>([^<]*)</.exec(metadata)?.[1] ?? ''
  const key = createPublicKey(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`)
  const value = Buffer.from(decodeURIComponent(signature ?? ''), 'base64')
  return verify('sha256', Buffer.from(octets ?? ''), key, value)
}

export function parseXml(xml: string): Document {
  return new DOMParser().parseFromString(xml, 'text/xml')
}

export function writeXml(document: Document): string {
  return new XMLSerializer().serializeToString(document)
}

/** The one element of this local name, wherever it stands. */
export function findElement(document: Document, name: string): Element {
  const found = document.getElementsByTagNameNS('*', name)[0]
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

/** Signs the element in place, the Signature after its Issuer as the schema of SAML wants. */
export async function signUpstream(
  xml: string,
  name: 'Response' | 'Assertion',
  idp: TestIdp,
  options: SigningOptions = {},
): Promise<string> {
  const document = parseXml(xml)
  const element = findElement(document, name)
  const hash = options.hash ?? 'SHA-256'
  const privateKey = createPrivateKey(idp.privateKey)
  const isEc = privateKey.asymmetricKeyType === 'ec'
  const algorithm = isEc ? { name: 'ECDSA', namedCurve: 'P-256', hash } : { name: 'RSASSA-PKCS1-v1_5', hash }
  const key = await webcrypto.subtle.importKey(
    'pkcs8',
    privateKey.export({ type: 'pkcs8', format: 'der' }),
    algorithm,
    false,
    ['sign'],
  )
  const signed = new SignedXml()
  signed.XmlSignature.SignedInfo.CanonicalizationMethod.Algorithm = options.canonicalization ?? exclusiveC14n
  await signed.Sign(isEc ? { name: 'ECDSA', hash } : { name: 'RSASSA-PKCS1-v1_5' }, key, document as never, {
    references: [
      {
        hash,
        uri: `#${element.getAttribute('ID') ?? ''}`,
        transforms: [...(options.transforms ?? (['enveloped', 'exc-c14n'] as const))],
      },
    ],
    x509: [certificateBody(options.keyInfo ?? idp)],
  })
  const signature = document.importNode(signed.XmlSignature.GetXml() as never, true)
  const issuer = Array.from(element.childNodes).find(({ nodeName }) => nodeName === 'saml:Issuer')
  element.insertBefore(signature, issuer?.nextSibling ?? null)
  return writeXml(document)
}

/** The signature made again as HMAC with the certificate's own text for a secret (CVE-2023-like confusion). */
export function resignByHmac(xml: string, idp: TestIdp): string {
  const rsa = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
  const changed = xml.replace(rsa, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1')
  const signedInfo = /<ds:SignedInfo.*<\/ds:SignedInfo>/s.exec(changed)?.[0] ?? ''
  const value = createHmac('sha1', idp.certificate).update(signedInfo).digest('base64')
  return changed.replace(/(<ds:SignatureValue>)[^<]*/, `$1${value}`)
}
