import { describe, expect, test } from 'vitest'
import { isCode } from '../../../src/core/error.js'
import {
  assertUnlocked,
  describeLockout,
  lockAuditMessage,
  lockReason,
} from '../../../src/core/lock/describe.js'
import { findLocks, personSubject, type Lock, type LockTargetKind } from '../../../src/core/lock/lock.js'

const now = Date.parse('2026-03-01T09:00:00Z')

function lock(kind: LockTargetKind, target: string, more: Partial<Lock> = {}): Lock {
  const name = `${kind}-${target}`
  return { name, target: { kind, name: target }, message: undefined, expiresAt: undefined, ...more }
}

const alice = { user: 'alice', roles: ['access', 'dba'], session: 's-1', token: 'ci' }

describe('which locks are in force', () => {
  test.each([
    ['user', 'alice'],
    ['role', 'dba'],
    ['session', 's-1'],
    ['token', 'ci'],
  ] as const)('a lock on %s %s hits it', (kind, name) => {
    expect(findLocks([lock(kind, name)], alice, now)).toHaveLength(1)
  })

  test('a lock on a connector hits its users, and no local user', () => {
    const locks = [lock('connector', 'okta')]
    const zoe = { name: 'zoe', roles: [], origin: { kind: 'connector', connector: 'okta' } } as const
    expect(findLocks(locks, personSubject(zoe), now)).toHaveLength(1)
    for (const origin of [{ kind: 'local' }, { kind: 'connector', connector: 'entra' }] as const) {
      expect(findLocks(locks, personSubject({ ...zoe, origin }), now)).toEqual([])
    }
  })

  test.each([
    ['user', 'Alice'],
    ['user', 'dba'],
    ['role', 'alice'],
    ['role', 'db'],
    ['session', 's-10'],
    ['token', 'alice'],
  ] as const)('a lock on %s %s does not', (kind, name) => {
    expect(findLocks([lock(kind, name)], alice, now)).toEqual([])
  })

  test('a subject without a session or a token is not hit by locks on those', () => {
    const locks = [lock('session', 's-1'), lock('token', 'ci'), lock('role', 'dba')]
    expect(findLocks(locks, { user: 'alice' }, now)).toEqual([])
  })

  test('a lock holds until its end and not at it', () => {
    const ending = lock('user', 'alice', { expiresAt: now })
    expect(findLocks([ending], alice, now - 1)).toEqual([ending])
    expect(findLocks([ending], alice, now)).toEqual([])
  })

  test('all that hit are told, sorted by name, however they were stored', () => {
    const locks = [lock('user', 'alice'), lock('session', 's-1'), lock('role', 'access'), lock('user', 'bob')]
    const names = (all: readonly Lock[]) => findLocks(all, alice, now).map(({ name }) => name)
    expect(names(locks)).toEqual(['role-access', 'session-s-1', 'user-alice'])
    expect(names([...locks].reverse())).toEqual(['role-access', 'session-s-1', 'user-alice'])
  })
})

describe('words about locks', () => {
  const until = lock('user', 'alice', { name: 'l', message: 'laptop stolen.', expiresAt: now })

  test('the audit message is the fixed one', () => {
    expect(lockAuditMessage(until)).toBe('lock targeting User:"alice" is in force')
    expect(lockAuditMessage(lock('role', 'dba'))).toBe('lock targeting Role:"dba" is in force')
    expect(lockAuditMessage(lock('session', 's'))).toBe('lock targeting Session:"s" is in force')
    expect(lockAuditMessage(lock('token', 'ci'))).toBe('lock targeting Token:"ci" is in force')
  })

  test('the reason names the lock, its target, its end and its message', () => {
    expect(lockReason(until)).toEqual({
      rule: 'lock',
      effect: 'deny',
      says: 'Lock "l" on user "alice" is in force until 2026-03-01T09:00:00.000Z: laptop stolen.',
    })
    expect(lockReason(lock('role', 'dba')).says).toBe(
      'Lock "role-dba" on role "dba" is in force until it is removed.',
    )
  })

  test('the person is told until when at the longest, and every message, and no name of a lock', () => {
    const endless = lock('role', 'dba', { message: 'audit of the databases' })
    expect(describeLockout([until])).toEqual([
      'Your account is locked until 2026-03-01T09:00:00.000Z.',
      'laptop stolen.',
    ])
    expect(describeLockout([until, endless])).toEqual([
      'A role that you hold is locked until an administrator lifts it.',
      'laptop stolen.',
      'audit of the databases',
    ])
  })

  test('whoever is locked is refused with those words; whoever is not, is not', () => {
    expect(() => assertUnlocked([])).not.toThrow()
    const thrown = ((): unknown => {
      try {
        assertUnlocked([until])
      } catch (error) {
        return error
      }
      return undefined
    })()
    if (!isCode(thrown, 'LOCKED')) throw new Error('expected LOCKED')
    expect(thrown.message).toBe(
      'your account is locked until 2026-03-01T09:00:00.000Z. laptop stolen. Ask an administrator if that is not right',
    )
    expect(thrown.status).toBe(403)
    expect(thrown.details).toEqual({ locks: ['l'] })
  })
})
