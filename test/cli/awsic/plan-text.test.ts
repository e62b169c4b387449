import { describe, expect, test } from 'vitest'
import type { PlanAnswer } from '../../../src/api/contract.js'
import { describeHeld, describePlan } from '../../../src/cli/awsic/plan-text.js'

const add = {
  key: 'members/platform/add/1',
  kind: 'members.add',
  says: 'Add 3 members to Platform team',
  because: 'they were added here',
  removes: false,
  holds: [],
}
const remove = {
  key: 'members/platform/remove/1',
  kind: 'members.remove',
  says: 'Remove 120 members from Platform team',
  because: 'they were removed here',
  removes: true,
  holds: [{ rule: 'removals', says: 'Removes 120 of 900 memberships; the limit is 90.' }],
}
const plan: PlanAnswer = {
  readAt: '2026-11-22T02:55:00Z',
  madeAt: '2026-11-22T03:00:00Z',
  sync: 'active',
  heldDigest: 'd1',
  counts: [
    { kind: 'members.add', says: 'Add members', all: 1, held: 0 },
    { kind: 'members.remove', says: 'Remove members', all: 1, held: 1 },
  ],
  actions: [add, remove],
  total: 2,
  effects: [
    {
      person: 'bo@example.com',
      change: 'gains',
      account: 'sandbox',
      permissionSet: 'ReadOnlyAccess',
      through: 'through Platform team',
      held: false,
    },
    {
      person: 'al@example.com',
      change: 'loses',
      account: 'production',
      permissionSet: 'AdministratorAccess',
      through: 'through Platform team',
      held: true,
    },
  ],
  moreEffects: 4,
  drift: [{ says: 'group/1 has a member that nobody here added', reverted: false }],
  setAside: [{ kind: 'user', name: 'x', says: 'has no mail address', remedy: 'give one' }],
  notes: ['Sessions at AWS go on.'],
}
const view = { actions: plan.actions, more: false, flags: '' }

describe('a plan in words', () => {
  test('says how much, what waits and why, who loses before who gains, and what to type', () => {
    const text = describePlan(plan, view).join('\n')
    expect(text).toMatch(/^2 changes planned\.\nPlanned at 2026-11-22T03:00:00Z; AWS read to the end at /)
    expect(text).toContain('waits: Removes 120 of 900 memberships; the limit is 90.')
    expect(text).toContain('key: members/platform/remove/1')
    expect(text).toContain('* Add 3 members to Platform team (they were added here)')
    expect(text).toContain(
      '- al@example.com: AdministratorAccess in production, through Platform team (waits)',
    )
    expect(text.indexOf('Who would lose access:')).toBeLessThan(text.indexOf('Who would gain access:'))
    expect(text).toContain('and 4 more effects')
    expect(text).toContain('has a member that nobody here added (only reported)')
    expect(text).toContain('user x: has no mail address\n    do: give one')
    expect(text).toMatch(/Next:\n {2}gatehouse awsic plan --held .*\n {2}gatehouse awsic approve /)
  })

  test('says of each attribute of a user what it was and what it will be', () => {
    const update = {
      ...add,
      key: 'user.update/ann',
      kind: 'user.update',
      says: 'Update email, given name of user ann',
      attributes: [
        { attribute: 'given name', from: 'Ann', to: 'Anne' },
        { attribute: 'email', to: 'ann@example.com' },
      ],
    }
    const lines = '\n      given name: "Ann" -> "Anne"\n      email: nothing -> "ann@example.com"'
    expect(describePlan(plan, { ...view, actions: [update] }).join('\n')).toContain(
      `user ann (they were added here)${lines}`,
    )
    const held = { ...update, holds: remove.holds }
    expect(describeHeld(plan, [held]).join('\n')).toContain(`user ann${lines}`)
  })

  test('with nothing to do says so, and tells nobody to approve', () => {
    const empty = {
      ...plan,
      counts: [],
      actions: [],
      total: 0,
      effects: [],
      moreEffects: 0,
      drift: [],
      setAside: [],
      notes: [],
    }
    expect(describePlan(empty, { ...view, actions: [] })).toEqual([
      'Nothing to do: Identity Center is as it should be.',
      'Planned at 2026-11-22T03:00:00Z; AWS read to the end at 2026-11-22T02:55:00Z.',
      'The sync is active: what does not wait is done without being asked.',
    ])
  })

  test('of a paused sync ends with the command that switches it on, for the plugin that is meant', () => {
    const { readAt: _, ...unread } = plan
    const text = describePlan({ ...unread, sync: 'paused' }, { ...view, flags: ' --plugin west' }).join('\n')
    expect(text).toContain('AWS was not read to the end yet')
    expect(text).toContain('nothing changes in AWS until "gatehouse awsic apply"')
    expect(text).toContain('gatehouse awsic apply --watch --plugin west')
  })

  test('tells how many changes are not shown', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ ...add, key: `k${index}` }))
    const text = describePlan({ ...plan, total: 5000 }, { ...view, actions: many }).join('\n')
    expect(text).toContain('and 4970 more')
  })

  test('what was approved already does not wait', () => {
    const approved = { ...remove, approvedBy: 'ada@example.com' }
    expect(describeHeld(plan, [approved]).join('\n')).not.toContain('waits:')
    expect(describePlan(plan, { ...view, actions: [approved] }).join('\n')).toContain(
      '* Remove 120 members from Platform team (approved by ada@example.com)',
    )
  })
})
