/** Rules with hours, and extensions: the time that one adds has to begin within them, too. */
import { expect, test } from 'vitest'
import type { AccessRequest } from '../../../src/core/access-request/access-request.js'
import {
  reviewByRules,
  stillApproves,
  type ReviewRule,
  type RuleFacts,
  type RuleSet,
} from '../../../src/core/access-request/review-rule.js'
import { weekDays } from '../../../src/core/access-request/weekly-hours.js'
import { hour } from '../../../src/core/time.js'
import { adminOnProd, buildWorld, item, now, request, requester, role } from './build.js'

const asks = role('asks', { request: { roles: ['*'] } })
const world = buildWorld([asks])
const facts: RuleFacts = { requester: requester([asks]), since: 0, onCall: new Map(), now, others: [] }
/** `now` is at nine. */
const morning = (decision: ReviewRule['decision'] = 'approve'): RuleSet => ({
  rules: [
    {
      ...{ name: 'morning', decision, onCall: undefined, maxDurationMs: undefined, reason: '' },
      requester: { users: [], roles: [], traits: {} },
      items: { accounts: ['*'], organizationalUnits: [], permissionSets: ['*'], roles: [], apps: [] },
      hours: { timeZone: 'UTC', shifts: [{ days: weekDays, start: 8 * 60, end: 12 * 60 }] },
    },
  ],
  hidesDenial: false,
  writers: new Map(),
})
const extension = (from: number): AccessRequest =>
  request([item(adminOnProd)], { extends: { request: 'r0', firstStartedAt: now - hour, from } })
const decided = (from: number, rules = morning()) =>
  reviewByRules(extension(from), rules, facts, world).request.items.map(({ state }) => state)

test('an extension whose time begins within the hours is approved', () => {
  expect(decided(now + 2 * hour)).toEqual(['approved'])
})

test('one whose time begins outside of them waits for people, although it is asked for within them', () => {
  expect(decided(now + 4 * hour)).toEqual(['pending'])
})

test('one is denied where the rule denies at either instant', () => {
  expect(decided(now + 4 * hour, morning('deny'))).toEqual(['denied'])
})

test('the approval counts no longer where hours were changed meanwhile and its time begins outside of them', () => {
  const still = (from: number) => {
    const approved = {
      ...extension(from),
      state: 'approved' as const,
      resolvedAt: now,
      endsAt: from + 8 * hour,
    }
    return stillApproves('rule/morning', approved, facts, morning(), world)(item(adminOnProd))
  }
  expect([still(now + 2 * hour), still(now + 4 * hour)]).toEqual([true, false])
})
