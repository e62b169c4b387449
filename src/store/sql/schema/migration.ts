/** @module Table `migration`: which migrations this database has had, and when. */
export interface MigrationTable {
  number: number
  name: string
  applied_at: number
}
