/** @module What the server says against a request, put where it belongs: at the item, or below all of them. */
import { ApiProblem } from '../api/client.js'

export interface AskProblems {
  /** Words by the place of the item. */
  readonly items: ReadonlyMap<number, string>
  /** What is not about an item. */
  readonly rest: unknown
}

export function problemsOf(error: unknown): AskProblems {
  const items = new Map<number, string>()
  if (!(error instanceof ApiProblem)) return { items, rest: error }
  const fields = error.problem.fields ?? []
  for (const { path, message } of fields) {
    const place = /^body\.items\.(\d+)$/.exec(path)?.[1]
    if (place !== undefined) items.set(Number(place), message)
  }
  return { items, rest: items.size > 0 && items.size === fields.length ? undefined : error }
}
