/** @module The first tables. Names of users are not foreign keys: a person may be known to a connector only. */
import type { Migration } from './migration.js'

const appendOnly = 'audit records are append-only'

export const init: Migration = {
  number: 1,
  name: 'init',
  statements: ({ key, text, integer, rising, tableEnd }) => [
    `create table meta (name ${key} primary key, value ${text} not null) ${tableEnd}`,
    `insert into meta (name, value) values ('store.generation', '0')`,

    `create table resource (
      kind ${key} not null,
      name ${key} not null,
      unique_key ${key},
      revision ${text} not null,
      document ${text} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null,
      primary key (kind, name)
    ) ${tableEnd}`,
    `create unique index resource_unique_key on resource (kind, unique_key)`,

    `create table password_credential (
      user_name ${key} primary key,
      hash ${text} not null,
      changed_at ${integer} not null
    ) ${tableEnd}`,
    `create table totp_credential (
      id ${key} primary key,
      user_name ${key} not null,
      label ${text} not null,
      sealed_seed ${text} not null,
      created_at ${integer} not null,
      last_used_at ${integer},
      last_step ${integer} not null
    ) ${tableEnd}`,
    `create index totp_credential_user on totp_credential (user_name)`,

    `create table one_time_link (
      token_hash ${key} primary key,
      kind ${text} not null,
      user_name ${key} not null,
      created_by ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      used_at ${integer}
    ) ${tableEnd}`,
    `create index one_time_link_user on one_time_link (user_name)`,
    `create index one_time_link_expiry on one_time_link (expires_at)`,

    `create table browser_session (
      token_hash ${key} primary key,
      id ${key} not null unique,
      user_name ${key} not null,
      stage ${text} not null,
      methods ${text} not null,
      created_at ${integer} not null,
      authenticated_at ${integer} not null,
      last_seen_at ${integer} not null,
      expires_at ${integer} not null,
      idle_timeout_ms ${integer},
      address ${text} not null,
      user_agent ${text} not null
    ) ${tableEnd}`,
    `create index browser_session_user on browser_session (user_name)`,
    `create index browser_session_expiry on browser_session (expires_at)`,

    `create table rate_limit (
      id ${key} primary key,
      hits ${integer} not null,
      window_ends_at ${integer} not null
    ) ${tableEnd}`,
    `create index rate_limit_expiry on rate_limit (window_ends_at)`,

    `create table pending_sign_in (
      handle_hash ${key} primary key,
      initiated_by ${text} not null,
      service_provider ${text} not null,
      entity_id ${key} not null,
      request_id ${key},
      acs_url ${text} not null,
      relay_state ${text},
      force_authn ${integer} not null,
      is_passive ${integer} not null,
      name_id_format ${text},
      asks_second_factor ${integer} not null,
      received_at ${integer} not null,
      expires_at ${integer} not null,
      answered_at ${integer},
      mfa_session_id ${text},
      mfa_method ${text},
      mfa_at ${integer}
    ) ${tableEnd}`,
    `create index pending_sign_in_expiry on pending_sign_in (expires_at)`,
    `create table answered_request (
      entity_id ${key} not null,
      request_id ${key} not null,
      remember_until ${integer} not null,
      primary key (entity_id, request_id)
    ) ${tableEnd}`,
    `create index answered_request_expiry on answered_request (remember_until)`,

    `create table signing_key (
      id ${key} primary key,
      purpose ${key} not null,
      state ${text} not null,
      sealed_private_key ${text} not null,
      public_key_pem ${text} not null,
      certificate_pem ${text},
      created_at ${integer} not null,
      not_after ${integer}
    ) ${tableEnd}`,

    `create table audit_event (
      id ${rising},
      uid ${key} not null unique,
      event_type ${key} not null,
      user_name ${key},
      success ${integer} not null,
      time_ms ${integer} not null,
      json ${text} not null,
      sequence ${integer},
      hash ${text},
      check ((sequence is null) = (hash is null))
    ) ${tableEnd}`,
    // Partial, so that an insertion, which people wait for, writes few pages; the sequencer writes the others.
    `create index audit_event_unchained on audit_event (id) where sequence is null`,
    `create unique index audit_event_sequence on audit_event (sequence) where sequence is not null`,
    `create index audit_event_by_type on audit_event (event_type, sequence) where sequence is not null`,
    `create index audit_event_by_user on audit_event (user_name, sequence) where sequence is not null`,
    `create index audit_event_failed on audit_event (sequence) where sequence is not null and success = 0`,
    `create index audit_event_by_time on audit_event (time_ms) where sequence is not null`,
    `create table audit_head (
      sequence ${integer} primary key,
      hash ${text} not null,
      signed_at ${integer} not null,
      key_id ${text} not null,
      signature ${text} not null
    ) ${tableEnd}`,
  ],
  // A bump for honest mistakes, not a lock: who owns the database can drop a trigger. The chain is the proof.
  only: {
    sqlite: [
      `create trigger audit_event_no_delete before delete on audit_event
        begin select raise(abort, '${appendOnly}'); end`,
      `create trigger audit_event_chain_once before update on audit_event
        when old.sequence is not null or new.sequence is null or new.id is not old.id or new.uid is not old.uid
          or new.event_type is not old.event_type or new.user_name is not old.user_name
          or new.success is not old.success or new.time_ms is not old.time_ms or new.json is not old.json
        begin select raise(abort, '${appendOnly}'); end`,
      `create trigger audit_head_no_delete before delete on audit_head
        begin select raise(abort, '${appendOnly}'); end`,
      `create trigger audit_head_no_update before update on audit_head
        begin select raise(abort, '${appendOnly}'); end`,
    ],
    postgres: [
      `create function audit_append_only() returns trigger language plpgsql as
        $$ begin raise exception '${appendOnly}'; end $$`,
      `create trigger audit_event_no_delete before delete on audit_event
        for each row execute function audit_append_only()`,
      `create trigger audit_event_no_truncate before truncate on audit_event
        for each statement execute function audit_append_only()`,
      `create trigger audit_event_chain_once before update on audit_event for each row
        when (old.sequence is not null or new.sequence is null
          or (new.id, new.uid, new.event_type, new.user_name, new.success, new.time_ms, new.json)
            is distinct from (old.id, old.uid, old.event_type, old.user_name, old.success, old.time_ms, old.json))
        execute function audit_append_only()`,
      `create trigger audit_head_no_change before delete or update on audit_head
        for each row execute function audit_append_only()`,
      `create trigger audit_head_no_truncate before truncate on audit_head
        for each statement execute function audit_append_only()`,
    ],
  },
}
