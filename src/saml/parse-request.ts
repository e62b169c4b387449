/**
 * @module The two ways a request arrives: HTTP-Redirect (SAML Bindings 3.4) and HTTP-POST (3.5). Undoes the
 * encodings within bounds and hands the XML on; verifies no signature (`verify-request.ts`).
 */
import { inflateRawSync } from 'node:zlib'
import { GatewayError } from '../core/error.js'
import { maxRequestBytes, parseAuthnRequest } from './authn-request.js'
import { parseFormParameters } from './form-parameters.js'
import { bindings } from './names.js'
import { requireCarriableRelayState } from './relay-state.js'
import type { AuthnRequest } from './saml.js'

/** The signature of the HTTP-Redirect binding, not verified yet. */
export interface DetachedSignature {
  readonly sigAlg: string
  readonly signature: Buffer
  /** The octets that were signed, ASCII, as they stood in the query. */
  readonly signedOctets: string
}

export interface RedirectRequest {
  readonly request: AuthnRequest
  readonly relayState: string | undefined
  readonly signature: DetachedSignature | undefined
}

export interface PostRequest {
  readonly request: AuthnRequest
  readonly relayState: string | undefined
  /** The request as it arrived, for `verifyPostSignature`. */
  readonly xml: string
}

// Base64 of the largest request; DEFLATE never makes a bounded request longer than that.
const maxEncodedLength = Math.ceil(maxRequestBytes / 3) * 4

const redirectNames = [
  'SAMLRequest',
  'SAMLResponse',
  'SAMLEncoding',
  'RelayState',
  'SigAlg',
  'Signature',
] as const

/**
 * Parses the raw query (without `?`) of a request by HTTP-Redirect.
 * @throws GatewayError `INVALID_SAML_REQUEST` with what is wrong and where.
 */
export function parseRedirectRequest(rawQuery: string): RedirectRequest {
  const parameters = parseFormParameters(rawQuery, redirectNames)
  const { SAMLRequest: message, RelayState: relayState, SigAlg: sigAlg, Signature: signature } = parameters
  if (message === undefined) return refuse('the parameter SAMLRequest is missing')
  if (parameters.SAMLResponse !== undefined) refuse('SAMLRequest and SAMLResponse exclude each other')
  if ((parameters.SAMLEncoding?.value ?? bindings.deflate) !== bindings.deflate) {
    refuse(`SAMLEncoding must be ${bindings.deflate} or left out`)
  }
  if ((sigAlg === undefined) !== (signature === undefined))
    refuse('SigAlg and Signature must be sent together')
  const request = parseAuthnRequest(inflate(decodeBase64(message.value, 'SAMLRequest')))
  return {
    request,
    relayState: relayState && requireCarriableRelayState(relayState.value),
    signature:
      sigAlg && signature
        ? {
            sigAlg: sigAlg.value,
            signature: decodeBase64(signature.value, 'Signature'),
            // SAML Bindings 3.4.4.1: in this order, RelayState only if sent, in the sender's own encoding.
            signedOctets: [
              `SAMLRequest=${message.raw}`,
              ...(relayState ? [`RelayState=${relayState.raw}`] : []),
              `SigAlg=${sigAlg.raw}`,
            ].join('&'),
          }
        : undefined,
  }
}

/**
 * Parses the form fields of a request by HTTP-POST.
 * @throws GatewayError `INVALID_SAML_REQUEST` with what is wrong and where.
 */
export function parsePostRequest(body: Readonly<Record<string, unknown>>): PostRequest {
  const { SAMLRequest: message, RelayState: relayState } = body
  if (typeof message !== 'string')
    return refuse('the form field SAMLRequest is missing or given more than once')
  if (relayState !== undefined && typeof relayState !== 'string') {
    return refuse('the form field RelayState is given more than once')
  }
  // SAML Bindings 3.5.4 encodes as in RFC 2045, whose lines may be broken.
  const bytes = decodeBase64(message.replace(/[\r\n\t ]/g, ''), 'SAMLRequest')
  const request = parseAuthnRequest(bytes)
  return {
    request,
    relayState: relayState === undefined ? undefined : requireCarriableRelayState(relayState),
    xml: bytes.toString('utf8'),
  }
}

/** RFC 4648 §4 exactly: no other characters, correct padding, no stray bits at the end. */
function decodeBase64(text: string, name: string): Buffer {
  if (text === '') refuse(`${name} is empty`)
  if (text.length > maxEncodedLength)
    refuse(`${name} has ${text.length} characters; the limit is ${maxEncodedLength}`)
  if (text.includes(' ')) refuse(`${name} holds a space; in a URL "+" must be written %2B`)
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) refuse(`${name} is not valid base64`)
  return bytes
}

function inflate(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxRequestBytes })
  } catch (cause) {
    const tooLarge = cause instanceof RangeError
    return refuse(
      tooLarge
        ? `SAMLRequest inflates to more than ${maxRequestBytes} bytes`
        : 'SAMLRequest is not DEFLATE data',
      cause,
    )
  }
}

function refuse(problem: string, cause?: unknown): never {
  throw new GatewayError('INVALID_SAML_REQUEST', problem, {}, { cause })
}
