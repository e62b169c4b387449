/**
 * @module The Response of an upstream identity provider (SAML Core 3.2.2, Bindings 3.5), from the posted form to what
 * it signed. Signature wrapping is a difference between what is verified and what is read; here there is none: of the
 * message only the two places are looked at where a signature may stand, and what it says is read out of the canonical
 * bytes that a signature was found to be over. Whether it is an answer for us is decided in
 * `core/saml/judge-login.ts`.
 */
import type { Element } from '@xmldom/xmldom'
import { GatewayError } from '../../core/error.js'
import type {
  LoginEnvelope,
  LoginFault,
  LoginRefusal,
  LoginResponse,
} from '../../core/saml/login-response.js'
import { shorten } from '../../core/saml/quote.js'
import { parseInstant } from '../../core/time.js'
import { attributeOf, childElements, childrenNamed, descendants, isNamed, textOf } from '../dom.js'
import { hasDoubleId } from '../enveloped-signature.js'
import { parseFormParameters } from '../form-parameters.js'
import { parseHostileXml, type XmlLimits } from '../hostile-xml.js'
import { namespaces, statusSuccess } from '../names.js'
import { parseAssertion } from './parse-assertion.js'
import { verifyElement } from './verify-element.js'

/** Largest Response, as XML: the most that a form carries (`http/body.ts`). One with a thousand groups has 100 KiB. */
export const maxLoginResponseBytes = 192 * 1024

const limits: XmlLimits = {
  code: 'INVALID_SAML_RESPONSE',
  what: 'the SAML Response',
  maxBytes: maxLoginResponseBytes,
  maxDepth: 24,
  maxElements: 4000,
  maxAttributesPerElement: 32,
  maxAttributes: 12_000,
  // A comment in a NameID has been used to cut it short; no identity provider writes any.
  commentsAndCdata: false,
}

export interface PostedResponse {
  readonly xml: string
  readonly relayState: string | undefined
}

/**
 * Undoes the encodings of HTTP-POST.
 * @throws GatewayError `INVALID_SAML_RESPONSE`, and `INVALID_SAML_REQUEST` for a form that is none.
 */
export function parseResponseForm(rawForm: string): PostedResponse {
  const { SAMLResponse: message, RelayState: state } = parseFormParameters(rawForm, [
    'SAMLResponse',
    'RelayState',
  ])
  if (message === undefined) return refuse('the form field SAMLResponse is missing')
  // SAML Bindings 3.5.4 encodes as in RFC 2045, whose lines may be broken.
  const text = message.value.replace(/[\r\n\t ]/g, '')
  const bytes = Buffer.from(text, 'base64')
  if (text === '' || bytes.toString('base64') !== text) refuse('the form field SAMLResponse is not base64')
  if (bytes.length > maxLoginResponseBytes) {
    refuse(`the SAML Response has ${bytes.length} bytes; the limit is ${maxLoginResponseBytes}`)
  }
  return { xml: bytes.toString('utf8'), relayState: state?.value === '' ? undefined : state?.value }
}

export type LoginReading = { readonly ok: true; readonly response: LoginResponse } | LoginRefusal

/** Reads what one of the PEM `certificates` signed, or tells why there is no such thing. */
export function readLoginResponse(xml: string, certificates: readonly string[]): LoginReading {
  try {
    return read(xml, certificates)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== limits.code) throw error
    return refusal('malformed', error.message)
  }
}

function read(xml: string, certificates: readonly string[]): LoginReading {
  const root = parseRoot(xml, namespaces.protocol, 'Response')
  const all = [...descendants(root)]
  const encrypted = all.find(({ localName }) =>
    /^Encrypted(?:Assertion|ID|Attribute|Data)$/.test(localName ?? ''),
  )
  if (encrypted !== undefined) {
    return refusal(
      'encrypted',
      `the Response holds <${encrypted.localName ?? ''}>; encrypted assertions are not read here, so turn encryption off for this application at the identity provider (the connection is encrypted by TLS)`,
    )
  }
  if (hasDoubleId(root)) return refusal('malformed', 'two elements of the Response have the same ID')
  const status = readStatus(root)
  if (status !== undefined) return refusal('status', status)
  // By local name: whatever another reader may take for an assertion counts.
  const assertions = all.filter(({ localName }) => localName === 'Assertion')
  const [assertion, second] = assertions
  if (assertion === undefined) return refusal('malformed', 'the Response holds no assertion')
  if (second !== undefined) return refusal('malformed', 'the Response holds more than one assertion')
  if (!isNamed(assertion, namespaces.assertion, 'Assertion') || assertion.parentNode !== root) {
    return refusal('malformed', 'the assertion is not a child of the Response')
  }
  return verify(xml, root, assertion, all, certificates)
}

