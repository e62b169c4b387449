import { describe, expect, test } from 'vitest'
import {
  accessListEdits,
  emptyAccessList,
  readAccessListFields,
} from '../../src/web/forms/access-list-fields.js'

const text = `kind: access_list
version: v1
metadata:
  name: team
spec:
  title: Team
  owners:
    - name: a@example.com
      description: leads it
    - b@example.com
    - { name: leads, membership_kind: MEMBERSHIP_KIND_LIST }
  membership_requires: { roles: [access], traits: { team: [platform, data], site: home } }
  grants:
    roles: [access] # for now
  audit:
    next_audit_date: 2027-01-31T00:00:00Z
    recurrence: { frequency: 3, day_of_month: last }
    when_overdue: { then: freeze, after: 168h }
`

function fieldsOf(yaml: string) {
  const read = readAccessListFields(yaml)
  if ('problem' in read) throw new Error(read.problem)
  return read.fields
}

describe('an access list as its form shows it', () => {
  test('tells owners in every spelling, what is given and asked, and the schedule', () => {
    expect(fieldsOf(text)).toEqual({
      name: 'team',
      title: 'Team',
      description: '',
      type: '',
      owners: [
        { kind: 'user', name: 'a@example.com' },
        { kind: 'user', name: 'b@example.com' },
        { kind: 'list', name: 'leads' },
      ],
      holdings: {
        memberGrants: { roles: ['access'], traits: [] },
        memberNeeds: {
          roles: ['access'],
          traits: [
            { key: 'team', values: ['platform', 'data'] },
            { key: 'site', values: ['home'] },
          ],
        },
        ownerGrants: { roles: [], traits: [] },
        ownerNeeds: { roles: [], traits: [] },
      },
      review: {
        frequency: '3',
        day: 'last',
        nextDate: '2027-01-31',
        notice: '',
        overdueThen: 'freeze',
        overdueAfter: '168h',
      },
      plugin: undefined,
    })
  })

  test('is edited field by field, and what stands beside stays', () => {
    const edited = accessListEdits.roles(text, 'memberGrants', ['access', 'x'])
    expect(fieldsOf(edited).holdings.memberGrants.roles).toEqual(['access', 'x'])
    expect(accessListEdits.text(text, 'title', 'New')).toContain('# for now')
  })

  test('keeps what is said of owners who stay, and tells a list from a person of the same name', () => {
    const added = accessListEdits.addOwner(text, { kind: 'list', name: 'b@example.com' })
    const removed = accessListEdits.removeOwner(added, { kind: 'user', name: 'b@example.com' })
    expect(fieldsOf(removed).owners).toEqual([
      { kind: 'user', name: 'a@example.com' },
      { kind: 'list', name: 'leads' },
      { kind: 'list', name: 'b@example.com' },
    ])
    expect(removed).toContain('leads it')
  })

  test('writes numbers as numbers, and takes a delay away with what it delays', () => {
    expect(accessListEdits.review(text, 'frequency', '12')).toContain('frequency: 12')
    expect(accessListEdits.review(text, 'day', 'last')).toContain('day_of_month: last')
    const without = accessListEdits.review(text, 'overdueThen', '')
    expect(without).not.toContain('when_overdue')
    expect(without).not.toContain('168h')
  })

  test('leaves no empty section behind', () => {
    const needy = accessListEdits.roles(emptyAccessList('me'), 'memberNeeds', ['access'])
    expect(needy).toContain('membership_requires')
    expect(accessListEdits.roles(needy, 'memberNeeds', [])).not.toContain('membership_requires')
  })

  test('is not shown where the text is no document', () => {
    expect(readAccessListFields('- x')).toHaveProperty('problem')
  })
})
