/**
 * @module Signature Version 4, from AWS's published algorithm: the canonical request, the text that is signed, the
 * key, and the comparison. Nothing here knows callers, clocks or errors.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { algorithm } from './authorization-header.js'

/** Values of headers by their names in lower case, in the order in which they were sent. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>

export interface SignedRequest {
  readonly method: string
  /** Path with the query as it was sent. */
  readonly target: string
  readonly headers: HeaderValues
  readonly body: Buffer
}

export interface Scope {
  /** YYYYMMDD. */
  readonly date: string
  readonly region: string
  readonly signingName: string
}

/** Header values from names and values in turn, as node:http has them in `rawHeaders`. */
export function readHeaders(rawHeaders: readonly string[]): HeaderValues {
  const headers = new Map<string, string[]>()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [value])
    else values.push(value)
  }
  return headers
}

/** The signature of a request as 64 hexadecimal digits; `timestamp` is YYYYMMDDTHHMMSSZ. */
export function signatureOf(
  request: SignedRequest,
  signedHeaders: readonly string[],
  timestamp: string,
  scope: Scope,
  secretAccessKey: string,
): string {
  const { date, region, signingName } = scope
  const text = [
    algorithm,
    timestamp,
    `${date}/${region}/${signingName}/aws4_request`,
    sha256(canonicalRequest(request, signedHeaders)),
  ].join('\n')
  const key = [region, signingName, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date))
  return hmac(key, text).toString('hex')
}

/** In constant time; false for what is not a signature at all. */
export function sameSignature(given: string, wanted: string): boolean {
  return /^[0-9a-f]{64}$/.test(given) && timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
}

export function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const { method, target, headers, body } = request
  const question = target.indexOf('?')
  const path = question === -1 ? target : target.slice(0, question)
  const query = question === -1 ? '' : target.slice(question + 1)
  const names = [...signedHeaders].sort(compare)
  return [
    method,
    path.split('/').map(encode).join('/'),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${canonicalValue(headers.get(name) ?? [])}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
      return [encode(decode(name)), encode(decode(value))] as const
    })
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function canonicalValue(values: readonly string[]): string {
  return values.map((value) => value.trim().replace(/ {2,}/g, ' ')).join(',')
}

/** Percent-encoding of RFC 3986: all but its unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** What is no percent-encoding stays as it is; its signature will not fit. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
