/**
 * @module Decides whether what an upstream identity provider signed is an answer for us, now, to this sign-in (SAML
 * Profiles 4.1.4.2, 4.1.4.3, 4.1.5). Who the person is: `login-subject.ts`. Whether the bytes were signed is
 * settled before, in `src/saml/sp`, and that no assertion is used twice after, in the store.
 */
import { formatInstant, minute, second, type DurationMs, type Instant } from '../time.js'
import type { AuthnStatement, LoginFault, LoginRefusal, LoginResponse } from './login-response.js'
import { quoteEntityId, shorten } from './quote.js'

export interface LoginContext {
  readonly now: Instant
  /** Entity ID of the identity provider, out of its metadata. */
  readonly issuer: string
  /** Our own for this connector: no two connectors share one, so no answer fits another. */
  readonly entityId: string
  readonly acsUrl: string
  /** Id of the request that this browser waits for; undefined where none was made (IdP-initiated). */
  readonly requestId: string | undefined
  readonly allowIdpInitiated: boolean
}

/** How far the clock of the identity provider may be from ours. */
export const loginSkewMs: DurationMs = 60 * second
/** How old a Response may be; people do not carry it about. The skew is added. */
export const maxLoginAgeMs: DurationMs = 10 * minute
/** The longest that an assertion may be confirmed, so that what guards against a second use stays of bounded size. */
export const maxConfirmationMs: DurationMs = 60 * minute

export interface LoginAccepted {
  readonly ok: true
  /** Until when the same assertion would be accepted again: as long it must be remembered. */
  readonly usableUntil: Instant
  /** The session of the identity provider ends then. */
  readonly notAfter: Instant | undefined
  /** AuthnContextClassRef, for the record. */
  readonly authentication: string | undefined
}

export type LoginJudgement = LoginAccepted | LoginRefusal

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

/** Judges a Response whose assertion was signed by the identity provider of this connector. */
export function judgeLogin(response: LoginResponse, context: LoginContext): LoginJudgement {
  const refused = findEnvelopeFault(response, context) ?? findConditionFault(response, context)
  if (refused !== undefined) return refused
  const confirmed = confirm(response, context)
  if (!confirmed.ok) return confirmed
  const statement = judgeStatements(response.assertion.authnStatements, context.now)
  if (!statement.ok) return statement
  const { notOnOrAfter } = response.assertion
  const until = Math.min(confirmed.until, notOnOrAfter ?? confirmed.until)
  return {
    ok: true,
    usableUntil: until + loginSkewMs,
    notAfter: statement.notAfter,
    authentication: statement.classRef,
  }
}

function findEnvelopeFault(
  { envelope, envelopeSigned, assertion }: LoginResponse,
  context: LoginContext,
): LoginRefusal | undefined {
  if (envelope.version !== '2.0' || assertion.version !== '2.0') {
    return refuse('version', 'the Response or its assertion is of a SAML version other than 2.0')
  }
  const issuers = [assertion.issuer, envelope.issuer ?? assertion.issuer]
  const foreign = issuers.find((issuer) => issuer !== context.issuer)
  if (foreign !== undefined) {
    return refuse(
      'issuer',
      `the answer is by ${quoteEntityId(foreign)}, not by ${quoteEntityId(context.issuer)}`,
    )
  }
  // SAML Bindings 3.5.5.2: a signed Response must carry its Destination.
  if (envelope.destination === undefined && envelopeSigned) {
    return refuse('destination', 'the signed Response names no Destination')
  }
  if (envelope.destination !== undefined && envelope.destination !== context.acsUrl) {
    return refuse(
      'destination',
      `the Response is for ${shorten(envelope.destination)}, not for ${context.acsUrl}; correct the ACS URL at the identity provider`,
    )
  }
  return findAnswerFault(envelope.inResponseTo, context) ?? findAgeFault(envelope.issueInstant, context.now)
}

function findAnswerFault(inResponseTo: string | undefined, context: LoginContext): LoginRefusal | undefined {
  if (context.requestId === undefined) {
    if (inResponseTo !== undefined) {
      return refuse('in_response_to', 'the Response answers a request that no sign-in of ours waits for')
    }
    return context.allowIdpInitiated
      ? undefined
      : refuse(
          'unsolicited',
          'the Response answers no request; sign in from here, or set allow_idp_initiated on the connector',
        )
  }
  if (inResponseTo === context.requestId) return undefined
  return inResponseTo === undefined
    ? refuse('in_response_to', 'the Response does not say which request it answers (InResponseTo)')
    : refuse('in_response_to', 'the Response answers another request than the one of this sign-in')
}

