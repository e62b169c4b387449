/**
 * @module Access requests that were read before, by what their rows said: lists look at thousands of rows to show fifty,
 * and nearly all of them are as they were. A row that says anything else is read anew, so that nothing here is ever old.
 */
import type { AccessRequest } from '../../core/access-request/access-request.js'
import { parseRequest } from './access-request-form.js'

type Row = Parameters<typeof parseRequest>[0]

/** Of the documents of the rows that are kept: some thousand requests of usual size. */
const mostCharacters = 8_000_000

export class ParsedRequests {
  readonly #byId = new Map<string, { readonly row: Row; readonly request: AccessRequest }>()
  readonly #most: number
  #characters = 0

  constructor(most = mostCharacters) {
    this.#most = most
  }

  /** @throws GatewayError for a row that cannot be read, which is never kept. */
  parse(row: Row): AccessRequest {
    const known = this.#byId.get(row.id)
    if (known?.row.revision === row.revision && known.row.document === row.document) return known.request
    const request = parseRequest(row)
    this.#forget(row.id)
    this.#byId.set(row.id, { row, request })
    this.#characters += row.document.length
    // Those that came first go first.
    for (const id of this.#byId.keys()) {
      if (this.#characters <= this.#most) break
      this.#forget(id)
    }
    return request
  }

  get size(): number {
    return this.#byId.size
  }

  #forget(id: string): void {
    this.#characters -= this.#byId.get(id)?.row.document.length ?? 0
    this.#byId.delete(id)
  }
}
