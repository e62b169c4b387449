/**
 * @module AWS JSON 1.1 (sso-admin, identitystore, organizations): the operation stands in `X-Amz-Target`, the type of
 * an error in `__type`.
 */
import type { Answer } from '../answer.js'
import type { SignatureProblem } from './authorization-header.js'
import type { Protocol } from './engine.js'
import { decodeUtf8 } from './decode-utf8.js'
import { AwsError } from './error.js'
import { readTypes } from './validate.js'

const signatureCodes: Readonly<Record<SignatureProblem, string>> = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  'unknown-key': 'UnrecognizedClientException',
  expired: 'ExpiredTokenException',
  mismatch: 'InvalidSignatureException',
  stale: 'InvalidSignatureException',
}

/** Codes of the framework, whose message is written in lower case; modelled errors have `Message`. */
const frameworkCodes = new Set([
  ...Object.values(signatureCodes),
  'SerializationException',
  'UnknownOperationException',
])

export function jsonProtocol(body: Buffer): Protocol {
  return {
    readInput: (operation) => readTypes(operation.input, parseJson(body)),
    writeOutput: (_operation, output, requestId) => write(200, output, requestId),
    writeError: (error, requestId) => writeJsonError(error, requestId),
    signatureError: ({ problem, detail }) => new AwsError(signatureCodes[problem], detail),
    expired: () =>
      new AwsError('ExpiredTokenException', 'The security token included in the request is expired'),
  }
}

/** No shape of these services nests as deep; code that walks documents must not run out of stack. */
const maxDepth = 64

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  const text = decodeUtf8(body)
  if (text === undefined) throw new AwsError('SerializationException', 'the body is not JSON in UTF-8')
  if (depthOf(text) > maxDepth) {
    throw new AwsError('SerializationException', `the body is nested more than ${maxDepth} levels deep`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new AwsError('SerializationException', 'the body is not JSON in UTF-8')
  }
}

/** How deep objects and lists are nested in a JSON text; one pass, whatever the text. */
function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  let inText = false
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (inText) {
      if (character === '\\') at++
      else if (character === '"') inText = false
    } else if (character === '"') inText = true
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth)
    else if (character === ']' || character === '}') depth--
  }
  return deepest
}

export function writeJsonError(error: AwsError, requestId: string): Answer {
  const message = frameworkCodes.has(error.code) ? { message: error.message } : { Message: error.message }
  return {
    ...write(error.status, { __type: error.code, ...message, ...error.members }, requestId),
    error: error.code,
  }
}

function write(status: number, members: object, requestId: string): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': requestId },
    body: JSON.stringify(members),
  }
}
