/**
 * @module All migrations in the order in which they run. The list is written by hand; a released migration is never
 * edited, a change of mind is a new one.
 */
import { init } from './0001-init.js'
import type { Migration } from './migration.js'

export const migrations: readonly Migration[] = [init]
