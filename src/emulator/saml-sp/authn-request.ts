/**
 * @module AuthnRequests as Identity Center sends them (SAML Core 3.4.1): never signed, an id that starts with
 * `aws_`, by HTTP-Redirect or HTTP-POST (SAML Bindings 3.4 and 3.5). What is sent is remembered, because the
 * answer must fit it.
 */
import { deflateRawSync } from 'node:zlib'
import type { EmulatorContext } from '../context.js'
import { formatTime } from '../context.js'
import { EmulatorError } from '../error.js'
import { emailAddressFormat, type IdentityProvider } from '../state/identity-provider.js'
import { acsEndpoints, spEntityId } from '../state/instance.js'
import { escapeXml, ns } from './xml.js'

/** AWS does not say how long it waits for an answer; a quarter of an hour fits a sign-in with a second factor. */
const requestLifetimeMs = 15 * 60_000
const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

/** All optional: what is left out is as AWS sends it. Values that AWS never sends are for tests. */
export interface AuthnRequestOptions {
  readonly binding?: 'redirect' | 'post' | undefined
  /** Asks for the ACS by index instead of by URL. */
  readonly acsIndex?: number | undefined
  readonly acsUrl?: string | undefined
  /** Names no ACS at all; the identity provider takes the default. */
  readonly omitAcs?: boolean | undefined
  readonly forceAuthn?: boolean | undefined
  readonly isPassive?: boolean | undefined
  /** `null` sends none. */
  readonly relayState?: string | null | undefined
  readonly issuer?: string | undefined
  readonly destination?: string | undefined
  readonly nameIdFormat?: string | undefined
  readonly issueInstant?: string | undefined
  readonly id?: string | undefined
  readonly version?: string | undefined
  readonly requestedAuthnContext?: string | undefined
}

export type OutgoingRequest = {
  readonly requestId: string
  readonly relayState: string | undefined
  /** The request itself, for tests to read. */
  readonly xml: string
} & (
  | { readonly binding: 'redirect'; readonly url: string }
  | { readonly binding: 'post'; readonly action: string; readonly fields: Readonly<Record<string, string>> }
)

/**
 * Makes a request to the imported identity provider and remembers it; `browserId` binds the answer to a browser.
 * @throws EmulatorError where the identity provider offers no address for the binding.
 */
export function sendAuthnRequest(
  context: EmulatorContext,
  idp: IdentityProvider,
  options: AuthnRequestOptions,
  browserId: string | undefined,
): OutgoingRequest {
  const { state, random } = context
  const now = context.clock.now()
  const binding = options.binding ?? (idp.redirectUrl === undefined ? 'post' : 'redirect')
  const ssoUrl = binding === 'redirect' ? idp.redirectUrl : idp.postUrl
  if (ssoUrl === undefined) {
    throw new EmulatorError(
      409,
      'NO_SUCH_BINDING',
      `the imported metadata offers no sign-in address for ${binding}`,
    )
  }
  const requestId = options.id ?? `aws_${random.bytes(24).toString('base64url')}`
  // Standard base64 on purpose: +, / and = must survive every encoding on the way.
  const relayState =
    options.relayState === null ? undefined : (options.relayState ?? random.bytes(40).toString('base64'))
  const acsUrl = acsUrlOf(context, options)
  const xml = writeAuthnRequest({
    ...options,
    requestId,
    issueInstant: options.issueInstant ?? formatTime(now),
    destination: options.destination ?? ssoUrl,
    issuer: options.issuer ?? spEntityId(state.instance),
    acsUrl: options.acsIndex === undefined ? acsUrl : undefined,
  })
  state.sentRequests.set(requestId, {
    id: requestId,
    acsUrl,
    relayState,
    browserId,
    expiresAt: now + requestLifetimeMs,
    answered: false,
  })
  if (binding === 'redirect') {
    return { binding, requestId, relayState, xml, url: redirectUrl(ssoUrl, xml, relayState) }
  }
  const fields = {
    SAMLRequest: Buffer.from(xml).toString('base64'),
    ...(relayState !== undefined && { RelayState: relayState }),
  }
  return { binding, requestId, relayState, xml, action: ssoUrl, fields }
}

function acsUrlOf(context: EmulatorContext, options: AuthnRequestOptions): string | undefined {
  if (options.omitAcs === true) return undefined
  const endpoints = acsEndpoints(context.state.instance)
  const { acsIndex } = options
  const byIndex = endpoints.find((endpoint) =>
    acsIndex === undefined ? endpoint.isDefault : endpoint.index === acsIndex,
  )
  return options.acsUrl ?? (byIndex === undefined ? undefined : `${context.publicUrl}${byIndex.path}`)
}

interface RequestText extends AuthnRequestOptions {
  readonly requestId: string
  readonly issueInstant: string
  readonly destination: string
  readonly issuer: string
}

function writeAuthnRequest(request: RequestText): string {
  const attributes = [
    ['ID', request.requestId],
    ['Version', request.version ?? '2.0'],
    ['IssueInstant', request.issueInstant],
    ['Destination', request.destination],
    ['ForceAuthn', request.forceAuthn?.toString()],
    ['IsPassive', request.isPassive?.toString()],
    ['AssertionConsumerServiceIndex', request.acsIndex?.toString()],
    // SAML Core 3.4.1: ProtocolBinding and AssertionConsumerServiceURL exclude the index.
    ['ProtocolBinding', request.acsUrl === undefined ? undefined : postBinding],
    ['AssertionConsumerServiceURL', request.acsUrl],
  ].flatMap(([name, value]) => (value === undefined ? [] : [` ${name ?? ''}="${escapeXml(value)}"`]))
  const context =
    request.requestedAuthnContext === undefined
      ? ''
      : `<saml2p:RequestedAuthnContext Comparison="exact"><saml2:AuthnContextClassRef xmlns:saml2="${ns.assertion}">${escapeXml(request.requestedAuthnContext)}</saml2:AuthnContextClassRef></saml2p:RequestedAuthnContext>`
  return (
    `<?xml version="1.0" encoding="UTF-8"?><saml2p:AuthnRequest xmlns:saml2p="${ns.protocol}"${attributes.join('')}>` +
    `<saml2:Issuer xmlns:saml2="${ns.assertion}">${escapeXml(request.issuer)}</saml2:Issuer>` +
    `<saml2p:NameIDPolicy Format="${escapeXml(request.nameIdFormat ?? emailAddressFormat)}"/>${context}</saml2p:AuthnRequest>`
  )
}

/** SAML Bindings 3.4.4.1: DEFLATE, base64, URL encoding, in this order. */
function redirectUrl(ssoUrl: string, xml: string, relayState: string | undefined): string {
  const url = new URL(ssoUrl)
  url.searchParams.set('SAMLRequest', deflateRawSync(Buffer.from(xml)).toString('base64'))
  if (relayState !== undefined) url.searchParams.set('RelayState', relayState)
  return url.href
}
