/** @module API tokens, sessions of command lines beside those of browsers, and consents that wait to be redeemed. */
import type { Migration } from './migration.js'

export const tokens: Migration = {
  number: 2,
  name: 'tokens',
  statements: ({ key, text, integer, tableEnd }) => [
    // Every session that is there already came from a browser.
    `alter table browser_session add column client ${text} not null default 'browser'`,
    `alter table browser_session add column label ${text}`,

    `create table api_token (
      name ${key} primary key,
      token_hash ${key} not null unique,
      created_at ${integer} not null,
      last_used_at ${integer},
      last_used_from ${text}
    ) ${tableEnd}`,

    `create table cli_authorization (
      code_hash ${key} primary key,
      user_name ${key} not null,
      session_id ${key} not null,
      challenge ${text} not null,
      port ${integer} not null,
      host ${text} not null,
      expires_at ${integer} not null
    ) ${tableEnd}`,
    `create index cli_authorization_expiry on cli_authorization (expires_at)`,
  ],
}
