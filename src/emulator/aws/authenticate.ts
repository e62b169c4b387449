/**
 * @module Who signed a request. Presence and form, access key, session token and its end are always looked at; the
 * signature itself and the age of the request where `verifySignatures` is set.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { EmulatorContext } from '../context.js'
import type { Credential } from '../state/iam.js'
import {
  parseAuthorization,
  type AuthorizationHeader,
  type SignatureRefusal,
} from './authorization-header.js'
import { sameSignature, signatureOf, type SignedRequest } from './sigv4.js'

export type Authentication =
  | { readonly credential: Credential; readonly region: string; readonly signingName: string }
  | SignatureRefusal

/** How far the date of a signature may be from ours. */
const toleranceMinutes = 15

const invalidToken: SignatureRefusal = {
  problem: 'unknown-key',
  detail: 'The security token included in the request is invalid.',
}
const expiredToken: SignatureRefusal = {
  problem: 'expired',
  detail: 'The security token included in the request is expired',
}
const mismatch: SignatureRefusal = {
  problem: 'mismatch',
  detail:
    'The request signature we calculated does not match the signature you provided. ' +
    'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
}

export function authenticate(context: EmulatorContext, request: SignedRequest): Authentication {
  const authorization = single(request, 'authorization')
  if (authorization === undefined) return { problem: 'missing', detail: 'Missing Authentication Token' }
  const dated = single(request, 'x-amz-date') ?? single(request, 'date')
  const header = parseAuthorization(authorization, dated !== undefined)
  if ('problem' in header) return header
  const timestamp = parseTimestamp(dated ?? '')
  if (timestamp === undefined) {
    const wanted = "Date must be in ISO-8601 'basic format'."
    return { problem: 'incomplete', detail: `${wanted} Got '${(dated ?? '').slice(0, 64)}'.` }
  }
  const credential = context.state.tables.credentials.get(header.accessKeyId)
  if (credential === undefined || !isSame(single(request, 'x-amz-security-token'), credential.sessionToken)) {
    return invalidToken
  }
  const now = context.clock.now()
  if (credential.expiresAt !== undefined && credential.expiresAt <= now) return expiredToken
  const refusal = context.settings.verifySignatures
    ? verify(request, header, timestamp, credential.secretAccessKey, now)
    : undefined
  return refusal ?? { credential, region: header.region, signingName: header.signingName }
}

function verify(
  request: SignedRequest,
  header: AuthorizationHeader,
  timestamp: string,
  secretAccessKey: string,
  now: number,
): SignatureRefusal | undefined {
  const { date, signedHeaders, signature } = header
  const unsigned = findUnsigned(request, signedHeaders)
  if (unsigned !== undefined) {
    return { problem: 'mismatch', detail: `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.` }
  }
  if (date !== timestamp.slice(0, 8)) {
    const detail =
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
      `'${date.slice(0, 16)}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`
    return { problem: 'mismatch', detail }
  }
  const wanted = signatureOf(request, signedHeaders, timestamp, header, secretAccessKey)
  return sameSignature(signature, wanted) ? findStale(timestamp, now) : mismatch
}

/** The first header that must be signed and is not: the host, and whatever AWS gives a meaning to. */
function findUnsigned({ headers }: SignedRequest, signed: readonly string[]): string | undefined {
  if (!signed.includes('host')) return 'Host'
  const date = headers.has('x-amz-date') ? [] : ['date']
  const meant = [...headers.keys()].filter((name) => name.startsWith('x-amz-') && name !== 'x-amz-user-agent')
  return [...date, ...meant].find((name) => !signed.includes(name))
}

function findStale(timestamp: string, now: number): SignatureRefusal | undefined {
  const at = epochOf(timestamp)
  const limit = toleranceMinutes * 60_000
  if (at < now - limit) {
    const earliest = `${basic(now - limit)} (${basic(now)} - ${toleranceMinutes} min.)`
    return { problem: 'stale', detail: `Signature expired: ${timestamp} is now earlier than ${earliest}` }
  }
  if (at > now + limit) {
    const latest = `${basic(now + limit)} (${basic(now)} + ${toleranceMinutes} min.)`
    return {
      problem: 'stale',
      detail: `Signature not yet current: ${timestamp} is still later than ${latest}`,
    }
  }
  return undefined
}

/** YYYYMMDDTHHMMSSZ from that form, or from the date of HTTP. */
function parseTimestamp(text: string): string | undefined {
  if (/^\d{8}T\d{6}Z$/.test(text)) return Number.isNaN(epochOf(text)) ? undefined : text
  if (!/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : basic(at)
}

function epochOf(timestamp: string): number {
  const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
  return Date.parse(timestamp.replace(form, '$1-$2-$3T$4:$5:$6Z'))
}

function basic(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** Undefined where the header is absent; several of them become one value, which fits nothing. */
function single({ headers }: SignedRequest, name: string): string | undefined {
  return headers.get(name)?.join(',')
}

/** Session tokens in constant time; long-lived keys have none, and none may be sent with them. */
function isSame(given: string | undefined, wanted: string | undefined): boolean {
  if (given === undefined || wanted === undefined) return given === wanted
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
