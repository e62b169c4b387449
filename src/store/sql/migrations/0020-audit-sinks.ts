/** @module Positions of the sinks of the audit log. */
import type { Migration } from './migration.js'

export const auditSinks: Migration = {
  number: 20,
  name: 'audit-sinks',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table audit_sink (
      sink_key ${key} primary key,
      type ${text} not null,
      sequence ${integer} not null,
      head_sequence ${integer} not null,
      delivered_at ${integer},
      seen_at ${integer} not null,
      failing_since ${integer},
      last_error ${text},
      attempts ${integer} not null default 0,
      next_attempt_at ${integer} not null default 0,
      announced ${integer} not null default 0
    ) ${tableEnd}`,
  ],
}
