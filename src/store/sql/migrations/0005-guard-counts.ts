/**
 * @module The guard counts what was given within the last hour as well as what was taken away: a change remembers its
 * pair of account and permission set, and new assignments are counted like removals. Those of before are counted, too.
 */
import type { Migration } from './migration.js'

/** Keys begin with the kind and the pair, each followed by one space; both kinds are of the same length. */
const pairBegins = 'assignment.create '.length + 1

export const guardCounts: Migration = {
  number: 5,
  name: 'guard-counts',
  statements: ({ key }) => [
    `alter table change_record rename column removes to counted_kind`,
    `alter table change_record rename column removed_count to counted`,
    `alter table change_record add column counted_pair ${key}`,
    `update change_record set counted_kind = 'assignment.create', counted = 1
      where action_key like 'assignment.create %'`,
  ],
  only: {
    sqlite: [
      `update change_record
        set counted_pair = substr(action_key, ${pairBegins}, instr(substr(action_key, ${pairBegins}), ' ') - 1)
        where action_key like 'assignment.create %' or action_key like 'assignment.delete %'`,
    ],
    postgres: [
      `update change_record set counted_pair = split_part(action_key, ' ', 2)
        where action_key like 'assignment.create %' or action_key like 'assignment.delete %'`,
    ],
  },
}
