/**
 * @module Counting events over time reads one index and no event: the index by time carries what is counted, and the
 * sequence, without which SQLite looks at the event after all. It takes the place of the index by time alone.
 */
import type { Migration } from './migration.js'

export const auditSummary: Migration = {
  number: 3,
  name: 'audit-summary',
  statements: () => [
    `drop index audit_event_by_time`,
    `create index audit_event_by_time on audit_event (time_ms, event_type, user_name, success, sequence)
      where sequence is not null`,
  ],
}
