/** @module What a table holds, as one short text: how many rows, and a hash over them in their order. */
import { createHash, type Hash } from 'node:crypto'
import type { Cell, RowReader, TableShape } from '../store/whole-store.js'

export interface TableTotals {
  readonly rows: number
  /** Hex SHA-256 over the rows as lines of JSON, in the order of the table. */
  readonly digest: string
}

export class TableDigest {
  readonly #hash: Hash = createHash('sha256')
  #rows = 0

  /** Answers the row as it is written. */
  add(row: readonly Cell[]): string {
    const line = `${JSON.stringify(row)}\n`
    this.#hash.update(line)
    this.#rows += 1
    return line
  }

  totals(): TableTotals {
    return { rows: this.#rows, digest: this.#hash.copy().digest('hex') }
  }
}

export async function digestTable(reader: RowReader, table: TableShape): Promise<TableTotals> {
  const digest = new TableDigest()
  for await (const rows of reader.rows(table)) for (const row of rows) digest.add(row)
  return digest.totals()
}
