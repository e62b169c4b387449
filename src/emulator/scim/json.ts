/**
 * @module Bodies of SCIM requests: JSON of limited size and depth. A member named `__proto__` is a name like any other,
 * and like any that is not known it is refused.
 */
import express, { type Request, type RequestHandler, type Response } from 'express'
import { invalid, ScimError } from './error.js'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** As the endpoint states it in its ServiceProviderConfig. */
export const maxPayloadSize = 1_048_576
/** Operations[].value[].value is the deepest that any request needs. */
const maxDepth = 16

const raw: RequestHandler = express.raw({ type: () => true, limit: maxPayloadSize })

/**
 * The body of a request.
 * @throws ScimError 413 where it is too large, 400 where it is no JSON object
 */
export async function readBody(req: Request, res: Response): Promise<JsonObject> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    raw(req, res, (error?: unknown) => {
      if (error === undefined) resolve(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0))
      else reject(bodyError(error))
    })
  })
  return parseJson(bytes)
}

function bodyError(error: unknown): ScimError {
  const isTooLarge = error instanceof Error && 'status' in error && error.status === 413
  if (!isTooLarge) return invalid('the body cannot be read')
  return new ScimError(413, 'PayloadTooLarge', `The body is larger than ${maxPayloadSize} bytes.`)
}

/** @throws ScimError 400 */
export function parseJson(bytes: Buffer): JsonObject {
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (isDeeperThan(maxDepth, text)) throw invalid(`the body is nested deeper than ${maxDepth} levels`)
    value = JSON.parse(text)
  } catch (error) {
    throw error instanceof ScimError ? error : invalid('the body is not JSON in UTF-8')
  }
  // JSON.parse makes nothing but JSON.
  const json = value as Json
  if (!isObject(json)) throw invalid('the body is not a JSON object')
  return json
}

/** Looks at the text, so that nothing deep is ever built. */
function isDeeperThan(limit: number, text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') {
      depth++
      if (depth > limit) return true
    } else if (char === '}' || char === ']') depth--
  }
  return false
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** The member of that name, never one that an object has by nature. */
export function memberOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
