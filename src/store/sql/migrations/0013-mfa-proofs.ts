/**
 * @module Proofs of a second factor that were given and not spent yet, by the hash of what carries them, and what each
 * is for. A row for each thing, so that it is spent once, whoever asks at the same time.
 */
import type { Migration } from './migration.js'

export const mfaProofs: Migration = {
  number: 13,
  name: 'mfa-proofs',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table mfa_proof (
      token_hash ${key} primary key,
      user_name ${text} not null,
      session_id ${text} not null,
      purpose ${text} not null,
      method ${text} not null,
      expires_at ${integer} not null
    ) ${tableEnd}`,
    `create index mfa_proof_by_expiry on mfa_proof (expires_at)`,
    `create table mfa_proof_subject (
      token_hash ${key} not null,
      subject ${key} not null,
      spent_at ${integer},
      primary key (token_hash, subject)
    ) ${tableEnd}`,
  ],
}
