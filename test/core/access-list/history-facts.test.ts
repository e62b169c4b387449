import { describe, expect, test } from 'vitest'
import type { AccessList } from '../../../src/core/access-list/access-list.js'
import { historyFacts } from '../../../src/core/access-list/history-facts.js'
import { listChanges } from '../../../src/core/access-list/list-changes.js'
import { buildEvent, type AuditFacts } from '../../../src/core/audit/event.js'

const facts = (event: AuditFacts['event'], fields: AuditFacts['fields'], success = true) =>
  historyFacts(
    buildEvent(
      { event, success, user: 'olga', fields: { name: 'team', ...fields } },
      { clusterName: 'test', uid: 'u', now: 0 },
    ),
  )

const list: AccessList = {
  name: 'team',
  title: 'Team',
  description: '',
  type: 'standard',
  owners: [{ kind: 'user', name: 'olga', description: '' }],
  membershipRequires: { roles: ['access'], traits: { team: ['platform'] } },
  ownershipRequires: { roles: [], traits: {} },
  grants: { roles: ['stored-id'], traits: {} },
  ownerGrants: { roles: [], traits: {} },
  review: undefined,
  origin: { kind: 'local' },
}
const named = (roles: readonly string[]) => roles.map((role) => (role === 'stored-id' ? 'ReadOnly' : role))

describe('what differs between two states of a list', () => {
  test('is told before and after, by the names that people know, and nothing that is the same', () => {
    const after: AccessList = {
      ...list,
      description: 'Runs it',
      membershipRequires: { roles: [], traits: { team: ['platform', 'night'] } },
      owners: [...list.owners, { kind: 'list', name: 'leads', description: '' }],
      grants: { roles: ['other'], traits: {} },
    }
    expect(listChanges(list, after, named)).toEqual([
      { what: 'description', before: [], after: ['Runs it'] },
      { what: 'owners', before: ['olga'], after: ['olga', 'list leads'] },
      {
        what: 'what members need',
        before: ['role access', 'team: platform'],
        after: ['team: platform', 'team: night'],
      },
      { what: 'what members get', before: ['role ReadOnly'], after: ['role other'] },
    ])
    expect(listChanges(list, { ...list }, named)).toEqual([])
  })

  test('is bounded', () => {
    const roles = Array.from({ length: 150 }, (_, at) => `role-${at}`)
    const [change] = listChanges(list, { ...list, ownerGrants: { roles, traits: {} } }, named)
    expect(change?.after).toHaveLength(101)
    expect(change?.after.at(-1)).toBe('and 50 more')
  })
})

describe('what an entry of the history says', () => {
  test('of members: each name, until when and why', () => {
    const members = [
      { member_name: 'anna', membership_kind: 'user', expires: '2027-01-01T00:00:00Z', reason: 'trainee' },
      { member_name: 'juniors', membership_kind: 'list' },
    ]
    expect(facts('access_list.member.create', { members, count: 5 })).toEqual([
      {
        what: 'Added',
        values: ['anna, until 2027-01-01T00:00:00Z (“trainee”)', 'list juniors', 'and 3 more'],
      },
    ])
    expect(facts('access_list.member.delete', { member: 'anna', member_kind: 'user' })).toEqual([
      { what: 'Removed', values: ['anna'] },
    ])
  })

  test('of a reason that many share: once', () => {
    const members = ['anna', 'bert'].map((member_name) => ({ member_name, membership_kind: 'user' }))
    expect(facts('access_list.member.create', { members, count: 2, reason: 'new team' })).toEqual([
      { what: 'Added', values: ['anna', 'bert'] },
      { what: 'Reason', values: ['new team'] },
    ])
  })

  test('of a change: before and after, and of an event that has neither which fields', () => {
    const changes = [{ what: 'what members need', before: ['role access'], after: [] }]
    expect(facts('access_list.update', { changes, changed: ['spec.x'] })).toEqual([
      { what: 'What members need', before: ['role access'], after: [] },
    ])
    expect(facts('access_list.update', { changed: ['spec.title'] })).toEqual([
      { what: 'Changed fields', values: ['spec.title'] },
    ])
  })

  test('of a review: by whom, notes on one line, who went, what is asked from then on', () => {
    expect(
      facts('access_list.review', {
        reviewers: ['olga', 'otto'],
        notes: 'Asked\nall',
        removed_members: ['bert'],
        removed_count: 1,
        membership_requirements_changed: { roles: ['access'], traits: { team: ['night'] } },
        review_frequency_changed: '6 months',
      }),
    ).toEqual([
      { what: 'Reviewed by', values: ['olga', 'otto'] },
      { what: 'Notes', values: ['Asked all'] },
      { what: 'Removed', values: ['bert'] },
      { what: 'What members need', values: ['role access', 'team: night'] },
      { what: 'Reviewed from now on', values: ['every 6 months'] },
    ])
  })

  test('of what did not work: why; and nothing of what cannot be read', () => {
    expect(facts('access_list.update', { error: 'a circle\u202e', changed: 7 }, false)).toEqual([
      { what: 'Why it failed', values: ['a circle\ufffd'] },
    ])
    expect(facts('access_list.member.create', { members: 'x', count: 'y' })).toEqual([])
  })
})