function findAgeFault(issueInstant: Instant, now: Instant): LoginRefusal | undefined {
  if (issueInstant > now + loginSkewMs) {
    return refuse(
      'issue_instant',
      `the Response is from the future (${formatInstant(issueInstant)}); compare the clocks`,
    )
  }
  if (issueInstant < now - maxLoginAgeMs - loginSkewMs) {
    return refuse('issue_instant', `the Response is from ${formatInstant(issueInstant)} and too old now`)
  }
  return undefined
}

function findConditionFault({ assertion }: LoginResponse, context: LoginContext): LoginRefusal | undefined {
  const { notBefore, notOnOrAfter, audiences, unknownConditions } = assertion
  const [unknown] = unknownConditions
  // SAML Core 2.5.1: with a condition that is not understood, the validity of the assertion is not known.
  if (unknown !== undefined) {
    return refuse(
      'conditions',
      `the assertion has the condition "${shorten(unknown)}", which is not known here`,
    )
  }
  const early = findWindowFault(notBefore, notOnOrAfter, context.now)
  if (early !== undefined) return refuse('conditions', `the assertion ${early}`)
  // SAML Profiles 4.1.4.2: a restriction that names the service provider must be there.
  if (audiences.length === 0) return refuse('audience', 'the assertion has no AudienceRestriction')
  const missed = audiences.find((names) => !names.includes(context.entityId))
  if (missed === undefined) return undefined
  return refuse(
    'audience',
    `the assertion is for ${missed.map(quoteEntityId).join(', ') || 'nobody'}, not for ${context.entityId}; correct the audience (entity ID) at the identity provider`,
  )
}

function confirm(
  { assertion }: LoginResponse,
  context: LoginContext,
): { readonly ok: true; readonly until: Instant } | LoginRefusal {
  let because = 'the assertion has no SubjectConfirmation by bearer'
  for (const confirmation of assertion.confirmations) {
    if (confirmation.method !== bearer) continue
    const { notOnOrAfter, notBefore, recipient, inResponseTo } = confirmation
    const window = findWindowFault(notBefore, notOnOrAfter, context.now)
    if (recipient !== context.acsUrl) {
      because = `the assertion is for the recipient ${shorten(recipient ?? '(none)')}, not for ${context.acsUrl}`
    } else if (notOnOrAfter === undefined) {
      because = 'the SubjectConfirmationData has no NotOnOrAfter (SAML Profiles 4.1.4.2)'
    } else if (window !== undefined) {
      because = `the SubjectConfirmationData ${window}`
    } else if (notOnOrAfter > context.now + maxConfirmationMs) {
      because = `the SubjectConfirmationData is valid until ${formatInstant(notOnOrAfter)}; an hour is the most that is accepted`
    } else if (inResponseTo !== context.requestId) {
      because = 'the SubjectConfirmationData does not name the request of this sign-in (InResponseTo)'
    } else {
      return { ok: true, until: notOnOrAfter }
    }
  }
  return refuse('confirmation', because)
}

function judgeStatements(
  statements: readonly AuthnStatement[],
  now: Instant,
):
  | { readonly ok: true; readonly notAfter: Instant | undefined; readonly classRef: string | undefined }
  | LoginRefusal {
  const [first] = statements
  if (first === undefined) return refuse('authn_statement', 'the assertion has no AuthnStatement')
  if (statements.some(({ authnInstant }) => authnInstant > now + loginSkewMs)) {
    return refuse('authn_statement', 'the AuthnInstant is in the future; compare the clocks')
  }
  const ends = statements.flatMap(({ sessionNotOnOrAfter: end }) => (end === undefined ? [] : [end]))
  const notAfter = ends.length === 0 ? undefined : Math.min(...ends)
  // No skew: a session that ends in the past would be one of no length.
  if (notAfter !== undefined && notAfter <= now) {
    return refuse(
      'authn_statement',
      `the session at the identity provider ended at ${formatInstant(notAfter)}`,
    )
  }
  return { ok: true, notAfter, classRef: statements.find(({ classRef }) => classRef !== undefined)?.classRef }
}

function findWindowFault(
  notBefore: Instant | undefined,
  notOnOrAfter: Instant | undefined,
  now: Instant,
): string | undefined {
  if (notBefore !== undefined && now < notBefore - loginSkewMs) {
    return `is valid only from ${formatInstant(notBefore)}; compare the clocks`
  }
  if (notOnOrAfter !== undefined && now >= notOnOrAfter + loginSkewMs) {
    return `was valid until ${formatInstant(notOnOrAfter)}; sign in again, and compare the clocks`
  }
  return undefined
}

function refuse(because: LoginFault, says: string): LoginRefusal {
  return { ok: false, because, says }
}
