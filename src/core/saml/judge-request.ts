/**
 * @module Decides whether an AuthnRequest is acceptable and, where it is not, who is told. Until the assertion
 * consumer service is known out of the metadata and the signature is as it must be, the fault is a page for the
 * person; after that it is a SAML status for the service provider. Parsing and signature checks happen in `src/saml`.
 */
import { formatInstant, minute, type DurationMs, type Instant } from '../time.js'
import { chooseAcs } from './acs.js'
import { quoteEntityId, shorten } from './quote.js'
import type { ServiceProvider } from './service-provider.js'
import { statusCodes } from './status.js'
import { authnContexts, httpPostBinding, nameIdFormats } from './urns.js'

/** The parts of an AuthnRequest (SAML Core 3.4.1) that are judged. */
export interface JudgedRequest {
  readonly issuer: string
  readonly version: string
  readonly issueInstant: Instant
  readonly destination: string | undefined
  readonly acsUrl: string | undefined
  readonly acsIndex: number | undefined
  readonly protocolBinding: string | undefined
  readonly nameIdFormat: string | undefined
  readonly spNameQualifier: string | undefined
  readonly requestedAuthnContext: readonly string[]
}

export interface JudgeContext {
  readonly now: Instant
  /** Our single sign-on address for the binding that the request came by. */
  readonly ssoUrl: string
  readonly signature: 'unsigned' | 'valid' | 'invalid'
  readonly binding: 'redirect' | 'post'
  /** How far the service provider's clock may be ahead of ours. */
  readonly skewMs?: DurationMs
  /** How old a request may be; the skew is added. */
  readonly maxAgeMs?: DurationMs
}

export const defaultSkewMs: DurationMs = 3 * minute
export const defaultMaxAgeMs: DurationMs = 10 * minute

export type RequestFault =
  | 'issuer'
  | 'signature_invalid'
  | 'signature_missing'
  | 'destination'
  | 'acs'
  | 'issue_instant_old'
  | 'issue_instant_future'
  | 'version'
  | 'protocol_binding'
  | 'name_id_policy'
  | 'sp_name_qualifier'
  | 'authn_context'

/** Who is told: the person by a page, or the service provider by a SAML status (full URNs). */
export type FaultAnswer =
  | 'page'
  | { readonly statusCode: string; readonly subStatusCode: string | undefined; readonly acsUrl: string }

export type RequestJudgement =
  | {
      readonly ok: true
      readonly acsUrl: string
      readonly nameIdFormat: string
      /** The request accepts nothing less than a one-time code (SAML Authentication Context 3.4, TimeSyncToken). */
      readonly asksSecondFactor: boolean
    }
  | {
      readonly ok: false
      readonly because: RequestFault
      readonly says: string
      readonly answer: FaultAnswer
    }

/** Judges a parsed request of a known service provider. */
export function judgeRequest(
  request: JudgedRequest,
  sp: ServiceProvider,
  context: JudgeContext,
): RequestJudgement {
  const page = (because: RequestFault, says: string): RequestJudgement => ({
    ok: false,
    because,
    says,
    answer: 'page',
  })

  if (request.issuer !== sp.entityId) {
    return page('issuer', `the request was issued by ${quoteEntityId(request.issuer)}, not by ${sp.entityId}`)
  }
  // A request with a broken signature may come from anyone: it is never answered to the service provider.
  if (context.signature === 'invalid') {
    return page('signature_invalid', `the request of ${sp.name} carries a signature that does not verify`)
  }
  if (context.signature === 'unsigned' && (sp.authnRequestsSigned || sp.signingCertificates.length > 0)) {
    return page(
      'signature_missing',
      `the request of ${sp.name} is not signed, but its metadata has a signing key, so its requests must be`,
    )
  }
  // SAML Core 3.2.1: a request with another Destination must be discarded, so it gets no SAML answer.
  // SAML Bindings 3.4.5.2 and 3.5.5.2: a signed message must carry it.
  if (request.destination === undefined && context.signature === 'valid') {
    return page('destination', `the signed ${context.binding} request of ${sp.name} names no Destination`)
  }
  if (request.destination !== undefined && request.destination !== context.ssoUrl) {
    const says = `the request was made for ${shorten(request.destination)}, not for ${context.ssoUrl}`
    return page('destination', says)
  }
  const acs = chooseAcs(sp, request)
  if (!acs.ok) return page('acs', acs.because)

  // A service provider has forgotten a request of that age and would refuse the answer to it; the person, who
  // usually came by the back button or an old tab, is better served by a page.
  const skewMs = context.skewMs ?? defaultSkewMs
  const maxAgeMs = context.maxAgeMs ?? defaultMaxAgeMs
  if (request.issueInstant < context.now - maxAgeMs - skewMs) {
    return page(
      'issue_instant_old',
      `the request is from ${formatInstant(request.issueInstant)} and too old now; start again at ${sp.name}`,
    )
  }
  return judgeContent(request, sp, acs.url, context.now + skewMs)
}

