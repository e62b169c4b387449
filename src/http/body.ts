/**
 * @module Reads request bodies within bounds. What is too long is refused when that is known, by its announced
 * length or at the first octet too many, and never read to its end: body-parser would do that before it answers.
 */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../core/error.js'
import type { SentDocuments } from './route.js'

const kinds = {
  json: { types: ['application/json'], maxBytes: 64 * 1024 },
  /** JSON with a table of thousands of rows. */
  large: { types: ['application/json'], maxBytes: 4 * 1024 * 1024 },
  /** An AuthnRequest by POST: 64 KiB of XML as base64, percent-encoded, and its RelayState. */
  form: { types: ['application/x-www-form-urlencoded'], maxBytes: 256 * 1024 },
  /** Resources of SCIM (RFC 7644 section 3.1). */
  scim: { types: ['application/scim+json', 'application/json'], maxBytes: 1024 * 1024 },
  /** Resources; RFC 9512 gives YAML its name. */
  documents: { types: ['application/yaml', 'application/json'], maxBytes: 1024 * 1024 },
} as const

/**
 * The value of a JSON body, or the text of a form or of documents as it came: what they hold is the business of the
 * room that reads them.
 * @throws GatewayError `UNSUPPORTED_MEDIA_TYPE`, `BODY_TOO_LARGE`, `INVALID_INPUT`.
 */
export async function readBody(kind: keyof typeof kinds, req: IncomingMessage): Promise<unknown> {
  const { types, maxBytes } = kinds[kind]
  const type = assertFormat(req, types)
  const text = decode(await readBytes(req, maxBytes))
  if (kind === 'form') return text
  if (kind === 'documents') {
    return { format: type === 'application/yaml' ? 'yaml' : 'json', text } satisfies SentDocuments
  }
  try {
    return JSON.parse(text, refuseUnsafeName)
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw new GatewayError('INVALID_INPUT', 'the body of this request is not JSON', {}, { cause })
  }
}

/** Schemas would pass over the name without a word, and do something else than was asked for. */
function refuseUnsafeName(name: string, value: unknown): unknown {
  if (name !== '__proto__') return value
  throw new GatewayError('INVALID_INPUT', 'the name "__proto__" is not allowed in this request', {
    fields: [{ path: 'body', message: 'the name "__proto__" is not allowed' }],
  })
}

/** The media type of the request, one of those expected. */
function assertFormat({ headers }: IncomingMessage, expected: readonly string[]): string {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  if (!expected.includes(type.trim())) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `send this request as ${expected.join(' or ')}`)
  }
  // RFC 8259 8.1 knows UTF-8 alone; a guard in front that reads it so would see other text than we do.
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset'))
  if (charset !== undefined && !/^charset\s*=\s*"?utf-8"?$/.test(charset)) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'send this request in UTF-8')
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'send this request without compression')
  }
  return type.trim()
}

async function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  // Gone before anyone listened: no event will tell.
  if (req.destroyed) throw new GatewayError('INVALID_INPUT', 'the body of this request ended early')
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size <= maxBytes) {
        chunks.push(chunk)
        return
      }
      req.off('data', onData)
      req.pause()
      reject(tooLarge(maxBytes))
    }
    req.on('data', onData)
    req.once('end', () => resolve(Buffer.concat(chunks)))
    // After the end, or after the refusal, these change nothing.
    const onEarlyEnd = (cause?: unknown): void =>
      reject(new GatewayError('INVALID_INPUT', 'the body of this request ended early', {}, { cause }))
    req.once('error', onEarlyEnd)
    req.once('close', onEarlyEnd)
  })
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', 'the body of this request is not UTF-8', {}, { cause })
  }
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('BODY_TOO_LARGE', `the body of this request is larger than ${maxBytes} bytes`)
}
