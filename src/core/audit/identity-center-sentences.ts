/**
 * @module Sentences of the events of the sync. A change of AWS has two events: `phase: intent` before the call,
 * `phase: outcome` after it, both with its `change_id`.
 */
import type { Reader } from './describe.js'
import type { AuditEventName } from './event.js'

type SyncEventName = Extract<AuditEventName, `aws_identity_center.${string}`>

const verbs: Readonly<Record<string, { readonly done: string; readonly todo: string }>> = {
  create: { done: 'was created', todo: 'be created' },
  adopt: { done: 'was adopted', todo: 'be adopted' },
  update: { done: 'was changed', todo: 'be changed' },
  rename: { done: 'was renamed', todo: 'be renamed' },
  activate: { done: 'was activated', todo: 'be activated' },
  deactivate: { done: 'was deactivated', todo: 'be deactivated' },
  delete: { done: 'was deleted', todo: 'be deleted' },
  forget: { done: 'was released', todo: 'be released' },
}
const unknownVerb = { done: 'was provisioned', todo: 'be provisioned' }

export const identityCenterSentences: Record<SyncEventName, (event: Reader) => string> = {
  'aws_identity_center.resource_sync.success': ({ field }) =>
    `the whole of Identity Center was read and compared${totals(field)}`,
  'aws_identity_center.resource_sync.failed': ({ field }) =>
    `the sync with Identity Center failed${because(field('error') || field('message'))}`,
  'aws_identity_center.user.provision': provision('user'),
  'aws_identity_center.group.provision': provision('group of access list'),
  'aws_identity_center.membership.update': (event) => {
    const removes = event.field('action') === 'remove'
    const count = event.field('count')
    const who = count === '' ? 'members' : `${count} ${count === '1' ? 'member' : 'members'}`
    const [past, future] = removes ? ['removed from', 'be removed from'] : ['added to', 'be added to']
    const was = `${count === '1' ? 'was' : 'were'} ${past}`
    return `${who} ${told(event, was, future)} the group of access list ${event.name} in Identity Center${event.why}`
  },
  'aws_identity_center.assignment.create': assignment('was made', 'be made'),
  'aws_identity_center.assignment.delete': assignment('was removed', 'be removed'),
  'aws_identity_center.import': ({ ok, field, why }) =>
    `groups and assignments of Identity Center ${ok ? 'were' : 'could not be'} imported${actor(field)}${why}`,
  'aws_identity_center.plan.approve': ({ field }) => {
    const count = field('count')
    const what = count === '' ? 'held changes' : `${count} held ${count === '1' ? 'change' : 'changes'}`
    return `${what} of Identity Center ${count === '1' ? 'was' : 'were'} approved${actor(field)}`
  },
  'aws_identity_center.restore.release': ({ name, field }) =>
    `the first plan of plugin ${name} after a restore was released${actor(field)}`,
  'aws_identity_center.drift': ({ field }) =>
    `a change by somebody else was found in Identity Center${because(field('says') || field('message'))}`,
  'aws_identity_center.scim_token.update': ({ field }) =>
    `a SCIM token was stored${slot(field)}${actor(field)}`,
  'aws_identity_center.scim_token.delete': ({ field }) =>
    `a SCIM token was deleted${slot(field)}${actor(field)}`,
  'aws_identity_center.uninstall': ({ ok, name, field, why }) =>
    `plugin ${name} ${ok ? 'was' : 'could not be'} uninstalled${actor(field)}${why}`,
}

function provision(what: string): (event: Reader) => string {
  return (event) => {
    const { done, todo } = verbs[event.field('action')] ?? unknownVerb
    return `${what} ${event.name} ${told(event, done, todo)} in Identity Center${event.why}`
  }
}

function assignment(done: string, todo: string): (event: Reader) => string {
  return (event) => {
    const { field, name } = event
    const set = field('permission_set') || 'a permission set'
    const account = field('account') || field('account_id') || 'an account'
    const whose = field('principal_kind') === 'group' ? 'access list' : 'user'
    return `the assignment of ${set} in ${account} to ${whose} ${name} ${told(event, done, todo)}${event.why}`
  }
}

function told({ ok, field }: Reader, done: string, todo: string): string {
  if (!ok) return `could not ${todo}`
  return field('phase') === 'intent' ? `will ${todo}` : done
}

function totals(field: Reader['field']): string {
  const parts = [
    ['total_accounts', 'accounts'],
    ['total_permission_sets', 'permission sets'],
    ['total_user_groups', 'groups'],
    ['total_account_assignments', 'assignments'],
  ].flatMap(([key = '', word = '']) => (field(key) === '' ? [] : [`${field(key)} ${word}`]))
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`
}

function actor(field: Reader['field']): string {
  const by = field('updated_by') || field('user')
  return by === '' ? '' : ` by ${by}`
}

function slot(field: Reader['field']): string {
  return field('slot') === '' ? '' : ` in slot ${field('slot')}`
}

function because(text: string): string {
  return text === '' ? '' : `: ${text.replace(/[\s.]+$/, '')}`
}
