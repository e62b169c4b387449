/**
 * @module Upstream directories that push users and groups by SCIM: their tokens, which of their ids is which user or
 * list here, what they took away within the last hour, and the changes that wait for a person.
 */
import type { Migration } from './migration.js'

export const directories: Migration = {
  number: 17,
  name: 'directories',
  statements: ({ key, text, integer, tableEnd }) => [
    `create table directory_token (
      id ${key} primary key,
      connector ${key} not null,
      token_hash ${key} not null unique,
      label ${text} not null,
      created_at ${integer} not null,
      created_by ${text} not null,
      expires_at ${integer} not null,
      last_used_at ${integer},
      last_used_from ${text}
    ) ${tableEnd}`,
    `create index directory_token_by_connector on directory_token (connector)`,
    `create table directory_resource (
      id ${key} primary key,
      connector ${key} not null,
      kind ${key} not null,
      name ${key} not null,
      external_id ${key},
      attributes ${text} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null,
      unique (kind, name)
    ) ${tableEnd}`,
    `create index directory_resource_by_connector on directory_resource (connector, kind, created_at, id)`,
    `create index directory_resource_by_external_id on directory_resource (connector, kind, external_id)`,
    `create table directory_removal (
      connector ${key} not null,
      kind ${key} not null,
      count ${integer} not null,
      at ${integer} not null
    )`,
    `create index directory_removal_by_connector on directory_removal (connector, at)`,
    `create table directory_hold (
      hold_key ${key} not null,
      connector ${key} not null,
      state ${key} not null,
      what ${text} not null,
      says ${text} not null,
      first_at ${integer} not null,
      last_at ${integer} not null,
      tries ${integer} not null,
      decided_by ${text},
      decided_at ${integer},
      primary key (connector, hold_key)
    ) ${tableEnd}`,
  ],
}
