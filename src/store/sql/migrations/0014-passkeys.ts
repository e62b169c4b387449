/** @module Passkeys, and the challenges that wait for their answers. */
import type { Migration } from './migration.js'

export const passkeys: Migration = {
  number: 14,
  name: 'passkeys',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table passkey (
      id ${key} primary key,
      user_name ${key} not null,
      label ${text} not null,
      credential_id ${key} not null unique,
      user_handle ${text} not null,
      public_key ${text} not null,
      sign_count ${integer} not null,
      transports ${text} not null,
      backup_eligible ${integer} not null,
      backed_up ${integer} not null,
      aaguid ${text} not null,
      discoverable ${integer} not null,
      attestation ${key} not null,
      created_at ${integer} not null,
      last_used_at ${integer}
    ) ${tableEnd}`,
    `create index passkey_by_user on passkey (user_name)`,
    `create table passkey_challenge (
      challenge_hash ${key} primary key,
      purpose ${key} not null,
      user_name ${key},
      session_id ${key},
      subject ${key},
      expires_at ${integer} not null
    ) ${tableEnd}`,
    `create index passkey_challenge_by_expiry on passkey_challenge (expires_at)`,
  ],
}
