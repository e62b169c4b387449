import { describe, expect, test } from 'vitest'
import type { OnCallList } from '../../../src/core/access-request/on-call.js'
import type { Writer } from '../../../src/core/access-request/own-rule.js'
import {
  reviewByRules,
  stillApproves,
  type ReviewRule,
  type RuleFacts,
} from '../../../src/core/access-request/review-rule.js'
import { hour } from '../../../src/core/time.js'
import { adminOnProd, buildWorld, item, now, request, requester, role } from './build.js'

const asks = role('asks', { request: { roles: ['*'] } })
const world = buildWorld([asks])
const about = request([item(adminOnProd)])

const rule = (more: Partial<ReviewRule> = {}): ReviewRule => ({
  name: 'reads',
  decision: 'approve',
  requester: { users: [], roles: [], traits: {} },
  items: { accounts: ['*'], organizationalUnits: [], permissionSets: ['*'], roles: [], apps: [] },
  onCall: undefined,
  hours: undefined,
  maxDurationMs: undefined,
  reason: '',
  ...more,
})

const primary = (more: Partial<OnCallList> = {}): OnCallList => ({
  ...{ name: 'primary', users: ['alice'], until: undefined, updatedAt: now - hour, updatedBy: 'bob' },
  ...more,
})

interface Case {
  readonly rule?: ReviewRule
  readonly writer?: Writer
  readonly list?: OnCallList
  /** Since when alice is alice. */
  readonly since?: number
}

function judge({ rule: one = rule(), writer, list = primary(), since = now - 2 * hour }: Case) {
  const facts: RuleFacts = {
    ...{ requester: requester([asks]), since, now, others: [] },
    onCall: new Map([['primary', list]]),
  }
  const rules = {
    rules: [one],
    hidesDenial: false,
    writers: new Map(writer === undefined ? [] : [[one.name, writer] as const]),
  }
  const { request: after, notes } = reviewByRules(about, rules, facts, world)
  const [asked = item(adminOnProd)] = about.items
  const still = stillApproves(`rule/${one.name}`, about, facts, rules, world)(asked)
  return { states: after.items.map(({ state }) => state), notes, still, says: after.timeline[0]?.says }
}

const by = (name: string, at = now - hour): Writer => ({ by: name, at })
const approved = { states: ['approved'], notes: [], still: true, says: '' }
const ownRule = 'The rule reads approves nothing here: the requester wrote it last.'

describe('a rule', () => {
  test('approves nothing for whoever wrote it last, in whatever spelling, and the timeline says why', () => {
    for (const name of ['alice', 'ALICE', 'ａｌｉｃｅ']) {
      const { states, notes, still, says } = judge({ writer: by(name) })
      expect([states, notes, still, says]).toEqual([['pending'], [ownRule], false, ownRule])
    }
  })

  test.each([
    ['somebody else', by('bob')],
    ['a machine user', by('token/alice')],
    ['the operator', by('operator')],
    ['nobody that is known', undefined],
  ])('that was written by %s approves', (_, writer) => {
    expect(judge(writer === undefined ? {} : { writer })).toEqual(approved)
  })

  test('that was written by who had the name before approves: they are somebody else', () => {
    expect(judge({ writer: by('alice', now - 3 * hour) })).toEqual(approved)
    expect(judge({ writer: by('alice'), since: now - hour }).states).toEqual(['pending'])
  })

  test('that denies holds for whoever wrote it as for everybody', () => {
    const denies = rule({ decision: 'deny' })
    expect(judge({ rule: denies, writer: by('alice') })).toMatchObject({ states: ['denied'], notes: [] })
  })

  test('that is about something else has nothing to say of it', () => {
    const other = rule({
      items: { accounts: [], organizationalUnits: [], permissionSets: [], roles: [], apps: ['x'] },
    })
    expect(judge({ rule: other, writer: by('alice') })).toMatchObject({ states: ['pending'], notes: [] })
  })
})

describe('a rule that asks who is on call', () => {
  const onCall = rule({ onCall: 'primary' })

  test('approves nothing for whoever wrote that list last, and says why', () => {
    const says =
      'The rule reads approves nothing here: the requester wrote the list primary of who is on call last.'
    const { states, notes, still } = judge({ rule: onCall, list: primary({ updatedBy: 'Alice' }) })
    expect([states, notes, still]).toEqual([['pending'], [says], false])
    expect(judge({ rule: onCall })).toEqual(approved)
  })

  test('is not misled by who had the name before', () => {
    const list = primary({ updatedBy: 'alice', updatedAt: now - 3 * hour })
    expect(judge({ rule: onCall, list })).toEqual(approved)
  })

  test('and denies is not got around by writing the list once more', () => {
    const denies = rule({ decision: 'deny', onCall: 'primary' })
    expect(judge({ rule: denies, list: primary({ updatedBy: 'alice' }) }).states).toEqual(['denied'])
  })
})
