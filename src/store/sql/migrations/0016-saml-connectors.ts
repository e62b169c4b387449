/** @module Assertions of upstream identity providers that were used, and copies of their metadata. */
import type { Migration } from './migration.js'

export const samlConnectors: Migration = {
  number: 16,
  name: 'saml connectors',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table saml_used_assertion (
      connector ${key} not null,
      id_hash ${key} not null,
      expires_at ${integer} not null,
      primary key (connector, id_hash)
    ) ${tableEnd}`,
    `create index saml_used_assertion_by_expiry on saml_used_assertion (expires_at)`,
    `create table saml_metadata (
      connector ${key} primary key,
      url ${text} not null,
      xml ${text},
      fetched_at ${integer},
      valid_until ${integer},
      tried_at ${integer} not null,
      problem ${text}
    ) ${tableEnd}`,
  ],
}
