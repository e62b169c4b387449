/**
 * An identity provider for tests: keys made on the spot, Responses written as text so that a test can say
 * anything, signed with xml-crypto. It shares nothing with `src/saml`.
 */
import { createPrivateKey, webcrypto } from 'node:crypto'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { SignedXml } from 'xml-crypto'

const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const emailAddress = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
export const successStatus = 'urn:oasis:names:tc:SAML:2.0:status:Success'

export interface TestIdp {
  readonly entityId: string
  readonly ssoUrl: string
  readonly privateKey: string
  readonly certificate: string
}

/** A fresh key, RSA-2048 or on P-256, with a self-signed certificate. */
export async function makeTestIdp(
  entityId: string,
  valid = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') },
  use: 'RSA' | 'ECDSA' = 'RSA',
): Promise<TestIdp> {
  x509.cryptoProvider.set(webcrypto as Crypto)
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  }
  const algorithm = use === 'RSA' ? rsa : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${new URL(entityId).hostname}`,
    notBefore: valid.from,
    notAfter: valid.to,
    signingAlgorithm: algorithm,
    keys,
  })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString()
  return { entityId, ssoUrl: `${entityId}/sso`, privateKey, certificate: certificate.toString('pem') }
}

/** Base64 DER, as metadata carries it. */
export function certificateBody({ certificate }: Pick<TestIdp, 'certificate'>): string {
  return certificate.replace(/-----[A-Z ]+-----|\s/g, '')
}

/** IdP metadata with both bindings. */
export function writeIdpMetadata(idp: TestIdp, nameIdFormat = emailAddress): string {
  const binding = 'urn:oasis:names:tc:SAML:2.0:bindings'
  return (
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${idp.entityId}">` +
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
    `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateBody(idp)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
    `<md:NameIDFormat>${nameIdFormat}</md:NameIDFormat>` +
    `<md:SingleSignOnService Binding="${binding}:HTTP-Redirect" Location="${idp.ssoUrl}"/>` +
    `<md:SingleSignOnService Binding="${binding}:HTTP-POST" Location="${idp.ssoUrl}"/>` +
    `</md:IDPSSODescriptor></md:EntityDescriptor>`
  )
}

/** Everything a Response says, each part open to change. Instants are RFC 3339. */
export interface ResponseParts {
  readonly responseId: string
  readonly assertionId: string
  readonly issueInstant: string
  readonly issuer: string
  readonly destination: string
  readonly recipient: string
  readonly inResponseTo: string | undefined
  readonly subjectInResponseTo: string | undefined
  readonly audience: string
  readonly nameId: string
  readonly nameIdFormat: string
  readonly notBefore: string
  readonly notOnOrAfter: string
  readonly subjectNotOnOrAfter: string
  readonly sessionNotOnOrAfter: string | undefined
  /** `AttributeStatement` and the like, as XML. */
  readonly statements: string
}

/** The unsigned text. Values are put in as they are: a test that wants markup writes markup. */
export function writeResponse(parts: ResponseParts): string {
  const optional = (name: string, value: string | undefined) =>
    value === undefined ? '' : ` ${name}="${value}"`
  const issuer = `<saml:Issuer>${parts.issuer}</saml:Issuer>`
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ` +
    `ID="${parts.responseId}" Version="2.0" IssueInstant="${parts.issueInstant}" Destination="${parts.destination}"${optional('InResponseTo', parts.inResponseTo)}>` +
    `${issuer}<samlp:Status><samlp:StatusCode Value="${successStatus}"/></samlp:Status>` +
    `<saml:Assertion ID="${parts.assertionId}" Version="2.0" IssueInstant="${parts.issueInstant}">${issuer}` +
    `<saml:Subject><saml:NameID Format="${parts.nameIdFormat}">${parts.nameId}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
    `<saml:SubjectConfirmationData Recipient="${parts.recipient}" NotOnOrAfter="${parts.subjectNotOnOrAfter}"${optional('InResponseTo', parts.subjectInResponseTo)}/>` +
    `</saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${parts.notBefore}" NotOnOrAfter="${parts.notOnOrAfter}">` +
    `<saml:AudienceRestriction><saml:Audience>${parts.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${parts.issueInstant}" SessionIndex="_s1"${optional('SessionNotOnOrAfter', parts.sessionNotOnOrAfter)}>` +
    `<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext>` +
    `</saml:AuthnStatement>${parts.statements}</saml:Assertion></samlp:Response>`
  )
}

/** A Response without an assertion. */
export function writeStatusResponse(
  parts: Pick<ResponseParts, 'issueInstant' | 'issuer' | 'destination' | 'inResponseTo'>,
  message: string,
): string {
  return (
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_status" Version="2.0" IssueInstant="${parts.issueInstant}" ` +
    `Destination="${parts.destination}" InResponseTo="${parts.inResponseTo ?? ''}">` +
    `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${parts.issuer}</saml:Issuer>` +
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">` +
    `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:RequestDenied"/></samlp:StatusCode>` +
    `<samlp:StatusMessage>${message}</samlp:StatusMessage></samlp:Status></samlp:Response>`
  )
}

export interface SignOptions {
  readonly signatureAlgorithm?: string
  readonly digestAlgorithm?: string
  readonly canonicalization?: string
}

/** Signs an element in place, the Signature after its Issuer as SAML's schema wants. */
export function signElement(
  xml: string,
  name: 'Response' | 'Assertion',
  idp: TestIdp,
  options: SignOptions = {},
): string {
  const c14n = options.canonicalization ?? exclusiveC14n
  const signer = new SignedXml({
    privateKey: idp.privateKey,
    publicCert: idp.certificate,
    signatureAlgorithm: options.signatureAlgorithm ?? rsaSha256,
    canonicalizationAlgorithm: c14n,
  })
  const target = `//*[local-name(.)='${name}']`
  const digestAlgorithm = options.digestAlgorithm ?? sha256
  signer.addReference({ xpath: target, transforms: [enveloped, c14n], digestAlgorithm })
  const location = { reference: `${target}/*[local-name(.)='Issuer']`, action: 'after' as const }
  signer.computeSignature(xml, { prefix: 'ds', location })
  return signer.getSignedXml()
}

/** Assertion first, then the Response around it, as Gatehouse and most identity providers do. */
export function signBoth(xml: string, idp: TestIdp): string {
  return signElement(signElement(xml, 'Assertion', idp), 'Response', idp)
}
