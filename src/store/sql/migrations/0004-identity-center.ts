/**
 * @module Members of access lists, and what the sync with Identity Center remembers: what it saw, what it is bound to,
 * what it put there, what it is about to do, who may do it. `plugin` is the name of a resource, and no foreign key:
 * ledger and changes outlive it until the uninstall has removed them.
 */
import type { Migration } from './migration.js'

export const identityCenter: Migration = {
  number: 4,
  name: 'identity-center',
  statements: ({ key, text, integer, rising, tableEnd }) => [
    `insert into meta (name, value) values ('store.members.generation', '0')`,
    `insert into meta (name, value) values ('store.inventory.generation', '0')`,
    `insert into meta (name, value) values ('store.sync.generation', '0')`,

    `create table access_list_member (
      list_name ${key} not null,
      kind ${key} not null,
      name ${key} not null,
      aws_user_id ${key},
      joined_at ${integer} not null,
      expires_at ${integer},
      added_by ${text} not null,
      reason ${text} not null,
      primary key (list_name, kind, name)
    ) ${tableEnd}`,
    `create index access_list_member_name on access_list_member (kind, name)`,

    `create table seen_object (
      plugin ${key} not null,
      kind ${key} not null,
      id ${key} not null,
      document ${text} not null,
      seen_at ${integer} not null,
      primary key (plugin, kind, id)
    ) ${tableEnd}`,

    `create table principal_link (
      plugin ${key} not null,
      kind ${key} not null,
      name ${key} not null,
      aws_id ${key} not null,
      origin ${text} not null,
      linked_at ${integer} not null,
      unwanted_since ${integer},
      primary key (plugin, kind, name)
    ) ${tableEnd}`,
    `create unique index principal_link_aws_id on principal_link (plugin, kind, aws_id)`,

    `create table ledger_entry (
      plugin ${key} not null,
      kind ${key} not null,
      principal ${key} not null,
      target ${key} not null,
      reasons ${text} not null,
      since ${integer} not null,
      primary key (plugin, principal, kind, target)
    ) ${tableEnd}`,

    `create table change_record (
      position ${rising},
      plugin ${key} not null,
      id ${key} not null,
      action_key ${text} not null,
      action ${text} not null,
      removes ${key},
      removed_count ${integer} not null,
      begun_at ${integer} not null,
      holder ${text} not null,
      state ${key} not null,
      ended_at ${integer},
      error ${text},
      remedy ${text}
    ) ${tableEnd}`,
    `create unique index change_record_id on change_record (plugin, id)`,
    `create index change_record_state on change_record (plugin, state, position)`,
    `create index change_record_position on change_record (plugin, position)`,
    `create index change_record_end on change_record (plugin, ended_at) where ended_at is not null`,

    `create table approval (
      plugin ${key} not null,
      action_key ${key} not null,
      approved_by ${text} not null,
      approved_at ${integer} not null,
      expires_at ${integer} not null,
      primary key (plugin, action_key)
    ) ${tableEnd}`,
    `create index approval_expiry on approval (expires_at)`,

    `create table lease (
      name ${key} primary key,
      holder ${key} not null,
      term ${integer} not null,
      expires_at ${integer} not null
    ) ${tableEnd}`,

    `create table scim_token (
      plugin ${key} not null,
      slot ${integer} not null,
      sealed_token ${text} not null,
      host ${text} not null,
      added_at ${integer} not null,
      added_by ${text} not null,
      expires_at ${integer} not null,
      refused_at ${integer},
      primary key (plugin, slot)
    ) ${tableEnd}`,

    `create table note (
      name ${key} primary key,
      document ${text} not null
    ) ${tableEnd}`,
  ],
}
