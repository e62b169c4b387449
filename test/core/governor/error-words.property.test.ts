import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOfRefusal } from '../../../src/core/governor/error-words.js'

test('whatever the other side says becomes one short line', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 3000 }), fc.anything()), (text) => {
      const words = wordsOfRefusal(text, 'nothing was said')
      expect(words.length).toBeLessThanOrEqual(400)
      expect(words).not.toBe('')
      expect(words).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    }),
  )
})

test('no token comes through, wherever it stands', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.-'.split('')
  const token = fc.string({ unit: fc.constantFrom(...letters), minLength: 80, maxLength: 900 })
  fc.assert(
    fc.property(fc.lorem(), token, fc.lorem(), (before, secret, after) => {
      const words = wordsOfRefusal(`${before} ${secret} ${after}`, '')
      expect(words).not.toContain(secret.slice(0, 80))
      expect(words).toContain('(left out)')
    }),
  )
})

test('what people need stays: account, action, ARN', () => {
  const text =
    'User: arn:aws:sts::111111111111:assumed-role/gatehouse/gatehouse is not authorized to perform: sso:ListPermissionSets ' +
    'on resource: arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d because no identity-based policy allows the action'
  expect(wordsOfRefusal(text, '')).toBe(text)
})
