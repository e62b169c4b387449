/**
 * @module Reads request bodies within bounds. What is too long is refused when that is known, by its announced
 * length or at the first octet too many, and never read to its end: body-parser would do that before it answers.
 */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../core/error.js'

const kinds = {
  json: { type: 'application/json', maxBytes: 64 * 1024 },
  /** An AuthnRequest by POST: 64 KiB of XML as base64, percent-encoded, and its RelayState. */
  form: { type: 'application/x-www-form-urlencoded', maxBytes: 256 * 1024 },
} as const

/**
 * The value of a JSON body, or the text of a form as it came: what a form holds is the business of the room that
 * reads it.
 * @throws GatewayError `UNSUPPORTED_MEDIA_TYPE`, `BODY_TOO_LARGE`, `INVALID_INPUT`.
 */
export async function readBody(kind: keyof typeof kinds, req: IncomingMessage): Promise<unknown> {
  const { type, maxBytes } = kinds[kind]
  assertFormat(req, type)
  const text = decode(await readBytes(req, maxBytes))
  if (kind === 'form') return text
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GatewayError('INVALID_INPUT', 'the body of this request is not JSON', {}, { cause })
  }
}

function assertFormat({ headers }: IncomingMessage, expected: string): void {
  const [type, ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  if (type?.trim() !== expected) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `send this request as ${expected}`)
  }
  // RFC 8259 8.1 knows UTF-8 alone; a guard in front that reads it so would see other text than we do.
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset'))
  if (charset !== undefined && !/^charset\s*=\s*"?utf-8"?$/.test(charset)) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'send this request in UTF-8')
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'send this request without compression')
  }
}

async function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
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
