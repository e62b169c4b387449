/**
 * @module What finished reviews decided on each member, whom they kept too. A table of its own: a page of reviews is
 * read without the thousands that each may have been about.
 */
import type { Migration } from './migration.js'

export const finishedDecisions: Migration = {
  number: 11,
  name: 'finished-decisions',
  statements: ({ key, text, tableEnd }) => [
    `create table finished_decision (
      list_name ${key} not null,
      review_id ${key} not null,
      kind ${key} not null,
      name ${key} not null,
      decision ${key} not null,
      note ${text} not null,
      decided_by ${text} not null,
      primary key (list_name, review_id, kind, name)
    ) ${tableEnd}`,
  ],
}
