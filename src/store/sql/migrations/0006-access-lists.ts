/**
 * @module Reviews of access lists, in progress and finished, and mail that waits to be sent. A list is named without a
 * foreign key, as everywhere: what goes with it is deleted with it. Of a finished review only what it is found by has
 * columns.
 */
import type { Migration } from './migration.js'

export const accessLists: Migration = {
  number: 6,
  name: 'access-lists',
  statements: ({ key, text, integer, rising, tableEnd }) => [
    `create table review_decision (
      list_name ${key} not null,
      kind ${key} not null,
      name ${key} not null,
      decision ${key} not null,
      note ${text} not null,
      decided_by ${text} not null,
      decided_at ${integer} not null,
      primary key (list_name, kind, name)
    ) ${tableEnd}`,

    `create table finished_review (
      position ${rising},
      id ${key} not null,
      list_name ${key} not null,
      reviewed_at ${integer} not null,
      document ${text} not null
    ) ${tableEnd}`,
    `create unique index finished_review_id on finished_review (id)`,
    `create index finished_review_list on finished_review (list_name, position)`,

    `create table outbox_message (
      position ${rising},
      id ${key} not null,
      message_key ${key} not null,
      channel ${key} not null,
      recipient ${text} not null,
      subject ${text} not null,
      body_text ${text} not null,
      body_html ${text} not null,
      created_at ${integer} not null,
      not_before ${integer} not null,
      expires_at ${integer} not null,
      claimed_until ${integer} not null,
      attempts ${integer} not null,
      last_error ${text},
      state ${key} not null,
      ended_at ${integer}
    ) ${tableEnd}`,
    `create unique index outbox_message_id on outbox_message (id)`,
    `create unique index outbox_message_key on outbox_message (message_key)`,
    `create index outbox_message_state on outbox_message (state, not_before)`,
    `create index outbox_message_end on outbox_message (ended_at) where ended_at is not null`,
  ],
}
