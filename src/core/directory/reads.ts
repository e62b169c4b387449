/**
 * @module Which reads of a directory the audit log tells one by one. Directories ask for every user every few minutes; the
 * log has to say at once that somebody reads, and how much, without a line for each.
 */

/** Whether the read is told of that is the `count`th of its kind within a while: 1, 10, 100 and so on. */
export function tellsOfRead(count: number): boolean {
  let told = 1
  while (told < count) told *= 10
  return told === count
}
