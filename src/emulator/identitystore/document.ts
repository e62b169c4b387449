/**
 * @module Documents: JSON values inside a request, which AWS's framework hands to the service unseen. Whatever is wrong
 * with one is a ValidationException, and so is an attribute that there is not.
 */
import { AwsError } from '../aws/error.js'
import type { AnyShape, Parsed, StructureShape } from '../aws/shape.js'
import { describeViolations, findViolations, readTypes } from '../aws/validate.js'
import { invalid } from './errors.js'

export type Fields = Readonly<Record<string, unknown>>

/** One change of UpdateUser or UpdateGroup; without a value it takes the attribute away. */
export interface AttributeOperation {
  readonly AttributePath: string
  readonly AttributeValue?: unknown
}

/** @throws AwsError `ValidationException` */
export function readDocument<Of extends AnyShape>(shape: Of, value: unknown, at: string): Parsed<Of> {
  const unknownName = findUnknownName(shape, value)
  if (unknownName !== undefined) throw invalid(`The attribute ${unknownName} at '${at}' is not supported`)
  try {
    const parsed = readTypes(shape, value, at)
    const violations = findViolations(shape, parsed, at)
    if (violations.length > 0) throw invalid(describeViolations(violations))
    return parsed
  } catch (error) {
    if (error instanceof AwsError && error.code === 'SerializationException') throw invalid(error.message)
    throw error
  }
}

/**
 * Carries out operations one after the other on the attributes of a user or a group.
 * @throws AwsError `ValidationException` for a path that there is not, or a value that does not fit it
 */
export function applyOperations(
  shape: StructureShape,
  document: Fields,
  operations: readonly AttributeOperation[],
): Fields {
  return operations.reduce((before, operation, index) => {
    const at = `operations.${index + 1}.member.attributeValue`
    return change(shape, before, operation.AttributePath.split('.'), { ...operation, at })
  }, document)
}

function change(
  shape: StructureShape,
  before: Fields,
  [name = '', ...rest]: readonly string[],
  operation: AttributeOperation & { readonly at: string },
): Fields {
  const inner = Object.hasOwn(shape.members, name) ? shape.members[name]?.shape : undefined
  if (inner === undefined || (rest.length > 0 && inner.kind !== 'structure')) {
    throw invalid(`The attribute path ${operation.AttributePath} is not supported`)
  }
  const others = Object.fromEntries(Object.entries(before).filter(([other]) => other !== name))
  if (rest.length > 0 && inner.kind === 'structure') {
    const changed = change(inner, fieldsOf(before[name]), rest, operation)
    return Object.keys(changed).length === 0 ? others : { ...others, [name]: changed }
  }
  if (operation.AttributeValue === undefined) return others
  return { ...others, [name]: readDocument(inner, operation.AttributeValue, operation.at) }
}

/** The first member at any depth that the shape does not have. */
function findUnknownName(shape: AnyShape, value: unknown): string | undefined {
  if (shape.kind === 'list' && Array.isArray(value)) {
    return value.map((item: unknown) => findUnknownName(shape.of, item)).find((name) => name !== undefined)
  }
  if (shape.kind !== 'structure' || typeof value !== 'object' || value === null) return undefined
  for (const [name, item] of Object.entries(value)) {
    const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
    const found = member === undefined ? name : findUnknownName(member.shape, item)
    if (found !== undefined) return found
  }
  return undefined
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
