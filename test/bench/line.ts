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
  /** The run fails where the value is above the limit; without it the limit is what the value is compared with. */
  readonly atMost?: true
  /** What the limit is, in a few words for people; not part of the JSON form. */
  readonly note?: string
}
