/** @module Who wrote each resource last. Of what was written before nobody knows it, until it is written again. */
import type { Migration } from './migration.js'

export const resourceWriters: Migration = {
  number: 12,
  name: 'resource-writers',
  statements: ({ text }) => [`alter table resource add column updated_by ${text}`],
}
