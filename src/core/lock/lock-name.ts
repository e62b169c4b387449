/** @module The name of a lock that its author gave none: the same from the page and from the command line. */
import type { Lock } from './lock.js'

/**
 * `user-alice-example-com-7f3a`: says what it is on, and differs from the next one on the same by `suffix`, which has
 * to be random. Always a name that a resource may have.
 */
export function lockNameFor({ kind, name }: Lock['target'], suffix: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return [kind, words, suffix].filter((part) => part !== '').join('-')
}
