/** @module Who is on call, as programs tell: a row for each list, replaced as a whole. */
import type { Migration } from './migration.js'

export const onCallLists: Migration = {
  number: 9,
  name: 'on-call-lists',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table on_call_list (
      name ${key} primary key,
      users ${text} not null,
      until_at ${integer},
      updated_at ${integer} not null,
      updated_by ${text} not null
    ) ${tableEnd}`,
  ],
}
