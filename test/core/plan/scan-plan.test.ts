import { expect, test } from 'vitest'
import {
  isDoubtful,
  pagesByPrincipal,
  planAssignmentScan,
  scanPeriod,
} from '../../../src/core/plan/scan-plan.js'

test('assignments are read by principal or by pair, whichever takes fewer calls', () => {
  const facts = {
    principalPages: 0,
    accounts: 10,
    provisionedPairs: 40,
    mayAskByPrincipal: true,
    mayAskByPair: true,
  }
  expect(planAssignmentScan({ ...facts, principals: 30 })).toEqual({ by: 'principal', calls: 30 })
  expect(planAssignmentScan({ ...facts, principals: 5000 })).toEqual({ by: 'pair', calls: 50 })
  const least = { ...facts, principals: 5000, mayAskByPair: false }
  expect(planAssignmentScan(least), 'without the permission').toEqual({ by: 'principal', calls: 5000 })
})

test('pages beyond the first count: what groups give their members is in the answers about these', () => {
  const own = new Map([
    ['group/large', 150],
    ['group/small', 100],
    ['user/both', 60],
  ])
  const seen = {
    groups: ['large', 'small'],
    users: ['both', 'neither'],
    ownOf: (kind: string, id: string) => own.get(`${kind}/${id}`) ?? 0,
    membersOf: () => ['both', 'foreign'],
  }
  // Two and one of the groups, four of 310 rows, and one that is empty.
  expect(pagesByPrincipal(seen)).toBe(8)
  const facts = { principals: 4, principalPages: 8, accounts: 2, provisionedPairs: 4 }
  expect(planAssignmentScan({ ...facts, mayAskByPrincipal: true, mayAskByPair: true })).toEqual({
    by: 'pair',
    calls: 6,
  })
  expect(planAssignmentScan({ ...facts, mayAskByPrincipal: true, mayAskByPair: false })).toEqual({
    by: 'principal',
    calls: 8,
  })
})

test('a delegated administrator never asks by principal', () => {
  const facts = {
    principals: 1,
    principalPages: 1,
    accounts: 10,
    provisionedPairs: 40,
    mayAskByPrincipal: false,
    mayAskByPair: false,
  }
  expect(planAssignmentScan(facts).by).toBe('pair')
})

test('full looks take as long apart as the rate affords (T22), and never less than is wished', () => {
  expect(scanPeriod({ ssoAdmin: 10, identitystore: 0 }, 0.8, 300_000)).toBe(300_000)
  expect(scanPeriod({ ssoAdmin: 15_000, identitystore: 0 }, 0.8, 300_000)).toBe(1_875_000)
})

test('a read of less than half is doubted, a small loss is not', () => {
  expect(isDoubtful(100, 49)).toBe(true)
  expect(isDoubtful(100, 50)).toBe(false)
  expect(isDoubtful(12, 3)).toBe(false)
  expect(isDoubtful(12, 2)).toBe(true)
})
