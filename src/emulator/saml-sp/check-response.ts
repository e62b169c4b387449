/**
 * @module Everything that AWS checks on a posted Response, as one function of its inputs: it reads no clock and
 * changes no state. The checks run in order and stop at the first that fails; the list of what was checked, what
 * the person sees and the technical cause come back together. `acs.ts` acts on the verdict.
 */
import type { Element } from '@xmldom/xmldom'
import type { Certificate } from '../state/identity-provider.js'
import type { SentRequest } from '../state/sign-in.js'
import type { User } from '../state/user.js'
import { checkAssertion } from './checks/assertion.js'
import { CheckList, Refused, type Check, type CheckName } from './checks/check-list.js'
import { findAssertion, issuerOf, readEnvelope } from './checks/envelope.js'
import { checkRequest } from './checks/request.js'
import { checkSchema } from './checks/schema.js'
import { verifySignatures } from './checks/signature.js'
import { checkAttributes, checkNameId, nameIdOf, readAttributes } from './checks/subject.js'
import type { MessageId } from './messages.js'
import { attribute, child, ns, textOf } from './xml.js'

export interface ResponseExpectations {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly clockSkewMs: number
  readonly requireSignatures: 'either' | 'both'
  /** The address to which the Response was posted. */
  readonly acsUrl: string
  readonly spEntityId: string
  readonly idpEntityId: string
  readonly certificates: readonly Certificate[]
  readonly relayState: string | undefined
  readonly browserId: string | undefined
  readonly findRequest: (id: string) => SentRequest | undefined
  readonly isConsumed: (assertionId: string) => boolean
  readonly findUser: (userName: string) => User | undefined
}

/** What the Response said, for the record; present as far as it could be read, whether believed or not. */
export interface ResponseFacts {
  userName?: string | undefined
  issuer?: string | undefined
  inResponseTo?: string | undefined
  assertionId?: string | undefined
  sessionIndex?: string | undefined
  authnContextClassRef?: string | undefined
  /** RFC 3339, as written. */
  sessionNotOnOrAfter?: string | undefined
  signed?: readonly string[]
  attributes?: Readonly<Record<string, readonly string[]>>
}

export interface Acceptance {
  readonly accepted: true
  readonly checks: readonly Check[]
  readonly facts: ResponseFacts
  readonly user: User
  readonly request: SentRequest | undefined
  readonly assertionId: string
  readonly sessionNotOnOrAfter: number | undefined
}

export interface Refusal {
  readonly accepted: false
  readonly checks: readonly Check[]
  readonly facts: ResponseFacts
  /** `null` where the Response was not looked at. */
  readonly failedCheck: CheckName | null
  readonly says: MessageId
  readonly cause: string
}

export type Verdict = Acceptance | Refusal

/** Judges the `SAMLResponse` field of a POST to an ACS. */
export function checkResponse(encoded: string, expected: ResponseExpectations): Verdict {
  const checks = new CheckList()
  const facts: ResponseFacts = {}
  try {
    return examine(encoded, expected, checks, facts)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { check, says, message } = error
    return { accepted: false, checks: checks.done, facts, failedCheck: check, says, cause: message }
  }
}

function examine(
  encoded: string,
  expected: ResponseExpectations,
  checks: CheckList,
  facts: ResponseFacts,
): Verdict {
  const envelope = readEnvelope(encoded, checks)
  facts.issuer = issuerOf(envelope.response)
  facts.inResponseTo = attribute(envelope.response, 'InResponseTo')
  const arrived = findAssertion(envelope.response, checks)
  gather(envelope.response, arrived, facts)
  checkSchema(envelope.response, arrived, checks)
  const trusted = verifySignatures(envelope, arrived, expected, checks)
  const { response, assertion } = trusted
  // Facts of the document that arrived give way to those of the bytes that were signed.
  gather(response, assertion, facts)
  facts.signed = trusted.signed

  const { subjectInResponseTo, sessionNotOnOrAfter } = checkAssertion(
    trusted,
    { ...expected, audience: expected.spEntityId, issuer: expected.idpEntityId },
    checks,
  )
  const inResponseTo = attribute(response, 'InResponseTo')
  const request = checkRequest({ inResponseTo, subjectInResponseTo }, expected, checks)
  const assertionId = attribute(assertion, 'ID') ?? ''
  checks.expect(
    'replay',
    'unexpected',
    expected.isConsumed(assertionId) ? `the assertion ${assertionId} was used before` : undefined,
  )
  const user = checkNameId(assertion, expected.findUser, checks)
  checkAttributes(assertion, checks)
  return { accepted: true, checks: checks.done, facts, user, request, assertionId, sessionNotOnOrAfter }
}

function gather(response: Element, assertion: Element, facts: ResponseFacts): void {
  const statement = child(assertion, ns.assertion, 'AuthnStatement')
  const context = child(statement, ns.assertion, 'AuthnContext')
  facts.userName = nameIdOf(assertion)
  facts.issuer = issuerOf(assertion)
  facts.inResponseTo = attribute(response, 'InResponseTo')
  facts.assertionId = attribute(assertion, 'ID')
  facts.sessionIndex = attribute(statement, 'SessionIndex')
  facts.sessionNotOnOrAfter = attribute(statement, 'SessionNotOnOrAfter')
  facts.authnContextClassRef = textOf(child(context, ns.assertion, 'AuthnContextClassRef'))
  facts.attributes = readAttributes(assertion)
}
