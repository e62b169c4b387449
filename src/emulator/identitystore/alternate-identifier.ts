/**
 * @module How GetUserId, GetGroupId and the filters of the lists find a row by something else than its id: always
 * through an index, and by exact comparison.
 */
import type { Parsed } from '../aws/shape.js'
import type { EmulatorContext } from '../context.js'
import { invalid } from './errors.js'
import { lower } from './letter-case.js'
import type { alternateIdentifier, filters } from './shapes.js'

/** An index of a table and the value to look for. */
export interface Lookup<Index extends string> {
  readonly index: Index
  readonly value: string
}

/**
 * What an alternate identifier asks for, or undefined where it cannot be there: external ids have one issuer.
 * @param paths the unique attributes, by path, with their indexes
 * @throws AwsError `ValidationException`
 */
export function readAlternateIdentifier<Index extends string>(
  context: EmulatorContext,
  { ExternalId, UniqueAttribute }: Parsed<(typeof alternateIdentifier)['shape']>,
  paths: Readonly<Record<string, Index>>,
): Lookup<Index | 'externalId'> | undefined {
  if (UniqueAttribute !== undefined) {
    const { AttributePath, AttributeValue } = UniqueAttribute
    const index = indexOf(AttributePath, paths)
    if (typeof AttributeValue !== 'string') {
      throw invalid(`The value of the unique attribute ${AttributePath} is not a string`)
    }
    return { index, value: AttributeValue }
  }
  if (ExternalId?.Issuer !== context.settings.externalIdIssuer) return undefined
  return { index: 'externalId', value: ExternalId.Id }
}

/**
 * The filter of ListUsers or ListGroups, where there is one.
 * @throws AwsError `ValidationException`
 */
export function readFilter<Index extends string>(
  given: Parsed<(typeof filters)['shape']> | undefined,
  paths: Readonly<Record<string, Index>>,
): Lookup<Index> | undefined {
  const [filter] = given ?? []
  return filter && { index: indexOf(filter.AttributePath, paths), value: filter.AttributeValue }
}

/** The published paths begin in lower case, those of the filters in upper case; clients send either to both. */
function indexOf<Index extends string>(path: string, paths: Readonly<Record<string, Index>>): Index {
  const index = Object.hasOwn(paths, lower(path)) ? paths[lower(path)] : undefined
  if (index === undefined) throw invalid(`The attribute path ${path} is not supported`)
  return index
}
