import { describe, expect, test } from 'vitest'
import { isBusy } from '../../src/web/api/identity-center.js'
import { pagePaths, parseSetUpStep } from '../../src/web/path-builder.js'
import { applyLabel, daysLeftBadge, groupRows, percentDone } from '../../src/web/ui/identity-center-words.js'

describe('the step of the set-up in the URL', () => {
  test('is written with hyphens and read back', () => {
    const url = pagePaths.identityCenterSetUp({ step: 'identity_source', plugin: 'main' })
    expect(url).toBe('/integrations/aws-identity-center/set-up/identity-source?plugin=main')
    expect(parseSetUpStep('identity-source')).toBe('identity_source')
  })

  test.each([undefined, 'nonsense', '__proto__'])('is the first where it is %s', (text) => {
    expect(parseSetUpStep(text)).toBe('connect')
  })
})

describe('the button that applies a plan', () => {
  test.each([
    [{ all: 1, held: 0 }, 'Apply 1 change'],
    [{ all: 1300, held: 100 }, 'Apply 1,200 changes'],
    [{ all: 0, held: 0 }, 'Switch the sync on'],
    [{ all: 3, held: 3 }, 'Switch the sync on, keep what is held'],
  ])('says what it does: %o', (counts, label) => {
    expect(applyLabel(counts)).toBe(label)
  })
})

describe('progress', () => {
  test('is a share where the whole is known', () => {
    expect(percentDone({ done: 1, total: 3 })).toBe(33)
    expect(percentDone({ done: 5, total: 3 })).toBe(100)
  })

  test('is none where the whole is unknown or nothing', () => {
    expect(percentDone({ done: 7 })).toBeUndefined()
    expect(percentDone({ done: 0, total: 0 })).toBeUndefined()
  })

  test('is looked at each second while a job runs or calls wait, and not otherwise', () => {
    const governor = { queue: 0, services: [], history: [] }
    const job = { kind: 'scan', says: '', done: 0, startedAt: '2026-01-01T00:00:00Z' } as const
    expect(isBusy({ governor, job: { ...job, state: 'running' } })).toBe(true)
    expect(isBusy({ governor: { ...governor, queue: 3 } })).toBe(true)
    expect(isBusy({ governor, job: { ...job, state: 'done' } })).toBe(false)
    expect(isBusy(undefined)).toBe(false)
  })
})

test('a token warns from 90 days, urgently from 14, and says when it is over', () => {
  expect([91, 90, 14, 0, -3].map((days) => daysLeftBadge(days)?.color)).toEqual([
    undefined,
    'amber',
    'red',
    'red',
    'red',
  ])
  expect(daysLeftBadge(0)?.text).toBe('expired')
})

test('rows are grouped in the order in which their keys come first', () => {
  const groups = groupRows(['b1', 'a1', 'b2'], (row) => row.charAt(0))
  expect(groups).toEqual([
    { key: 'b', rows: ['b1', 'b2'] },
    { key: 'a', rows: ['a1'] },
  ])
})
