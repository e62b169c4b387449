import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../src/core/sha256.js'

const known = (text: string) =>
  createHash('sha256').update(Buffer.from(text, 'utf16le').swap16()).digest('hex')

test('is SHA-256 of the UTF-16 units, for every length around a block', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'aé✓'.repeat(67).slice(0, length)
    expect(sha256(text)).toBe(known(text))
  }
})

test('is SHA-256 of any text, halves of characters too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => sha256(text) === known(text)),
  )
  expect(sha256('\ud800')).not.toBe(sha256('\ufffd'))
})
