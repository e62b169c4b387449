/** @module The sentences of audit events. */
import { describe, expect, test } from 'vitest'
import { describeEvent } from '../../../src/core/audit/describe.js'
import { auditCodes, buildEvent, type AuditFacts } from '../../../src/core/audit/event.js'

const envelope = { clusterName: 'example.com', uid: 'u', now: 0 }
const say = (facts: AuditFacts) => describeEvent(buildEvent(facts, envelope))

describe('an event is told', () => {
  test.each<[AuditFacts, string]>([
    [
      {
        event: 'lock.created',
        success: true,
        user: 'admin',
        fields: {
          name: 'l',
          updated_by: 'admin',
          target: { user: 'alice' },
          expires: '2026-03-01T09:00:00.000Z',
        },
      },
      'lock "l" on user alice was made by admin until 2026-03-01T09:00:00.000Z',
    ],
    [
      {
        event: 'lock.deleted',
        success: true,
        user: 'operator',
        fields: { name: 'l', updated_by: 'operator', target: { role: 'x\u001b[2J' } },
      },
      'lock "l" on role x\ufffd[2J was lifted by operator',
    ],
    [
      {
        event: 'session.end',
        success: true,
        user: 'admin',
        fields: { name: 'alice', message: 'ended by the lock "l"' },
      },
      'a session of alice was ended by admin: ended by the lock "l"',
    ],
    [
      { event: 'saml.idp.auth', success: true, user: 'alice', fields: { service_provider_name: 'aws' } },
      'alice signed in to aws',
    ],
    [
      {
        event: 'saml.idp.auth',
        success: false,
        user: 'bob',
        fields: {
          service_provider_entity_id: 'https://sp.example',
          error: 'access to saml_idp_service_provider denied. User does not have permissions. ',
        },
      },
      'bob was refused at https://sp.example: access to saml_idp_service_provider denied. User does not have permissions',
    ],
    [
      {
        event: 'user.login',
        success: false,
        user: 'eve',
        fields: { 'addr.remote': '10.0.0.1', error: 'wrong' },
      },
      'eve could not sign in from 10.0.0.1: wrong',
    ],
    [{ event: 'user.login', success: false }, 'someone without a known name could not sign in'],
    [
      { event: 'role.created', success: true, user: 'admin', fields: { name: 'access' } },
      'role "access" was created by admin',
    ],
    [
      { event: 'saml.idp.service.provider.update', success: false, fields: { name: 'aws', error: 'no XML' } },
      'service provider "aws" could not be changed: no XML',
    ],
    [
      { event: 'user.password_change', success: true, user: 'alice', fields: { updated_by: 'admin' } },
      'the password of alice was changed by admin',
    ],
    [
      { event: 'user.password_change', success: true, user: 'alice', fields: { updated_by: 'alice' } },
      'the password of alice was changed',
    ],
    [
      { event: 'session.end', success: true, user: 'alice', fields: { message: 'signed out' } },
      'a session of alice ended: signed out',
    ],
    [
      {
        event: 'api_token.rotate',
        success: true,
        user: 'admin',
        fields: { name: 'ci', updated_by: 'admin' },
      },
      'token "ci" got a new secret by admin',
    ],
    [
      { event: 'cli.login', success: true, user: 'alice', fields: { label: 'laptop' } },
      'alice signed in a command line on "laptop"',
    ],
    [
      { event: 'cli.login', success: false, user: 'alice', fields: { label: 'laptop', error: 'not valid' } },
      'alice could not sign in a command line on "laptop": not valid',
    ],
    [
      { event: 'cli.login', success: false, fields: { error: 'not valid' } },
      'someone without a known name could not sign in a command line: not valid',
    ],
    [
      {
        event: 'access.denied',
        success: false,
        user: 'alice',
        fields: {
          error_code: 'FORBIDDEN',
          right: 'user:update',
          name: 'bob',
          method: 'PUT',
          path: '/v1/resources/user/:name',
          left_out: 29,
        },
      },
      'alice was refused user:update on "bob": PUT /v1/resources/user/:name, after 29 more',
    ],
    [
      {
        event: 'access.denied',
        success: false,
        user: 'token/ci',
        fields: { error_code: 'LOCKED', method: 'GET', path: '/v1/me' },
      },
      'token/ci was refused by a lock: GET /v1/me',
    ],
    [
      {
        event: 'access_list.member.delete',
        success: true,
        user: 'admin',
        fields: { name: 'platform', member: 'bob', member_kind: 'user', updated_by: 'admin' },
      },
      'user "bob" was removed from access list "platform" by admin',
    ],
    [
      {
        event: 'aws_identity_center.user.provision',
        success: true,
        user: 'system',
        fields: { name: 'bob', action: 'deactivate', phase: 'intent' },
      },
      'user "bob" will be deactivated in Identity Center',
    ],
    [
      {
        event: 'aws_identity_center.user.provision',
        success: false,
        user: 'system',
        fields: { name: 'bob', action: 'deactivate', phase: 'outcome', error: 'throttled' },
      },
      'user "bob" could not be deactivated in Identity Center: throttled',
    ],
    [
      {
        event: 'aws_identity_center.membership.update',
        success: true,
        fields: { name: 'platform', action: 'remove', count: 1, phase: 'outcome' },
      },
      '1 member was removed from the group of access list "platform" in Identity Center',
    ],
    [
      { event: 'access_list.review.remind', success: true, fields: { name: 'team', reminded: 2 } },
      'access list "team" is to be reviewed: 2 owners were reminded',
    ],
    [
      { event: 'access_list.review.remind', success: false, fields: { name: 'team', error: 'none owns it' } },
      'access list "team" is to be reviewed, and nobody was reminded: none owns it',
    ],
    [
      { event: 'access_list.review.update', success: true, user: 'ada', fields: { name: 'team', count: 1 } },
      'in the review of access list "team" ada made 1 decision',
    ],
    [
      {
        event: 'access_list.review.update',
        success: true,
        user: 'ada',
        fields: { name: 'team', count: 2, started_over: true },
      },
      'in the review of access list "team" ada started over and made 2 decisions',
    ],
    [
      {
        event: 'access_list.review.update',
        success: true,
        user: 'ada',
        fields: { name: 'team', count: 0, started_over: true },
      },
      'in the review of access list "team" ada started over',
    ],
    [
      { event: 'access_list.review.overdue', success: true, fields: { name: 'team', effect: 'freeze' } },
      'access list "team" was not reviewed in time: nobody can be added',
    ],
    [
      {
        event: 'access_list.review.overdue',
        success: true,
        fields: { name: 'team', effect: 'remove_grants' },
      },
      'access list "team" was not reviewed in time: it gives nothing',
    ],
    [
      {
        event: 'aws_identity_center.assignment.create',
        success: true,
        fields: { name: 'platform', principal_kind: 'group', account: 'Prod', permission_set: 'Admin' },
      },
      'the assignment of Admin in Prod to access list "platform" was made',
    ],
    [
      {
        event: 'aws_identity_center.resource_sync.success',
        success: true,
        fields: { total_accounts: 3, total_user_groups: 7 },
      },
      'the whole of Identity Center was read and compared: 3 accounts, 7 groups',
    ],
    [
      { event: 'signing_key.create', success: true, fields: { purpose: 'saml', key_id: 'k1' } },
      'a signing key for saml was made: k1',
    ],
  ])('%j', (facts, sentence) => {
    expect(say(facts)).toBe(sentence)
  })

  test('whatever its name, in success and failure, even with no field at all', () => {
    for (const event of Object.keys(auditCodes) as (keyof typeof auditCodes)[]) {
      for (const success of [true, false]) expect(say({ event, success })).toMatch(/^[a-z].{10,}$/)
    }
  })

  test('by name and code when a later version wrote it', () => {
    const event = {
      ...buildEvent({ event: 'user.login', success: true }, envelope),
      event: 'toString',
      code: 'T9I',
    }
    expect(describeEvent(event as never)).toBe('toString (T9I)')
  })

  test('without characters that steer a terminal or turn the reading direction', () => {
    const user = 'eve\u001b[2J\r\n\u202egnp\u2028\u0085'
    expect(say({ event: 'user.login', success: true, user })).toBe('eve�[2J���gnp�� signed in')
  })

  test('in bounded length', () => {
    expect(say({ event: 'user.login', success: false, user: '😀'.repeat(5000) }).length).toBeLessThan(200)
  })
})

test('an access list that gave nothing is told with the roles that do not exist', () => {
  const event = 'user_login.invalid_access_list' as const
  const fields = { name: 'platform', missing_roles: ['brief', 'long'] }
  expect(say({ event, success: false, user: 'dan', fields })).toContain(
    'it names roles that do not exist: brief, long',
  )
})