/** Every signature in the message must stand at its place and hold; one at least must be there. */
function verify(
  xml: string,
  root: Element,
  assertion: Element,
  all: readonly Element[],
  certificates: readonly string[],
): LoginReading {
  const signatures = all.filter(({ localName }) => localName === 'Signature')
  const ofRoot = signatures.filter(({ parentNode }) => parentNode === root)
  const ofAssertion = signatures.filter(({ parentNode }) => parentNode === assertion)
  if (signatures.length === 0) {
    return refusal('signature', 'neither the Response nor its assertion is signed; have the assertion signed')
  }
  if (
    ofRoot.length > 1 ||
    ofAssertion.length > 1 ||
    ofRoot.length + ofAssertion.length !== signatures.length
  ) {
    return refusal('signature', 'a Signature stands where none belongs')
  }
  let envelope = root
  let signedAssertion: Element | undefined
  const [rootSignature] = ofRoot
  if (rootSignature !== undefined) {
    const verified = verifyElement(xml, root, rootSignature, certificates, 'Response')
    if (!verified.ok) return refusal('signature', verified.says)
    envelope = parseRoot(verified.signedXml, namespaces.protocol, 'Response')
    signedAssertion = childrenNamed(envelope, namespaces.assertion, 'Assertion')[0]
  }
  const [assertionSignature] = ofAssertion
  if (assertionSignature !== undefined) {
    const verified = verifyElement(xml, assertion, assertionSignature, certificates, 'assertion')
    if (!verified.ok) return refusal('signature', verified.says)
    signedAssertion = parseRoot(verified.signedXml, namespaces.assertion, 'Assertion')
  }
  if (signedAssertion === undefined) return refusal('signature', 'what was signed holds no assertion')
  return {
    ok: true,
    response: {
      envelope: readEnvelope(envelope),
      envelopeSigned: rootSignature !== undefined,
      assertion: parseAssertion(signedAssertion),
    },
  }
}

function readEnvelope(root: Element): LoginEnvelope {
  const [issuer] = childrenNamed(root, namespaces.assertion, 'Issuer')
  return {
    version: attributeOf(root, 'Version') ?? refuse('the Response has no Version'),
    issuer: issuer && (textOf(issuer) ?? refuse('<Issuer> must hold text alone')),
    issueInstant:
      parseInstant(attributeOf(root, 'IssueInstant') ?? '') ??
      refuse('the IssueInstant of the Response is not a date and time with a zone'),
    destination: attributeOf(root, 'Destination'),
    inResponseTo: attributeOf(root, 'InResponseTo'),
  }
}

/** What a status other than success says (SAML Core 3.2.2.1), unsigned or not: nobody is signed in by it. */
function readStatus(root: Element): string | undefined {
  const [status] = childrenNamed(root, namespaces.protocol, 'Status')
  const [code] = status ? childrenNamed(status, namespaces.protocol, 'StatusCode') : []
  if (status === undefined || code === undefined) return 'the Response has no Status'
  const value = attributeOf(code, 'Value') ?? ''
  if (value === statusSuccess) return undefined
  const [message] = childrenNamed(status, namespaces.protocol, 'StatusMessage')
  const [sub] = childElements(code)
  const parts = [value, sub && attributeOf(sub, 'Value'), message && textOf(message)]
  const says = parts.filter((part) => part !== undefined && part !== '').map((part) => shorten(part ?? ''))
  return `the identity provider refused the sign-in: ${says.join(', ')}`
}

function parseRoot(xml: string, namespace: string, name: string): Element {
  const root = parseHostileXml(xml, limits).documentElement
  if (root === null || !isNamed(root, namespace, name)) {
    return refuse(`the message is <${shorten(root?.localName ?? 'nothing')}>, not a SAML 2.0 ${name}`)
  }
  return root
}

function refusal(because: LoginFault, says: string): LoginRefusal {
  return { ok: false, because, says }
}

function refuse(problem: string): never {
  throw new GatewayError('INVALID_SAML_RESPONSE', problem)
}
