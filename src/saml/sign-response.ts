/**
 * @module Writes a Response as canonical bytes and signs it: first the assertion, then the whole (SAML Core 5.4,
 * exclusive C14N, RSA-SHA256). The text below *is* its own canonical form (attributes in order, namespaces where
 * first used, no empty-element tags), so a digest is one hash over the string, and signing costs little beyond
 * RSA. It decides nothing about the content. Whoever edits a template runs the comparison with xml-crypto.
 */
import { createHash, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { GatewayError } from '../core/error.js'
import { formatInstant } from '../core/time.js'
import { algorithms, bearer, namespaces, statusSuccess } from './names.js'
import type { AssertionAttribute, ResponseContent, StatusResponseContent } from './saml.js'
import { signatureKeyInfo, type ResponseSigningKey } from './signature-key.js'
import { canonicalAttribute as attribute, canonicalText as text } from './xml-characters.js'

/**
 * Largest Response, in characters of its XML. IAM Identity Center takes a SAML assertion of at most 50,000 characters
 * (user guide, "Quotas"); whether it counts the Response around it is not said, so the whole is held to it.
 */
export const maxResponseCharacters = 50_000

// On the thread pool, so that signatures run on every core.
const signAsync = promisify(sign)

/**
 * Writes and signs a success Response.
 * @throws GatewayError `INVALID_INPUT` for values that XML cannot carry, `SAML_RESPONSE_TOO_LARGE`.
 */
export async function signResponse(content: ResponseContent, key: ResponseSigningKey): Promise<string> {
  if (content.assertionId === content.responseId) {
    throw new GatewayError('INVALID_INPUT', 'Response and Assertion must have different IDs')
  }
  const { head, tail } = writeAssertion(content)
  const assertion = await envelope(head, tail, content.assertionId, key)
  const status = `<samlp:Status><samlp:StatusCode Value="${statusSuccess}"></samlp:StatusCode></samlp:Status>`
  return signWhole(content, `${status}${assertion}`, key)
}

/** The assertion without its signature: what stands before the signature's place, and what after it. */
export function writeAssertion(content: ResponseContent): { readonly head: string; readonly tail: string } {
  return {
    head:
      `<saml:Assertion xmlns:saml="${namespaces.assertion}" ID="${id(content.assertionId)}"` +
      ` IssueInstant="${formatInstant(content.issueInstant)}" Version="2.0">` +
      `<saml:Issuer>${text(content.issuer, 'Issuer')}</saml:Issuer>`,
    tail:
      writeSubject(content) +
      writeConditions(content) +
      writeAuthnStatement(content) +
      writeAttributes(content.attributes) +
      '</saml:Assertion>',
  }
}

/**
 * Writes and signs a Response that carries a status alone.
 * @throws GatewayError as {@link signResponse}.
 */
export async function signStatusResponse(
  content: StatusResponseContent,
  key: ResponseSigningKey,
): Promise<string> {
  const sub =
    content.subStatusCode === undefined
      ? ''
      : `<samlp:StatusCode Value="${attribute(content.subStatusCode, 'StatusCode')}"></samlp:StatusCode>`
  const message =
    content.message === undefined
      ? ''
      : `<samlp:StatusMessage>${text(content.message, 'StatusMessage')}</samlp:StatusMessage>`
  const code = `<samlp:StatusCode Value="${attribute(content.statusCode, 'StatusCode')}">${sub}</samlp:StatusCode>`
  return signWhole(content, `<samlp:Status>${code}${message}</samlp:Status>`, key)
}

type Envelope = Pick<
  StatusResponseContent,
  'responseId' | 'issueInstant' | 'issuer' | 'acsUrl' | 'inResponseTo'
>

async function signWhole(content: Envelope, body: string, key: ResponseSigningKey): Promise<string> {
  const response = await envelope(
    `<samlp:Response xmlns:samlp="${namespaces.protocol}" Destination="${attribute(content.acsUrl, 'Destination')}"` +
      ` ID="${id(content.responseId)}"${writeInResponseTo(content.inResponseTo)}` +
      ` IssueInstant="${formatInstant(content.issueInstant)}" Version="2.0">` +
      `<saml:Issuer xmlns:saml="${namespaces.assertion}">${text(content.issuer, 'Issuer')}</saml:Issuer>`,
    `${body}</samlp:Response>`,
    content.responseId,
    key,
  )
  const size = response.length
  if (size > maxResponseCharacters) {
    throw new GatewayError(
      'SAML_RESPONSE_TOO_LARGE',
      `the SAML Response has ${size} characters and the limit is ${maxResponseCharacters}; map fewer or shorter attributes`,
      { size, limit: maxResponseCharacters },
    )
  }
  return response
}

/** Puts a signature over `head + tail` between the two: right after Issuer, as the schema wants it. */
async function envelope(
  head: string,
  tail: string,
  elementId: string,
  key: ResponseSigningKey,
): Promise<string> {
  const digest = createHash('sha256').update(head).update(tail).digest('base64')
  const signedInfo =
    `<ds:CanonicalizationMethod Algorithm="${algorithms.exclusiveC14n}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${algorithms.rsaSha256}"></ds:SignatureMethod>` +
    `<ds:Reference URI="#${elementId}"><ds:Transforms>` +
    `<ds:Transform Algorithm="${algorithms.enveloped}"></ds:Transform>` +
    `<ds:Transform Algorithm="${algorithms.exclusiveC14n}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${algorithms.sha256}"></ds:DigestMethod>` +
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const keyInfo = signatureKeyInfo(key)
  // Signed alone SignedInfo declares the prefix itself; inside Signature its parent already did (exclusive C14N §3).
  const toSign = Buffer.from(`<ds:SignedInfo xmlns:ds="${namespaces.signature}">${signedInfo}`)
  const value = await signAsync('sha256', toSign, key.privateKey)
  return (
    `${head}<ds:Signature xmlns:ds="${namespaces.signature}"><ds:SignedInfo>${signedInfo}` +
    `<ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>${keyInfo}</ds:Signature>${tail}`
  )
}

function writeSubject(content: ResponseContent): string {
  return (
    `<saml:Subject><saml:NameID Format="${attribute(content.nameIdFormat, 'NameID Format')}">` +
    `${text(content.nameId, 'NameID')}</saml:NameID><saml:SubjectConfirmation Method="${bearer}">` +
    `<saml:SubjectConfirmationData${writeInResponseTo(content.inResponseTo)}` +
    ` NotOnOrAfter="${formatInstant(content.notOnOrAfter)}" Recipient="${attribute(content.acsUrl, 'Recipient')}">` +
    '</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>'
  )
}

function writeConditions(content: ResponseContent): string {
  return (
    `<saml:Conditions NotBefore="${formatInstant(content.notBefore)}"` +
    ` NotOnOrAfter="${formatInstant(content.notOnOrAfter)}"><saml:AudienceRestriction>` +
    `<saml:Audience>${text(content.audience, 'Audience')}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`
  )
}

function writeAuthnStatement(content: ResponseContent): string {
  return (
    `<saml:AuthnStatement AuthnInstant="${formatInstant(content.authnInstant)}"` +
    ` SessionIndex="${attribute(content.sessionIndex, 'SessionIndex')}"` +
    ` SessionNotOnOrAfter="${formatInstant(content.sessionNotOnOrAfter)}"><saml:AuthnContext>` +
    `<saml:AuthnContextClassRef>${text(content.authnContextClassRef, 'AuthnContextClassRef')}` +
    '</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>'
  )
}

// The schema wants at least one Attribute in a statement. Values carry no xsi:type: without one they are text to
// every reader, and exclusive C14N has no prefix to lose.
function writeAttributes(attributes: readonly AssertionAttribute[]): string {
  if (attributes.length === 0) return ''
  const written = attributes.map(({ name, nameFormat, values }) => {
    const items = values.map((value) => {
      return `<saml:AttributeValue>${text(value, `attribute ${name}`)}</saml:AttributeValue>`
    })
    return (
      `<saml:Attribute Name="${attribute(name, 'attribute name')}"` +
      ` NameFormat="${attribute(nameFormat, 'NameFormat')}">${items.join('')}</saml:Attribute>`
    )
  })
  return `<saml:AttributeStatement>${written.join('')}</saml:AttributeStatement>`
}

function writeInResponseTo(inResponseTo: string | undefined): string {
  return inResponseTo === undefined ? '' : ` InResponseTo="${attribute(inResponseTo, 'InResponseTo')}"`
}

// xs:ID; also written into the Reference, where nothing is escaped.
function id(value: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(value)) return value
  throw new GatewayError('INVALID_INPUT', 'an ID must be an XML name of at most 256 ASCII characters', {
    field: 'ID',
  })
}
