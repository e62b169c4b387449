/** @module Of the thresholds of an item the one that is told to people: any one that is met decides, so the nearest counts. */

interface Counted {
  readonly approve: number
  /** That count for it: its filter may leave others out. */
  readonly approvals: number
}

/** The one that lacks the fewest approvals, of several the one that has the most; undefined where there is none. */
export function findClosest<T extends Counted>(thresholds: readonly T[]): T | undefined {
  const lacks = ({ approve, approvals }: Counted) => approve - approvals
  return [...thresholds].sort((a, b) => lacks(a) - lacks(b) || b.approvals - a.approvals)[0]
}
