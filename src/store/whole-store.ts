/**
 * @module The store as a whole: every table, row by row, in a form that is the same for both engines. For backup,
 * restore and the move from one engine to another, which know no aggregate and forget no table: which tables there are
 * is read from the schema that the migrations make.
 */
import type { StoreTransaction } from './store.js'

/** What a column holds, in both engines. */
export type Cell = string | number | null

export interface AppliedMigration {
  readonly number: number
  readonly name: string
}

export interface TableShape {
  readonly name: string
  /** In alphabetical order; rows have their cells in the same. */
  readonly columns: readonly string[]
  /** What rows are ordered by: the primary key, or all columns where there is none. */
  readonly order: readonly string[]
  /** The column whose numbers the engine assigns. */
  readonly rising: string | undefined
}

export interface RowReader {
  /** Every table but the one that tells the migrations. */
  readonly tables: readonly TableShape[]
  /** All rows of a table in its order, some at a time. */
  rows(table: TableShape): AsyncIterable<readonly (readonly Cell[])[]>
  /** The last number that the engine assigned in the table; 0 where there was none. */
  lastAssigned(table: TableShape): Promise<number>
  /** The same rows as aggregates. */
  readonly aggregates: StoreTransaction
}

/** One moment of a store, however long it is read. */
export interface StoreSnapshot extends RowReader {
  readonly engine: 'sqlite' | 'postgres'
  readonly migrations: readonly AppliedMigration[]
}

/** A store that is being filled in one transaction. */
export interface FillableStore extends RowReader {
  readonly engine: 'sqlite' | 'postgres'
  insert(table: TableShape, rows: readonly (readonly Cell[])[]): Promise<void>
  /** Numbers that the engine assigns from now on come after this one. */
  assignAfter(table: TableShape, last: number): Promise<void>
  /** Takes rows of a table away, all or those that have a value; answers how many. Of the audit log it is refused. */
  clear(table: string, which?: { readonly column: string; readonly value: string }): Promise<number>
}