/** What remains once the service provider can be answered. */
function judgeContent(
  request: JudgedRequest,
  sp: ServiceProvider,
  acsUrl: string,
  latest: Instant,
): RequestJudgement {
  const status = (
    because: RequestFault,
    statusCode: string,
    subStatusCode: string | undefined,
    says: string,
  ): RequestJudgement => ({ ok: false, because, says, answer: { statusCode, subStatusCode, acsUrl } })

  if (request.version !== '2.0') {
    const sub = /^[01]\./.test(request.version)
      ? statusCodes.requestVersionTooLow
      : statusCodes.requestVersionTooHigh
    const says = `the request is of SAML version "${shorten(request.version)}"; only 2.0 is spoken here`
    return status('version', statusCodes.versionMismatch, sub, says)
  }
  if (request.issueInstant > latest) {
    const says = `the request is from the future (${formatInstant(request.issueInstant)}); compare the clocks`
    return status('issue_instant_future', statusCodes.requester, statusCodes.requestDenied, says)
  }
  if (request.protocolBinding !== undefined && request.protocolBinding !== httpPostBinding) {
    const says = `the request asks for an answer by ${shorten(request.protocolBinding)}; only HTTP-POST is offered`
    return status('protocol_binding', statusCodes.responder, statusCodes.unsupportedBinding, says)
  }
  const formats: readonly string[] = [nameIdFormats.emailAddress, nameIdFormats.unspecified]
  if (request.nameIdFormat !== undefined && !formats.includes(request.nameIdFormat)) {
    const says = `the request asks for a NameID of format ${shorten(request.nameIdFormat)}; only emailAddress is issued`
    return status('name_id_policy', statusCodes.requester, statusCodes.invalidNameIdPolicy, says)
  }
  if (request.spNameQualifier !== undefined && request.spNameQualifier !== sp.entityId) {
    const says = `the request asks for a NameID in the name space of ${shorten(request.spNameQualifier)}, not its own`
    return status('sp_name_qualifier', statusCodes.requester, statusCodes.invalidNameIdPolicy, says)
  }
  // Any one listed class suffices, whatever Comparison says: the two sides of "exact", "minimum" and "better" agree
  // only where both know an order of classes, and none is standardised (SAML Core 3.3.2.2.1).
  const asked = request.requestedAuthnContext
  const given: readonly string[] = Object.values(authnContexts)
  if (asked.length > 0 && !asked.some((context) => given.includes(context))) {
    const says = `the request asks for an authentication context that is not offered: ${shorten(asked.join(', '))}`
    return status('authn_context', statusCodes.responder, statusCodes.noAuthnContext, says)
  }
  const met = asked.filter((context) => given.includes(context))
  return {
    ok: true,
    acsUrl,
    nameIdFormat: nameIdFormats.emailAddress,
    asksSecondFactor: met.length > 0 && met.every((context) => context === authnContexts.timeSyncToken),
  }
}
