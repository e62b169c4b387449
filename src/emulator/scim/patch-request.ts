/**
 * @module The body of PATCH (RFC 7644 §3.5.2): a list of operations, in AWS's narrower form.
 */
import { invalid, invalidWith } from './error.js'
import { isList, isObject, memberOf, type Json, type JsonObject } from './json.js'
import { parsePath, type PatchPath } from './patch-path.js'
import { checkSchemas, refuseUnknown } from './read.js'
import { patchUrn } from './urn.js'

/** Operations of one request; AWS's Identity Store API takes as many. */
const maxOperations = 100

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace'
  readonly path: PatchPath
  readonly value: Json | undefined
}

/** @throws ScimError 400 */
export function parsePatch(body: JsonObject): readonly PatchOperation[] {
  refuseUnknown(body, ['schemas', 'Operations'], 'the request')
  if (memberOf(body, 'schemas') === undefined) throw invalid('schemas is missing')
  checkSchemas(body, [patchUrn])
  const operations = memberOf(body, 'Operations')
  if (!isList(operations) || operations.length === 0) throw invalid('Operations is not a list of operations')
  if (operations.length > maxOperations) throw invalid(`there are more than ${maxOperations} operations`)
  return operations.map(parseOperation)
}

function parseOperation(operation: Json): PatchOperation {
  if (!isObject(operation)) throw invalid('an operation is not an object')
  refuseUnknown(operation, ['op', 'path', 'value'], 'an operation')
  const op = parseVerb(memberOf(operation, 'op'))
  const path = memberOf(operation, 'path')
  const value = memberOf(operation, 'value')
  if (path === undefined) return withoutPath(op, value)
  if (typeof path !== 'string') throw invalid('a path is not a text')
  return { op, path: parsePath(path), value }
}

/** Some clients write `Add` and `Replace`; RFC 7643 compares such words without regard to case. */
function parseVerb(verb: Json | undefined): PatchOperation['op'] {
  const op = typeof verb === 'string' ? verb.toLowerCase() : ''
  if (op === 'add' || op === 'remove' || op === 'replace') return op
  throw invalid('an op is not add, remove or replace')
}

/** An operation without path names its one attribute in its value. */
function withoutPath(op: PatchOperation['op'], value: Json | undefined): PatchOperation {
  const names = isObject(value) ? Object.keys(value) : []
  const [name] = names
  if (op === 'remove' || !isObject(value) || name === undefined || names.length > 1) {
    throw invalidWith(
      'Current PATCH support allows omitting "path" attribute only for Add and Replace operations modifying a single attribute.',
    )
  }
  return { op, path: { steps: [{ name }] }, value: memberOf(value, name) }
}
