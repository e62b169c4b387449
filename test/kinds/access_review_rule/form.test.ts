import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { parseReviewRuleDocument } from '../../../src/kinds/access_review_rule/form.js'
import { hour } from '../../../src/core/time.js'

const items = { accounts: ['*'], permission_sets: 'ReadOnly' }
const rule = (spec: object) => ({
  kind: 'access_review_rule',
  version: 'v1',
  metadata: { name: 'reads' },
  spec: { decision: 'approve', items, ...spec },
})

/** Problems as `path: message`. */
function problems(document: unknown): readonly string[] {
  try {
    parseReviewRuleDocument(document)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const told = error.details['problems'] as readonly { path: string; message: string }[]
    return told.map(({ path, message }) => `${path}: ${message}`)
  }
  return []
}

describe('a review rule', () => {
  test('is read with all of its conditions, and again from what is stored', () => {
    const written = rule({
      requester: { users: 'ann', roles: ['engineer', 'engineer'], traits: { team: ['a', 'b'] } },
      items: { ...items, roles: ['deploy-*'], apps: ['^wiki|docs$'] },
      on_call: 'primary',
      schedule: {
        time_zone: 'Europe/Berlin',
        shifts: [{ days: ['Fri', 'mon'], start: '18:00', end: '24:00' }],
      },
      max_duration: '4h',
      reason: 'On call',
    })
    const { document, value } = parseReviewRuleDocument(written)
    expect(value).toMatchObject({
      name: 'reads',
      decision: 'approve',
      requester: { users: ['ann'], roles: ['engineer'], traits: { team: ['a', 'b'] } },
      items: {
        accounts: ['*'],
        permissionSets: ['ReadOnly'],
        roles: ['deploy-*'],
        apps: ['^wiki|docs$'],
      },
      onCall: 'primary',
      hours: { timeZone: 'Europe/Berlin', shifts: [{ days: ['mon', 'fri'], start: 1080, end: 1440 }] },
      maxDurationMs: 4 * hour,
      reason: 'On call',
    })
    expect(parseReviewRuleDocument(document).document).toEqual(document)
  })

  test('needs a decision and what it is about, accounts and permission sets together', () => {
    expect(problems(rule({}))).toEqual([])
    expect(problems(rule({ decision: undefined }))).toEqual([expect.stringMatching(/^spec\.decision: /)])
    expect(problems(rule({ decision: 'perhaps' }))).toEqual([
      'spec.decision: must be approve or deny, not "perhaps"',
    ])
    expect(problems(rule({ decision: '' }))).toHaveLength(1)
    const nothing =
      'spec.items: name what the rule is about: accounts with permission_sets, roles or apps; * is any'
    expect(problems(rule({ items: {} }))).toEqual([nothing])
    expect(problems(rule({ items: { roles: [] } }))).toEqual([nothing])
    expect(problems(rule({ items: { roles: 'x', accounts: 'a' } }))).toEqual([
      'spec.items.permission_sets: is needed beside accounts; write * for any',
    ])
    expect(problems(rule({ items: { permission_sets: 'a' } }))).toEqual([
      'spec.items.accounts: is needed beside permission_sets; write * for any',
    ])
  })

  test('has no condition that is left empty and would hold for everyone', () => {
    const empty: readonly object[] = [
      { requester: null },
      { requester: { users: [] } },
      { requester: { users: null } },
      { requester: { roles: [] } },
      { requester: { roles: [''] } },
      { requester: { traits: {} } },
      { requester: { traits: { team: [] } } },
      { requester: { traits: { team: [''] } } },
      { requester: { traits: { team: null } } },
      { on_call: '' },
      { on_call: null },
      { schedule: null },
      { schedule: { time_zone: 'UTC', shifts: [] } },
      { max_duration: '' },
      { max_duration: null },
    ]
    for (const spec of empty) expect([spec, problems(rule(spec)).length > 0]).toEqual([spec, true])
  })

  test('names people and roles by themselves, and the rest by patterns that can be used', () => {
    expect(problems(rule({ requester: { roles: ['dev-*'] } }))).toEqual([
      'spec.requester.roles.0: "dev-*" is a pattern; here each is named by itself',
    ])
    expect(problems(rule({ items: { roles: ['^(]$'] } }))).toHaveLength(1)
    expect(problems(rule({ items: { roles: ['{{external.x}}'] } }))).toHaveLength(1)
    expect(problems(rule({ items: { roles: Array.from({ length: 201 }, () => 'x') } }))).toHaveLength(1)
    expect(problems(rule({ on_call: '../etc' }))).toHaveLength(1)
  })

  test('that denies has no longest time, which could be got round by asking for more', () => {
    expect(problems(rule({ decision: 'deny' }))).toEqual([])
    expect(problems(rule({ decision: 'Deny', max_duration: '1h' }))).toEqual([
      'spec.max_duration: belongs to rules that approve: whoever asks for longer would not be denied',
    ])
    expect(problems(rule({ max_duration: '1m' }))).toHaveLength(1)
  })

  test('has hours in a time zone that there is', () => {
    const on = (shift: object, time_zone = 'Europe/Berlin') =>
      problems(
        rule({ schedule: { time_zone, shifts: [{ days: 'mon', start: '09:00', end: '17:00', ...shift }] } }),
      )
    expect(on({})).toEqual([])
    expect(on({ end: '24:00' })).toEqual([])
    expect(on({ start: '22:00', end: '06:00' })).toEqual([])
    for (const bad of [
      { days: [] },
      { days: ['monday'] },
      { start: '24:00' },
      { start: '9:00' },
      { end: '25:00' },
      { end: 1020 },
      { end: '09:00' },
      { until: '10:00' },
    ]) {
      expect([bad, on(bad).length]).toEqual([bad, 1])
    }
    expect(on({}, 'Mars/Base')).toEqual([
      'spec.schedule.time_zone: "Mars/Base" is no time zone; write for example Europe/Berlin or UTC',
    ])
    expect(on({}, '+02:00')).toHaveLength(1)
  })
})
