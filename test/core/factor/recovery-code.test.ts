import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatRecoveryCode,
  normaliseRecoveryCode,
  recoveryCodeBytes,
  writeRecoveryMail,
} from '../../../src/core/factor/recovery-code.js'

const bytes = fc.uint8Array({ minLength: recoveryCodeBytes, maxLength: recoveryCodeBytes })

describe('a recovery code', () => {
  test('carries every bit of its bytes, so that two codes are equal only where their bytes are', () => {
    // RFC 4648 §10, in lower case and groups.
    expect(formatRecoveryCode(Buffer.from('foobarfoob'))).toBe('mzxw-6ytb-ojtg-633c')
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const same = Buffer.from(one).equals(Buffer.from(other))
        expect(formatRecoveryCode(one) === formatRecoveryCode(other)).toBe(same)
      }),
    )
  })

  test('is the same however it is typed, and nothing else is one', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const code = formatRecoveryCode(given)
        const letters = code.replaceAll('-', '')
        expect(normaliseRecoveryCode(code)).toBe(letters)
        expect(normaliseRecoveryCode(` ${letters.toUpperCase()}\n`)).toBe(letters)
        expect(normaliseRecoveryCode(letters.slice(1))).toBeUndefined()
        expect(normaliseRecoveryCode(`${letters}a`)).toBeUndefined()
        expect(normaliseRecoveryCode(`1${letters.slice(1)}`)).toBeUndefined()
      }),
    )
  })
})

test('the mail says what to do, and a name begins no line and no element of its own', () => {
  const facts = { user: 'a<b>\nX: y', left: 1, address: '192.0.2.1', publicUrl: 'https://gw.example' }
  const { subject, text, html } = writeRecoveryMail({ ...facts, clusterName: 'acme\r\nBcc: x' })
  expect(subject).not.toMatch(/[\r\n]/)
  expect(text).toContain('1 recovery code is left.')
  expect(text).toContain('https://gw.example/settings')
  expect(text).not.toContain('\nX: y')
  expect(html).not.toContain('<b>')
})
