/** @module Who a subject of an upstream is here, sign-ins that wait for an upstream, and tests of connectors. */
import type { Migration } from './migration.js'

export const connectors: Migration = {
  number: 15,
  name: 'connectors',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table connector_identity (
      user_name ${key} primary key,
      connector ${key} not null,
      subject ${key} not null,
      bound_at ${integer} not null,
      last_seen_at ${integer} not null,
      traits ${text} not null,
      unique (connector, subject)
    ) ${tableEnd}`,
    `create table connector_sign_in (
      state_hash ${key} primary key,
      kind ${key} not null,
      connector ${key} not null,
      browser_hash ${text} not null,
      sealed ${text} not null,
      next ${text},
      reauthenticates ${integer} not null,
      test ${key},
      answer ${text},
      created_at ${integer} not null,
      expires_at ${integer} not null
    ) ${tableEnd}`,
    `create index connector_sign_in_by_expiry on connector_sign_in (expires_at)`,
    `create table connector_test (
      id ${key} primary key,
      kind ${key} not null,
      connector ${key} not null,
      user_name ${text} not null,
      state ${key} not null,
      result ${text},
      expires_at ${integer} not null
    ) ${tableEnd}`,
    `create index connector_test_by_expiry on connector_test (expires_at)`,
  ],
}
