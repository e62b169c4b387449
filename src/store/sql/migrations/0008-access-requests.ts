/**
 * @module Access requests, what people lay aside for their next one, and which requests a session has
 * assumed. A request is one document; what it is found by has columns.
 */
import type { Migration } from './migration.js'

export const accessRequests: Migration = {
  number: 8,
  name: 'access-requests',
  statements: ({ key, text, integer, rising, tableEnd }) => [
    `insert into meta (name, value) values ('store.requests.generation', '0')`,

    `create table access_request (
      position ${rising},
      id ${key} not null,
      user_name ${key} not null,
      state ${key} not null,
      revision ${integer} not null,
      due_at ${integer},
      ends_at ${integer},
      document ${text} not null
    ) ${tableEnd}`,
    `create unique index access_request_id on access_request (id)`,
    `create index access_request_user on access_request (user_name, position)`,
    `create index access_request_state on access_request (state, position)`,
    `create index access_request_due on access_request (due_at) where due_at is not null`,

    `create table shelf_item (
      user_name ${key} not null,
      kind ${key} not null,
      name ${key} not null,
      document ${text} not null,
      updated_at ${integer} not null,
      primary key (user_name, kind, name)
    ) ${tableEnd}`,

    `alter table browser_session add column assumed ${text} not null default '[]'`,
  ],
}
