/**
 * @module How often each operation was called, and by whom, since the start or the last reset.
 */
export class CallLog {
  readonly #counts = new Map<string, Map<string, number>>()

  /** `caller` is an access key id, `scim:<token id>`, `browser`, or `unknown`. */
  count(operation: string, caller: string): void {
    let callers = this.#counts.get(operation)
    if (callers === undefined) this.#counts.set(operation, (callers = new Map<string, number>()))
    callers.set(caller, (callers.get(caller) ?? 0) + 1)
  }

  clear(): void {
    this.#counts.clear()
  }

  /** Calls of each operation, sorted by name. */
  byOperation(): Readonly<Record<string, number>> {
    return sorted(
      [...this.#counts].map(([name, callers]) => [
        name,
        [...callers.values()].reduce((sum, n) => sum + n, 0),
      ]),
    )
  }

  /** Calls of each operation by each caller. */
  byCaller(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return sorted([...this.#counts].map(([name, callers]) => [name, sorted([...callers])]))
  }
}

function sorted<Value>(entries: [string, Value][]): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
