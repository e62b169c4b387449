/**
 * @module Partitions of AWS: only the commercial one, `aws`, is emulated. A file that names another is told so in
 * words, since its ARNs are right elsewhere.
 */

const partitionOfRegion: readonly (readonly [RegExp, string])[] = [
  [/^us-gov-/, 'aws-us-gov'],
  [/^cn-/, 'aws-cn'],
  [/^[a-z]{2}-iso[a-z]*-/, 'aws-iso'],
]

/** The partition of an ARN or a Region, where it is one that is not emulated. */
export function findForeignPartition(text: string): string | undefined {
  const named = /^arn:(aws-[a-z-]{1,16}):/.exec(text)?.[1]
  return named ?? partitionOfRegion.find(([regions]) => regions.test(text))?.[1]
}

/** Explains why an ARN or a Region does not fit: a foreign partition, or `otherwise`. */
export function explainPartition(otherwise: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => {
    const foreign = typeof input === 'string' ? findForeignPartition(input) : undefined
    return foreign === undefined ? otherwise : `is of the partition ${foreign}, which is not emulated`
  }
}
