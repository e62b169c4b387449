/**
 * @module The signed bytes of an assertion (SAML Core 2.3.3) to the value {@link LoginAssertion}. Reads strictly and
 * judges nothing. A value is read whole or not at all: none is cut, joined or guessed.
 */
import type { Element } from '@xmldom/xmldom'
import { GatewayError } from '../../core/error.js'
import type {
  AuthnStatement,
  LoginAssertion,
  NameId,
  SubjectConfirmation,
} from '../../core/saml/login-response.js'
import { parseInstant, type Instant } from '../../core/time.js'
import { attributeOf, childElements, childrenNamed, isNamed, textOf } from '../dom.js'
import { namespaces } from '../names.js'

const ns = namespaces.assertion

/** Longest name, URI or value that is read, in UTF-16 units. */
const longest = 4096

/** @throws GatewayError `INVALID_SAML_RESPONSE`. */
export function parseAssertion(assertion: Element): LoginAssertion {
  const subject = single(assertion, 'Subject')
  const conditions = single(assertion, 'Conditions')
  return {
    id: required(assertion, 'ID'),
    version: required(assertion, 'Version'),
    issuer: text(single(assertion, 'Issuer') ?? refuse('the assertion has no <Issuer>')),
    issueInstant: requireInstant(assertion, 'IssueInstant'),
    nameId: subject && readNameId(subject),
    confirmations: subject ? childrenNamed(subject, ns, 'SubjectConfirmation').map(readConfirmation) : [],
    notBefore: conditions && instant(conditions, 'NotBefore'),
    notOnOrAfter: conditions && instant(conditions, 'NotOnOrAfter'),
    audiences: conditions ? childrenNamed(conditions, ns, 'AudienceRestriction').map(readAudiences) : [],
    unknownConditions: conditions ? findUnknownConditions(conditions) : [],
    authnStatements: childrenNamed(assertion, ns, 'AuthnStatement').map(readStatement),
    attributes: readAttributes(assertion),
  }
}

function readNameId(subject: Element): NameId | undefined {
  const nameId = single(subject, 'NameID')
  if (nameId === undefined) return undefined
  const value = text(nameId)
  if (value === '') refuse('<NameID> is empty')
  return {
    value,
    format: attribute(nameId, 'Format'),
    nameQualifier: attribute(nameId, 'NameQualifier'),
    spNameQualifier: attribute(nameId, 'SPNameQualifier'),
  }
}

function readConfirmation(confirmation: Element): SubjectConfirmation {
  const data = single(confirmation, 'SubjectConfirmationData')
  return {
    method: required(confirmation, 'Method'),
    recipient: data && attribute(data, 'Recipient'),
    inResponseTo: data && attribute(data, 'InResponseTo'),
    notBefore: data && instant(data, 'NotBefore'),
    notOnOrAfter: data && instant(data, 'NotOnOrAfter'),
  }
}

function readAudiences(restriction: Element): string[] {
  return childrenNamed(restriction, ns, 'Audience').map(text)
}

// OneTimeUse is what we do with every assertion; ProxyRestriction is for those who issue assertions upon it (SAML Core
// 2.5.1.5, 2.5.1.6), and ours rest on roles given here.
const knownConditions: readonly string[] = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']

function findUnknownConditions(conditions: Element): string[] {
  return childElements(conditions)
    .filter((child) => !knownConditions.some((name) => isNamed(child, ns, name)))
    .map((child) => child.localName ?? child.nodeName)
}

function readStatement(statement: Element): AuthnStatement {
  const context = single(statement, 'AuthnContext')
  const classRef = context && single(context, 'AuthnContextClassRef')
  return {
    authnInstant: requireInstant(statement, 'AuthnInstant'),
    sessionNotOnOrAfter: instant(statement, 'SessionNotOnOrAfter'),
    classRef: classRef && text(classRef),
  }
}

function readAttributes(assertion: Element): Record<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const statement of childrenNamed(assertion, ns, 'AttributeStatement')) {
    for (const element of childrenNamed(statement, ns, 'Attribute')) {
      const values = found.get(required(element, 'Name')) ?? []
      found.set(required(element, 'Name'), values)
      for (const child of childrenNamed(element, ns, 'AttributeValue')) {
        const value = textOf(child)
        // Markup inside (an eduPersonTargetedID, say) is no text, and part of it would be another text.
        if (value !== undefined && value !== '' && value.length <= longest) values.push(value)
      }
    }
  }
  return Object.fromEntries(found)
}

function single(parent: Element, name: string): Element | undefined {
  const [first, second] = childrenNamed(parent, ns, name)
  return second === undefined ? first : refuse(`<${name}> is given more than once`)
}

function text(element: Element): string {
  const value = textOf(element) ?? refuse(`<${element.localName ?? ''}> must hold text alone`)
  return value.length <= longest
    ? value
    : refuse(`<${element.localName ?? ''}> is longer than ${longest} characters`)
}

function attribute(element: Element, name: string): string | undefined {
  const value = attributeOf(element, name)
  if (value !== undefined && value.length > longest) refuse(`${name} is longer than ${longest} characters`)
  return value
}

function required(element: Element, name: string): string {
  return attribute(element, name) ?? refuse(`<${element.localName ?? ''}> has no attribute ${name}`)
}

function instant(element: Element, name: string): Instant | undefined {
  const value = attributeOf(element, name)
  if (value === undefined) return undefined
  return parseInstant(value) ?? refuse(`${name} is not a date and time with a zone`)
}

function requireInstant(element: Element, name: string): Instant {
  return instant(element, name) ?? refuse(`<${element.localName ?? ''}> has no attribute ${name}`)
}

function refuse(problem: string): never {
  throw new GatewayError('INVALID_SAML_RESPONSE', `SAML Response: ${problem}`)
}
