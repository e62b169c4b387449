import { describe, expect, test } from 'vitest'
import { asksOnly, editSpec } from '../../../src/cli/acl/edit-document.js'

const stored = {
  title: 'Team',
  owners: [
    { name: 'ann', description: 'leads' },
    { name: 'leads', membership_kind: 'list' },
  ],
  grants: {
    roles: ['AdminAccess-on-my-account-1', 'ReadOnlyAccess-on-my-account-1'],
    traits: { team: ['a', 'b'] },
  },
  audit: {
    next_audit_date: '2027-01-01T00:00:00Z',
    when_overdue: { then: 'freeze' },
    recurrence: { day_of_month: '15' },
  },
  field_of_tomorrow: 1,
}

describe('the document that options make', () => {
  test('is the stored one but for what they say', () => {
    expect(editSpec(stored, {})).toEqual(stored)
    expect(editSpec(stored, { removeGrant: ['AdminAccess-on-my-account-1'], title: 'Other' })).toEqual({
      ...stored,
      title: 'Other',
      grants: { roles: ['ReadOnlyAccess-on-my-account-1'], traits: { team: ['a', 'b'] } },
    })
  })

  test('has owners once each, users and lists apart', () => {
    const { owners } = editSpec(stored, {
      owner: ['ann', 'bob'],
      ownerList: ['bob'],
      removeOwnerList: ['leads'],
    })
    expect(owners).toEqual([
      { name: 'ann', description: 'leads' },
      { name: 'bob' },
      { name: 'bob', membership_kind: 'list' },
    ])
  })

  test('takes single values out of traits, and those with = in them in', () => {
    const { grants } = editSpec(stored, { removeGrantTrait: ['team=a'], grantTrait: ['filter=x=y'] })
    expect(grants).toMatchObject({ traits: { team: ['b'], filter: ['x=y'] } })
    expect(editSpec({}, { grantTrait: ['__proto__=x'] })['grants']).toEqual(
      JSON.parse('{"roles":[],"traits":{"__proto__":["x"]}}'),
    )
  })

  test('has no date that follows from another recurrence', () => {
    expect(editSpec(stored, { reviewEvery: '3' })['audit']).toEqual({
      when_overdue: { then: 'freeze' },
      recurrence: { day_of_month: '15', frequency: '3months' },
    })
  })

  test.each([
    [{ removeOwner: ['leads'] }, '"leads" is no owner; there is ann'],
    [{ removeGrant: ['AdminAccess'] }, '"AdminAccess" is no role in grants'],
    [{ removeRequiredTrait: ['team=a'] }, '"team=a" is no trait in membership_requires; there is none'],
    [{ requireTrait: ['team'] }, '"team" is not of the form KEY=VALUE'],
  ])('is refused for %j', (edit, says) => {
    expect(() => editSpec(stored, edit)).toThrow(says)
  })

  test('concerns what is asked of members alone, or more', () => {
    expect(asksOnly({ requireRole: ['a'], removeRequiredTrait: ['b=c'] })).toBe(true)
    expect(asksOnly({ requireRole: ['a'], grant: ['b'] })).toBe(false)
    expect(asksOnly({})).toBe(false)
  })
})
