/** @module Recovery codes of people, by their hashes. */
import type { Migration } from './migration.js'

export const recoveryCodes: Migration = {
  number: 19,
  name: 'recovery-codes',
  statements: ({ key, integer, tableEnd }) => [
    `create table recovery_code (
      code_hash ${key} primary key,
      user_name ${key} not null,
      created_at ${integer} not null,
      used_at ${integer}
    ) ${tableEnd}`,
    `create index recovery_code_by_user on recovery_code (user_name)`,
  ],
}
