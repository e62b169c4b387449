/** @module What a migration is: a number, a name and SQL, with what only one engine needs set apart. */
import type { ColumnTypes, SqlDialect } from '../dialect.js'

export interface Migration {
  readonly number: number
  readonly name: string
  /** Statements for both engines. */
  readonly statements: (types: ColumnTypes) => readonly string[]
  /** Statements for one engine, run after the common ones. */
  readonly only?: Readonly<Record<SqlDialect['name'], readonly string[]>>
}
