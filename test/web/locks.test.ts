import { expect, test } from 'vitest'
import type { ResourceItem } from '../../src/api/contract.js'
import { lockNameFor } from '../../src/core/lock/lock-name.js'
import { locksOn, newLockSuffix } from '../../src/web/api/locks.js'

const now = Date.parse('2026-03-01T09:00:00Z')
const lock = (name: string, target: string, expires = 'never'): ResourceItem => ({
  kind: 'lock',
  name,
  version: 'v2',
  labels: {},
  revision: '1',
  origin: 'user',
  columns: { target, expires },
})

test('the locks on a person are their own and those of their roles, until they end', () => {
  const locks = [
    lock('own', 'user alice'),
    lock('role', 'role admin', '2026-03-01T10:00:00Z'),
    lock('ended', 'user alice', '2026-03-01T08:00:00Z'),
    lock('other', 'user bob'),
    lock('other-role', 'role auditor'),
    lock('session', 'session alice'),
  ]
  const found = locksOn(locks, { user: 'alice', roles: ['admin'] }, now)
  expect(found.map(({ name }) => name)).toEqual(['own', 'role'])
})

test('the name of a lock says what it is on, and ends in what tells it from the next one', () => {
  const name = lockNameFor({ kind: 'user', name: 'Gone.Person@example.com' }, newLockSuffix())
  expect(name).toMatch(/^user-gone-person-example-com-[0-9a-f]{4}$/)
  expect(new Set(Array.from({ length: 100 }, newLockSuffix)).size).toBeGreaterThan(90)
})

test('a target without a letter that names may have still gives a name', () => {
  expect(lockNameFor({ kind: 'role', name: '日本' }, '7f3a')).toBe('role-7f3a')
})
