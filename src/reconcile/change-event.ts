/** @module The audit facts of a change of AWS: one event before the call and one after it, with the same `change_id`. */
import type { AuditEventName, AuditFacts } from '../core/audit/event.js'
import { splitPairKey, type GrantReason } from '../core/identity-center/observation.js'
import type { MemberRef } from '../core/entitlement/desired.js'
import type { Action, Principal } from '../core/plan/plan.js'

type Fields = NonNullable<AuditFacts['fields']>

/** Members that are named in one event; it always says how many there are. */
const namedMembers = 100

export interface ChangeEventInput {
  readonly plugin: string
  readonly changeId: string
  readonly action: Action
  /** Of the principal, where it is known by now. */
  readonly awsId: string | undefined
  /** Why it failed; undefined for an intent and for a success. */
  readonly error?: string | undefined
  readonly accountName?: string | undefined
  readonly permissionSetName?: string | undefined
}

/** Undefined for actions on the ledger alone, which change nothing in AWS. */
export function changeEvent(
  phase: 'intent' | 'outcome',
  success: boolean,
  input: ChangeEventInput,
): AuditFacts | undefined {
  const about = describe(input)
  if (about === undefined) return undefined
  const { plugin, changeId, action, awsId, error } = input
  return {
    event: about.event,
    success,
    user: 'system',
    fields: {
      plugin,
      change_id: changeId,
      phase,
      because: action.because,
      aws_id: awsId,
      error: error?.slice(0, 500),
      ...about.fields,
    },
  }
}

function describe(
  input: ChangeEventInput,
): { readonly event: AuditEventName; readonly fields: Fields } | undefined {
  const { action } = input
  switch (action.kind) {
    case 'user.create':
    case 'user.adopt':
    case 'user.update':
    case 'user.activate':
    case 'user.deactivate':
    case 'user.delete':
      return {
        event: 'aws_identity_center.user.provision',
        fields: { action: verbOf(action), name: action.user },
      }
    case 'group.create':
    case 'group.adopt':
    case 'group.rename':
    case 'group.delete':
      return {
        event: 'aws_identity_center.group.provision',
        fields: { action: verbOf(action), name: action.list },
      }
    case 'members.add':
    case 'members.remove':
      return {
        event: 'aws_identity_center.membership.update',
        fields: {
          action: verbOf(action),
          name: action.list,
          count: action.members.length,
          members: action.members.slice(0, namedMembers).map(nameOfMember),
        },
      }
    case 'assignment.create':
      return {
        event: 'aws_identity_center.assignment.create',
        fields: { ...assignmentFields(input, action), reasons: action.reasons.map(reasonFields) },
      }
    case 'assignment.delete':
      return {
        event: 'aws_identity_center.assignment.delete',
        fields: { ...assignmentFields(input, action), cause: action.cause },
      }
    case 'link.forget': {
      const { kind, name } = action.principal
      const event =
        kind === 'user' ? 'aws_identity_center.user.provision' : 'aws_identity_center.group.provision'
      return { event, fields: { action: 'forget', name } }
    }
    case 'ledger.update':
      return undefined
  }
}

function assignmentFields(
  input: ChangeEventInput,
  action: { readonly principal: Principal; readonly pair: string },
): Fields {
  const { accountId, permissionSetArn } = splitPairKey(action.pair)
  return {
    name: action.principal.name,
    principal_kind: action.principal.kind,
    account_id: accountId,
    account: input.accountName,
    permission_set: input.permissionSetName,
    permission_set_arn: permissionSetArn,
  }
}

function reasonFields(reason: GrantReason): Fields {
  switch (reason.kind) {
    case 'list':
    case 'list_owner':
      return { kind: reason.kind, list: reason.list }
    case 'list_member':
      return { kind: reason.kind, list: reason.list, denied_by: reason.deniedBy }
    case 'role':
      return { kind: reason.kind, role: reason.role }
    case 'request':
      return { kind: reason.kind, request: reason.request, until: reason.until }
    case 'found':
      return { kind: reason.kind }
  }
}

function verbOf({ kind }: Action): string {
  return kind.slice(kind.indexOf('.') + 1)
}

export function nameOfMember(member: MemberRef): string {
  return member.name === '' && member.by === 'id' ? member.awsUserId : member.name
}
