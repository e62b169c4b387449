/**
 * @module What a signed assertion must say: who issued it, for whom, where and until when (SAML Profiles 4.1.4.3).
 */
import type { Element } from '@xmldom/xmldom'
import { attribute, child, children, ns, parseDateTime, textOf } from '../xml.js'
import type { CheckList } from './check-list.js'
import { issuerOf } from './envelope.js'
import type { TrustedResponse } from './signature.js'

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

export interface AssertionRules {
  readonly now: number
  readonly clockSkewMs: number
  readonly acsUrl: string
  readonly audience: string
  readonly issuer: string
}

export interface AssertionFacts {
  readonly subjectInResponseTo: string | undefined
  /** Milliseconds since the epoch. */
  readonly sessionNotOnOrAfter: number | undefined
}

export function checkAssertion(
  trusted: TrustedResponse,
  rules: AssertionRules,
  checks: CheckList,
): AssertionFacts {
  const { response, assertion } = trusted
  checks.expect('issuer', 'not-you', problemOfIssuer(response, assertion, rules.issuer))

  const destination = attribute(response, 'Destination')
  checks.expect(
    'destination',
    'unexpected',
    destination === rules.acsUrl
      ? undefined
      : `the Response has Destination ${destination ?? '(none)'}, not this ACS ${rules.acsUrl}`,
  )

  const confirmation = children(subjectOf(assertion), ns.assertion, 'SubjectConfirmation').filter(
    (each) => attribute(each, 'Method') === bearer,
  )
  const data = child(confirmation[0], ns.assertion, 'SubjectConfirmationData')
  if (confirmation.length !== 1 || data === undefined) {
    checks.refuse(
      'subject-confirmation',
      'unexpected',
      'the subject has no single bearer confirmation with data',
    )
  }
  checks.pass('subject-confirmation')

  const recipient = attribute(data, 'Recipient')
  checks.expect(
    'recipient',
    'unexpected',
    recipient === rules.acsUrl
      ? undefined
      : `the Recipient is ${recipient ?? '(none)'}, not this ACS ${rules.acsUrl}`,
  )

  const conditions = child(assertion, ns.assertion, 'Conditions')
  checks.expect('audience', 'unexpected', problemOfAudience(conditions, rules.audience))

  const statement = child(assertion, ns.assertion, 'AuthnStatement')
  checks.expect(
    'times',
    'not-you',
    problemOfTimes({ response, assertion, conditions, data, statement }, rules),
  )
  return {
    subjectInResponseTo: attribute(data, 'InResponseTo'),
    sessionNotOnOrAfter: parseDateTime(attribute(statement, 'SessionNotOnOrAfter')),
  }
}

function subjectOf(assertion: Element): Element {
  return child(assertion, ns.assertion, 'Subject') ?? assertion
}

function problemOfIssuer(response: Element, assertion: Element, issuer: string): string | undefined {
  const ofAssertion = issuerOf(assertion)
  if (ofAssertion !== issuer) return `the assertion's Issuer is ${ofAssertion ?? '(none)'}, not ${issuer}`
  // SAML Profiles 4.1.4.2: the Issuer of the Response may be left out where only the assertion is signed.
  const given = child(response, ns.assertion, 'Issuer') !== undefined
  const ofResponse = issuerOf(response)
  return given && ofResponse !== issuer
    ? `the Response's Issuer is ${ofResponse ?? '(none)'}, not ${issuer}`
    : undefined
}

/** SAML Core 2.5.1.4: within one restriction any Audience may name us; every restriction must. */
function problemOfAudience(conditions: Element | undefined, audience: string): string | undefined {
  const restrictions =
    conditions === undefined ? [] : children(conditions, ns.assertion, 'AudienceRestriction')
  if (restrictions.length === 0) return `the assertion names no Audience; ${audience} is required`
  for (const restriction of restrictions) {
    const named = children(restriction, ns.assertion, 'Audience').map((each) => textOf(each) ?? '')
    if (!named.includes(audience)) return `the Audience is ${named.join(', ')}, not ${audience}`
  }
  return undefined
}

interface Timed {
  readonly response: Element
  readonly assertion: Element
  readonly conditions: Element | undefined
  readonly data: Element
  readonly statement: Element | undefined
}

function problemOfTimes(timed: Timed, rules: AssertionRules): string | undefined {
  const { now, clockSkewMs } = rules
  const { response, assertion, conditions, data, statement } = timed
  if (statement === undefined) return 'the assertion has no AuthnStatement'
  const times: readonly [
    label: string,
    element: Element | undefined,
    name: string,
    kind: 'from' | 'until',
    must: boolean,
  ][] = [
    ['IssueInstant of the Response', response, 'IssueInstant', 'from', true],
    ['IssueInstant of the assertion', assertion, 'IssueInstant', 'from', true],
    ['NotBefore of the Conditions', conditions, 'NotBefore', 'from', false],
    ['NotOnOrAfter of the Conditions', conditions, 'NotOnOrAfter', 'until', true],
    ['NotOnOrAfter of the SubjectConfirmationData', data, 'NotOnOrAfter', 'until', true],
    ['AuthnInstant', statement, 'AuthnInstant', 'from', true],
    ['SessionNotOnOrAfter', statement, 'SessionNotOnOrAfter', 'until', false],
  ]
  for (const [label, element, name, kind, must] of times) {
    const text = attribute(element, name)
    if (text === undefined && !must) continue
    const instant = parseDateTime(text)
    if (instant === undefined) return `${label} is ${text ?? 'missing'}, not a time with a zone`
    if (kind === 'from' && instant > now + clockSkewMs) return `${label} ${text ?? ''} is in the future`
    if (kind === 'until' && instant <= now - clockSkewMs) return `${label} ${text ?? ''} is in the past`
  }
  // SAML Profiles 4.1.4.2: a bearer confirmation must not carry NotBefore.
  return attribute(data, 'NotBefore') === undefined
    ? undefined
    : 'SubjectConfirmationData must not have NotBefore'
}
