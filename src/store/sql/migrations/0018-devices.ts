/**
 * @module Keys of devices, the tokens that let one be enrolled, and what a device is asked to vouch for. A sign-in that
 * waits remembers which device vouched for it.
 */
import type { Migration } from './migration.js'

export const devices: Migration = {
  number: 18,
  name: 'devices',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table device_key (
      device ${key} primary key,
      id ${key} not null,
      user_name ${key} not null,
      public_key ${text} not null,
      storage ${key} not null,
      enrolled_at ${integer} not null,
      last_used_at ${integer}
    ) ${tableEnd}`,
    `create index device_key_by_user on device_key (user_name)`,
    `create table device_enroll_token (
      device ${key} primary key,
      token_hash ${key} not null unique,
      nonce ${text} not null,
      expires_at ${integer} not null
    ) ${tableEnd}`,
    `create table device_challenge (
      ticket_hash ${key} primary key,
      way ${key} not null,
      handle_hash ${key} not null,
      session_id ${key} not null,
      user_name ${text} not null,
      service_provider ${text} not null,
      entity_id ${text} not null,
      nonce ${text} not null,
      address ${text} not null,
      user_agent ${text} not null,
      state ${key} not null,
      device ${key},
      key_id ${key},
      completion_hash ${key},
      created_at ${integer} not null,
      expires_at ${integer} not null
    ) ${tableEnd}`,
    `create index device_challenge_by_sign_in on device_challenge (handle_hash)`,
    `create index device_challenge_by_completion on device_challenge (completion_hash)`,
    `create index device_challenge_by_expiry on device_challenge (expires_at)`,
    `alter table pending_sign_in add column device_proof ${text}`,
  ],
}
