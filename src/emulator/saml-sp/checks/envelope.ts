/**
 * @module From the posted text to a Response element of the expected shape: size, encoding, well-formedness,
 * status, and exactly one readable assertion. Nothing read here is believed before its signature is verified.
 */
import type { Element } from '@xmldom/xmldom'
import {
  attribute,
  child,
  children,
  descendants,
  everyElement,
  is,
  ns,
  parseXml,
  textOf,
  XmlProblem,
} from '../xml.js'
import type { CheckList } from './check-list.js'

/** AWS's limit for an assertion, counted here over the whole decoded Response. */
const maxCharacters = 50_000
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'

export interface Envelope {
  readonly xml: string
  readonly response: Element
}

/** Reads the `SAMLResponse` field of the HTTP-POST binding (SAML Bindings 3.5.4). */
export function readEnvelope(encoded: string, checks: CheckList): Envelope {
  const xml = decode(encoded, checks)
  const response = parse(xml, checks)
  checks.expect('response', 'unexpected', problemOfResponse(response))
  return { xml, response }
}

/** The one assertion of a successful Response. */
export function findAssertion(response: Element, checks: CheckList): Element {
  checks.expect('status', 'unexpected', problemOfStatus(response))
  const encrypted = descendants(response, ns.assertion, 'EncryptedAssertion').length > 0
  checks.expect('not-encrypted', 'unexpected', encrypted ? 'EncryptedAssertion is not supported' : undefined)
  // Counted at any depth: a second assertion hidden in Extensions or Object is a wrapping attempt.
  const count = descendants(response, ns.assertion, 'Assertion').length
  const assertion = child(response, ns.assertion, 'Assertion')
  if (count !== 1 || assertion === undefined) {
    checks.refuse(
      'one-assertion',
      'unexpected',
      `the Response holds ${count} assertions; exactly one is required`,
    )
  }
  checks.pass('one-assertion')
  checks.expect('unique-ids', 'unexpected', problemOfIds(response))
  return assertion
}

function decode(encoded: string, checks: CheckList): string {
  const tooLarge = (length: number) =>
    `the Response has ${length} characters; at most ${maxCharacters} are allowed`
  // Four characters carry three bytes, and no character takes more than three bytes per UTF-16 unit.
  if (encoded.length > maxCharacters * 5) checks.refuse('size', 'unexpected', tooLarge(encoded.length))
  const compact = encoded.replace(/[\r\n]/g, '')
  const wellFormed = compact !== '' && compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact)
  if (!wellFormed) checks.refuse('encoding', 'unexpected', 'SAMLResponse is not base64')
  let xml: string
  try {
    xml = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(compact, 'base64'))
  } catch {
    checks.refuse('encoding', 'unexpected', 'SAMLResponse is not base64 of UTF-8 text')
  }
  checks.pass('encoding')
  checks.expect('size', 'unexpected', xml.length > maxCharacters ? tooLarge(xml.length) : undefined)
  return xml
}

function parse(xml: string, checks: CheckList): Element {
  try {
    const root = parseXml(xml)
    checks.pass('xml')
    return root
  } catch (error) {
    if (!(error instanceof XmlProblem)) throw error
    return checks.refuse('xml', 'unexpected', `the Response cannot be read: ${error.message}`)
  }
}

function problemOfResponse(response: Element): string | undefined {
  if (!is(response, ns.protocol, 'Response'))
    return `the message is ${response.nodeName}, not a samlp:Response`
  const version = attribute(response, 'Version')
  return version === '2.0' ? undefined : `the Response has Version ${version ?? '(none)'}, not 2.0`
}

/** SAML Core 3.2.2: a status other than Success carries no assertion, so it is read first. */
function problemOfStatus(response: Element): string | undefined {
  const status = child(response, ns.protocol, 'Status')
  const code = child(status, ns.protocol, 'StatusCode')
  const value = attribute(code, 'Value')
  if (value === success) return undefined
  if (value === undefined) return 'the Response has no status code'
  const second = attribute(child(code, ns.protocol, 'StatusCode'), 'Value')
  const message = textOf(child(status, ns.protocol, 'StatusMessage'))
  const codes = second === undefined ? value : `${value} / ${second}`
  return `the identity provider answered with status ${codes}${message === undefined ? '' : `: ${message}`}`
}

/** References are by ID: two elements with one ID would let a signature point at either. */
function problemOfIds(response: Element): string | undefined {
  const ids = everyElement(response).flatMap((element) =>
    ['ID', 'Id', 'id'].flatMap((name) => attribute(element, name) ?? []),
  )
  const seen = new Set<string>()
  const repeated = ids.find((id) => seen.size === seen.add(id).size)
  return repeated === undefined ? undefined : `the ID ${repeated} is used twice`
}

/** Issuer of a message or assertion (SAML Core 2.2.5), where it is given once. */
export function issuerOf(element: Element): string | undefined {
  const issuers = children(element, ns.assertion, 'Issuer')
  return issuers.length === 1 ? textOf(issuers[0]) : undefined
}
