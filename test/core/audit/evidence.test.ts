/** @module What an evidence pack tells of grants, decisions, reviews and exceptions, from events alone and with the ledger. */
import { expect, test } from 'vitest'
import { buildEvent, type AuditFacts } from '../../../src/core/audit/event.js'
import { createEvidence } from '../../../src/core/audit/evidence.js'
import type { LedgerFact } from '../../../src/core/audit/evidence-grants.js'

const [from, to] = [1000, 2000]

const assignment = (verb: 'create' | 'delete', group: string, fields: AuditFacts['fields'] = {}) => ({
  event: `aws_identity_center.assignment.${verb}` as const,
  fields: {
    ...{ plugin: 'aws', phase: 'outcome', name: group, principal_kind: 'group', aws_id: `id-${group}` },
    ...{ account_id: '111122223333', account: 'prod', permission_set: 'Read', permission_set_arn: 'arn:ps' },
    ...{ because: 'access list ops', ...fields },
  },
})

function tablesOf(
  happened: readonly (readonly [
    number,
    Pick<AuditFacts, 'event' | 'fields'> & { user?: string; success?: boolean },
  ])[],
  ledger: readonly LedgerFact[] = [],
) {
  const evidence = createEvidence({ from, to })
  for (const [index, [now, facts]] of happened.entries()) {
    const event = buildEvent(
      { success: true, user: 'system', ...facts },
      { clusterName: 'c', uid: String(index), now },
    )
    evidence.takeGrant(index + 1, event)
    if (now >= from && now < to) evidence.take(index + 1, event)
  }
  const tables = evidence.finish(ledger)
  return (name: string) => {
    const table = tables.find((one) => one.name === name)
    return (table?.rows ?? []).map((row) =>
      Object.fromEntries((table?.columns ?? []).map((column, at) => [column, row[at]])),
    )
  }
}

test('grants in force are told for the beginning and the end, with those that began before the log', () => {
  const found: LedgerFact = {
    grant: { ...{ kind: 'assignment', plugin: 'aws', principalKind: 'user', principal: 'ann', awsId: 'u1' }, ...{ accountId: '1', account: '', permissionSet: 'arn:x', member: '', reasons: 'found at import' } }, // prettier-ignore
    since: 1500,
    permissionSetArn: 'arn:x',
  }
  const table = tablesOf(
    [
      [500, assignment('create', 'stays')],
      [600, assignment('create', 'ends')],
      [700, assignment('create', 'was-only-begun', { phase: 'intent' })],
      [1200, assignment('delete', 'ends')],
      [1300, assignment('create', 'new')],
      [1400, { ...assignment('create', 'failed'), success: false }],
      [1500, assignment('delete', 'older-than-the-log')],
      [2500, assignment('delete', 'stays')],
      [2600, assignment('create', 'later')],
    ],
    [found],
  )
  const names = (name: string) => table(name).map(({ principal, source }) => `${principal} (${source})`)
  expect(names('grants_at_start')).toEqual([
    'ends (event 2)',
    'older-than-the-log (event 7)',
    'stays (event 1)',
  ])
  expect(names('grants_at_end')).toEqual(['ann (ledger)', 'new (event 5)', 'stays (event 1)'])
  expect(
    table('grant_changes').map(({ principal, change, outcome }) => [principal, change, outcome]),
  ).toEqual([
    ['ends', 'ended', 'succeeded'],
    ['new', 'granted', 'succeeded'],
    ['failed', 'granted', 'failed'],
    ['older-than-the-log', 'ended', 'succeeded'],
  ])
})

test('members of a group are grants, and those that an event does not name are counted', () => {
  const members = (action: string, names: string[], count = names.length) => ({
    event: 'aws_identity_center.membership.update' as const,
    fields: { plugin: 'aws', phase: 'outcome', name: 'ops', action, members: names, count },
  })
  const table = tablesOf([
    [500, members('add', ['ann', 'bob'])],
    [1500, members('remove', ['bob'])],
    [1600, members('add', ['cleo'], 3)],
  ])
  expect(table('grants_at_start').map(({ member }) => member)).toEqual(['ann', 'bob'])
  expect(table('grants_at_end').map(({ member }) => member)).toEqual(['ann', 'cleo'])
  expect(table('grant_changes').map(({ change, member }) => `${change} ${member}`)).toEqual([
    'ended bob',
    'granted cleo',
    'granted and 2 more',
  ])
})

test('decisions, reviews and exceptions have their rows, and what is usual has none', () => {
  const table = tablesOf([
    [1100, { event: 'access_request.review', user: 'dev', fields: { id: 'r1', reviewer: 'boss', proposed_state: 'APPROVED', state: 'APPROVED', reason: 'deploy', review_reason: 'ok', with_mfa: 'totp' } }],
    [1150, { event: 'access_request.update', user: 'dev', fields: { id: 'r1', action: 'assumed', updated_by: 'dev' } }],
    [1200, { event: 'access_list.review', user: 'boss', fields: { name: 'ops', updated_by: 'boss', kept_count: 3, removed_members: ['eve'] } }],
    [1300, { event: 'access_list.review.overdue', fields: { name: 'sales', effect: 'freeze' } }],
    [1400, { event: 'aws_identity_center.drift', fields: { says: 'somebody added eve', reverted: true } }],
    [1500, { ...assignment('delete', 'ops', { error: 'throttled' }), success: false }],
    [1600, { event: 'mfa.delete', user: 'dev', fields: { updated_by: 'admin', mfa_device_name: 'phone' } }],
    [1610, { event: 'mfa.delete', user: 'dev', fields: { updated_by: 'dev', mfa_device_name: 'phone' } }],
    [1700, { event: 'saml.idp.auth', user: 'dev', success: false, fields: { service_provider_name: 'aws' } }],
    [1800, { event: 'role.updated', user: 'admin', fields: { name: 'ops', updated_by: 'admin', changed: ['spec.allow', 'spec.deny'] } }],
    [1900, { event: 'user.login', user: 'dev' }],
  ]) // prettier-ignore
  expect(table('approvals')).toMatchObject([{ request: 'r1', asked_by: 'dev', decided_by: 'boss', reason: 'deploy', decision_reason: 'ok', second_factor: 'totp' }]) // prettier-ignore
  expect(table('access_list_reviews').map(({ list, outcome, removed }) => [list, outcome, removed])).toEqual([
    ['ops', 'done', 'eve'],
    ['sales', 'overdue: freeze', ''],
  ])
  expect(table('exceptions').map(({ kind, sequence }) => `${sequence} ${kind}`)).toEqual([
    '5 drift, reverted',
    '6 revocation failed',
    '7 second factor reset',
  ])
  expect(table('aws_sign_ins')).toMatchObject([
    { user: 'dev', application: 'aws', succeeded: '0', refused: '1' },
  ])
  expect(table('configuration_changes')).toMatchObject([
    { kind: 'role', name: 'ops', changed: 'spec.allow spec.deny' },
  ])
})
