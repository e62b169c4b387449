import { describe, expect, test } from 'vitest'
import type { Lock } from '../../../src/core/lock/lock.js'
import { decideSamlAccess } from '../../../src/core/role/saml-access.js'
import { describeRefusal } from '../../../src/core/saml/refusal.js'
import { buildInput, buildRole, identityCenterSelector, preference } from '../role/build.js'

const allowing = buildRole('access', 'v8', { allowLabels: identityCenterSelector })
const lock: Lock = {
  name: 'stolen',
  target: { kind: 'session', name: 's-1' },
  message: 'call us',
  expiresAt: Date.parse('2026-03-01T09:00:00Z'),
}

describe('a sign-in to an application under a lock', () => {
  test('is refused although the roles allow it, with the exact text for the log', () => {
    expect(decideSamlAccess(buildInput([allowing])).effect).toBe('allow')
    expect(decideSamlAccess(buildInput([allowing], { locks: [lock] }))).toMatchObject({
      effect: 'deny',
      because: 'locked',
      auditMessage: 'lock targeting Session:"s-1" is in force',
      reasons: [{ rule: 'lock', effect: 'deny' }, { role: 'access' }],
    })
  })

  test('is refused as locked whatever else would refuse it', () => {
    const off = { ...preference, samlIdpEnabled: false }
    const denied = decideSamlAccess(buildInput([], { locks: [lock], preference: off }))
    expect(denied).toMatchObject({ effect: 'deny', because: 'locked' })
  })

  test('the person reads until when and why, and no name of a lock or a role', () => {
    const denied = decideSamlAccess(buildInput([allowing], { locks: [lock] }))
    if (denied.effect !== 'deny') throw new Error('expected a refusal')
    expect(describeRefusal(denied, 'AWS')).toEqual({
      title: 'You are locked out',
      reasons: ['This session is locked until 2026-03-01T09:00:00.000Z.', 'call us'],
      advice: ['Ask an administrator if that is not right. No role of yours can lift a lock.'],
    })
  })
})
