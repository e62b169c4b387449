import { describe, expect, test } from 'vitest'
import type { AccessRequestShown, RequestItemShown } from '../../src/api/contract/access-requests.js'
import { paceOf } from '../../src/web/api/access-requests.js'
import {
  durationMs,
  durationWords,
  entryWords,
  inAwsBadge,
  inputOf,
  itemsTitle,
  offersRevoke,
  shorterThan,
  spanWords,
  standingWords,
  stopsOf,
  tallyWords,
  titleOf,
  waitsOn,
} from '../../src/web/ui/request-words.js'

const arn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
const item: RequestItemShown = {
  id: `assignment/111111111111/${arn}`,
  kind: 'assignment',
  name: 'ReadOnly on production',
  account: { id: '111111111111', name: 'production', ouPath: 'Root/Production' },
  permissionSet: { arn, name: 'ReadOnly' },
  state: 'pending',
  approvals: 0,
  denials: 0,
  thresholds: [{ approve: 2, deny: 1, approvals: 0, denials: 0 }],
  mayReview: true,
}
const request: AccessRequestShown = {
  id: 'r1',
  user: 'ann',
  state: 'pending',
  active: false,
  items: [item],
  reason: '',
  createdAt: '2026-03-01T09:00:00Z',
  pendingUntil: '2026-03-02T09:00:00Z',
  duration: '8h',
  maxDuration: '12h',
  suggestedReviewers: [],
  annotations: {},
  reviews: [],
  timeline: [],
  assumed: false,
  may: {
    review: false,
    cancel: false,
    release: false,
    revoke: false,
    extend: false,
    assume: false,
    promote: false,
  },
  revision: 1,
}
const approved: AccessRequestShown = { ...request, state: 'approved', resolvedAt: '2026-03-01T10:00:00Z' }
const active: AccessRequestShown = {
  ...approved,
  active: true,
  activatedAt: '2026-03-01T10:00:00Z',
  endsAt: '2026-03-01T18:00:00Z',
}

describe('what is offered and said of a decision', () => {
  const may = { ...request.may, revoke: true }

  test('revoking is offered where it can be done and denying cannot, and not of their own', () => {
    expect(offersRevoke({ user: 'ann', may }, 'rita')).toBe(true)
    expect(offersRevoke({ user: 'ann', may: { ...may, review: true } }, 'rita')).toBe(false)
    expect(offersRevoke({ user: 'ann', may }, 'ann')).toBe(false)
    expect(offersRevoke(request, 'rita')).toBe(false)
  })

  test('a review that has not decided yet says on what it waits', () => {
    expect(waitsOn({ request: approved, effectual: true })).toBeUndefined()
    expect(waitsOn({ request, effectual: false })).toMatch(/^Your decision is kept;/)
    expect(waitsOn({ request, effectual: true })).toMatch(/^Some of it waits/)
  })

  test('what is left in AWS of a request that is over is not called refused', () => {
    const badge = (state: 'failed' | 'pending' | 'none', isOver: boolean) =>
      inAwsBadge({ state, says: '' }, isOver).text
    expect([badge('failed', false), badge('failed', true)]).toEqual(['AWS refuses it', 'still in AWS'])
    expect([badge('pending', false), badge('pending', true)]).toEqual(['on its way', 'on its way out'])
    expect(badge('none', true)).toBe('not in AWS')
  })
})

describe('durations', () => {
  test.each([
    ['8h', '8 hours'],
    ['1h', '1 hour'],
    ['1h30m', '1 h 30 min'],
    ['336h', '14 days'],
    ['25h', '1 day 1 h'],
    ['90s', '1 min 30 s'],
    ['5m', '5 minutes'],
    ['soon', 'soon'],
  ])('%s reads "%s"', (text, words) => {
    expect(durationWords(text)).toBe(words)
  })

  test('what is no duration is none', () => {
    expect(['', 'h', '8', '8h x', '-1h'].map(durationMs)).toEqual(Array(5).fill(undefined))
  })

  test('a span never reads below nothing, and goes down by the second', () => {
    expect([spanWords(-5000), spanWords(999), spanWords(61_000)]).toEqual([
      '0 seconds',
      '0 seconds',
      '1 min 1 s',
    ])
  })

  test('shorter ones are offered, never as long as asked', () => {
    expect(shorterThan('2h')).toEqual(['15m', '30m', '1h'])
    expect(shorterThan('10m')).toEqual([])
  })
})

