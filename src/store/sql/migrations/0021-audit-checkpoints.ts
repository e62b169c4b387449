/**
 * @module Events that retention removes leave a signed checkpoint. Only what a checkpoint stands for can be deleted; a
 * version before this one deletes nothing, and reads on from the events that are there.
 */
import type { Migration } from './migration.js'

const appendOnly = 'audit records are append-only'

export const auditCheckpoints: Migration = {
  number: 21,
  name: 'audit-checkpoints',
  statements: ({ text, integer, tableEnd }) => [
    `create table audit_checkpoint (
      sequence ${integer} primary key,
      hash ${text} not null,
      pruned ${integer} not null,
      first_at ${integer} not null,
      last_at ${integer} not null,
      pruned_at ${integer} not null,
      key_id ${text} not null,
      signature ${text} not null
    ) ${tableEnd}`,
  ],
  only: {
    sqlite: [
      `drop trigger audit_event_no_delete`,
      `create trigger audit_event_no_delete before delete on audit_event
        when old.sequence is null or not exists (select 1 from audit_checkpoint where sequence >= old.sequence)
        begin select raise(abort, '${appendOnly}'); end`,
      // The head that a checkpoint stands on stays.
      `drop trigger audit_head_no_delete`,
      `create trigger audit_head_no_delete before delete on audit_head
        when not exists (select 1 from audit_checkpoint where sequence > old.sequence)
        begin select raise(abort, '${appendOnly}'); end`,
      `create trigger audit_checkpoint_no_delete before delete on audit_checkpoint
        begin select raise(abort, '${appendOnly}'); end`,
      `create trigger audit_checkpoint_no_update before update on audit_checkpoint
        begin select raise(abort, '${appendOnly}'); end`,
    ],
    postgres: [
      `create function audit_event_pruned_only() returns trigger language plpgsql as
        $$ begin
          if old.sequence is not null and exists (select 1 from audit_checkpoint where sequence >= old.sequence)
            then return old; end if;
          raise exception '${appendOnly}';
        end $$`,
      `create function audit_head_pruned_only() returns trigger language plpgsql as
        $$ begin
          if exists (select 1 from audit_checkpoint where sequence > old.sequence) then return old; end if;
          raise exception '${appendOnly}';
        end $$`,
      `drop trigger audit_event_no_delete on audit_event`,
      `create trigger audit_event_no_delete before delete on audit_event
        for each row execute function audit_event_pruned_only()`,
      `drop trigger audit_head_no_change on audit_head`,
      `create trigger audit_head_no_update before update on audit_head
        for each row execute function audit_append_only()`,
      `create trigger audit_head_no_delete before delete on audit_head
        for each row execute function audit_head_pruned_only()`,
      `create trigger audit_checkpoint_no_change before delete or update on audit_checkpoint
        for each row execute function audit_append_only()`,
      `create trigger audit_checkpoint_no_truncate before truncate on audit_checkpoint
        for each statement execute function audit_append_only()`,
    ],
  },
}
