/**
 * @module Until when somebody was in a list who was taken out of it since: what is frozen because nobody reviewed it is
 * not set free by taking everybody out. Rows that only ended are still there and say so themselves.
 */
import type { Migration } from './migration.js'

export const listDepartures: Migration = {
  number: 7,
  name: 'list-departures',
  statements: ({ key, integer, tableEnd }) => [
    `create table list_departure (
      list_name ${key} primary key,
      left_at ${integer} not null
    ) ${tableEnd}`,
  ],
}
