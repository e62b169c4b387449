/** @module What a migration is: a number, a name and SQL, with what only one engine needs set apart. */
import type { ColumnTypes, SqlDialect } from '../dialect.js'

export interface Migration {
  readonly number: number
  readonly name: string
  /** Statements for both engines. */
  readonly statements: (types: ColumnTypes) => readonly string[]
  /**
   * Number of the newest migration that a program must know to work on the database afterwards. Left out where this one
   * only adds, as nearly all do: then replicas of earlier versions go on beside, until each is replaced.
   */
  readonly minimum?: number
  /** Statements for one engine, run after the common ones. */
  readonly only?: Readonly<Record<SqlDialect['name'], readonly string[]>>
}
