/**
 * @module The operations that faults can hit, and in which Region each of them is at home: Organizations and IAM answer
 * from us-east-1, the others where the instance is.
 */
import type { Service } from '../aws/operation.js'
import { scimRates } from '../limits/published.js'

const globalRegion = 'us-east-1'
const globalServices = ['organizations', 'iam']

/** Full names, such as `sts:AssumeRole`; sorted. */
export function listOperations(services: readonly Service[]): readonly string[] {
  const aws = services.flatMap(({ dialect, operations }) =>
    operations.map(({ name }) => `${dialect.service}:${name}`),
  )
  const scim = [...scimRates.keys()].map((name) => `scim:${name}`)
  return [...aws, ...scim].sort()
}

/** The operations that fail with a Region; none where nothing is in it. */
export function operationsIn(
  region: string,
  instanceRegion: string,
  operations: readonly string[],
): readonly string[] {
  const homeOf = (operation: string): string =>
    globalServices.includes(operation.split(':')[0] ?? '') ? globalRegion : instanceRegion
  return operations.filter((operation) => homeOf(operation) === region)
}