describe('an item', () => {
  test('is called by names, else by ids', () => {
    expect(titleOf(item)).toEqual({
      title: 'ReadOnly on production',
      more: '111111111111 · Root/Production',
    })
    const hidden = { ...item, account: { id: '111111111111' }, permissionSet: { arn } }
    expect(titleOf(hidden)).toEqual({ title: 'ps-1 on 111111111111', more: '' })
    expect(itemsTitle([item], 40)).toBe('ReadOnly on production and 39 more')
    expect(itemsTitle([])).toBe('Nothing')
  })

  test('is asked for again by ids, which no renaming changes', () => {
    const input = { kind: 'assignment', account: '111111111111', permissionSet: arn }
    expect(inputOf(item)).toEqual(input)
    const { account: _, permissionSet: __, ...bare } = item
    expect(inputOf(bare)).toEqual(input)
    expect(inputOf({ id: 'role/a', kind: 'role', name: 'a' })).toEqual({ kind: 'role', name: 'a' })
  })

  test('tells how many approvals it needs by the easiest threshold', () => {
    expect(tallyWords(item)).toBe('0 of 2 approvals')
    const easier = [...item.thresholds, { approve: 1, deny: 1, approvals: 0, denials: 1 }]
    expect(tallyWords({ ...item, thresholds: easier, denials: 1 })).toBe('0 of 1 approval, 1 denial')
    expect(tallyWords({ ...item, state: 'approved', approvals: 1 })).toBe('1 approval')
    // Of a lead one is enough, of others it takes two; one who is no lead has approved.
    const lead = { approve: 1, deny: 1, filter: 'contains(reviewer.roles, "lead")', denials: 0 }
    const two = { approve: 2, deny: 1, approvals: 1, denials: 0 }
    const half = { ...item, approvals: 1, thresholds: [{ ...lead, approvals: 0 }, two] }
    expect(tallyWords(half)).toBe('1 of 2 approvals')
    const none = { ...half, thresholds: [{ ...lead, approvals: 0 }] }
    expect(tallyWords(none)).toBe('0 of 1 approval (1 more not counted)')
  })
})

describe('the way of a request', () => {
  const states = (one: AccessRequestShown) => stopsOf(one).map(({ title, state }) => `${title}: ${state}`)

  test('goes from asking to the end', () => {
    expect(states(request)).toEqual([
      'Asked: now',
      'Decided, or over: ahead',
      'Begins: ahead',
      'Ends 8 hours later: ahead',
    ])
    expect(states(approved)).toEqual(['Asked: passed', 'Approved: now', 'Begins: ahead', 'Ends: ahead'])
    expect(states(active)).toEqual(['Asked: passed', 'Approved: passed', 'Began: now', 'Ends: ahead'])
    expect(states({ ...active, active: false, state: 'expired' }).at(-1)).toBe('Ended: passed')
    expect(states({ ...active, active: false, state: 'revoked' }).at(-1)).toBe('Revoked: failed')
  })

  test('ends where it was not approved', () => {
    expect(states({ ...request, state: 'denied' })).toEqual(['Asked: passed', 'Denied: failed'])
    expect(states({ ...request, state: 'expired' })).toEqual(['Asked: passed', 'Over, not decided: failed'])
    expect(states({ ...request, state: 'promoted' })).toEqual(['Asked: passed', 'By an access list: passed'])
  })

  test('what happened names who did it, and the gateway where nobody did', () => {
    const entry = { at: '', by: 'rita', what: 'revoked', says: '' }
    expect(entryWords(entry)).toBe('rita revoked it')
    expect(entryWords({ ...entry, by: 'system', what: 'activated' })).toBe('The access began')
    expect(entryWords({ ...entry, by: 'system', what: 'revoked' })).toBe('The gateway revoked it')
  })
})

test('an approved request that has not begun does not say that it gives access', () => {
  expect(standingWords(approved).text).toBe('approved, begins later')
  expect(standingWords(active).text).toBe('gives access now')
})

describe('a request is read again', () => {
  const inAws = (one: AccessRequestShown, state: 'pending' | 'there' | 'none' | 'failed') => ({
    ...one,
    items: [{ ...item, inAws: { state, says: '' } }],
  })

  test('often while something waits or changes, seldom while access is there, and not when all is over', () => {
    const over: AccessRequestShown = { ...active, active: false, state: 'expired' }
    const often = paceOf(request)
    expect(often).toBeGreaterThan(0)
    expect(paceOf(approved)).toBe(often)
    expect(paceOf(inAws(active, 'pending'))).toBe(often)
    expect(paceOf(inAws(over, 'there'))).toBe(often)
    expect(paceOf(inAws(active, 'there'))).toBeGreaterThan(Number(often))
    expect(paceOf(inAws(over, 'none'))).toBe(false)
    expect(paceOf(inAws(over, 'failed'))).toBe(paceOf(inAws(active, 'there')))
  })
})
