/**
 * @module The line that a benchmark prints: a measured value beside its limit.
 */

export interface BenchLine {
  readonly bench: string
  readonly metric: string
  readonly value: number
  readonly limit: number
  /** `value / limit`. */
  readonly ratio: number
  /** How many operations were measured. */
  readonly n: number
  /** What the limit is, in a few words for people; not part of the JSON form. */
  readonly note?: string
}
