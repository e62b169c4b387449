import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { digestKeys, keyOf } from '../../../src/core/plan/keys.js'

test('a digest of keys does not depend on their order, and tells any other set apart', () => {
  expect(digestKeys(['a', 'b'])).toBe(digestKeys(['b', 'a']))
  expect(digestKeys(['a', 'b'])).not.toBe(digestKeys(['a']))
  expect(digestKeys(['a\nb'])).not.toBe(digestKeys(['a', 'b']))
})

test('a digest is one for which nobody can make a second set of keys: SHA-256', () => {
  expect(digestKeys([])).toBe(
    createHash('sha256').update(Buffer.from('[]', 'utf16le').swap16()).digest('hex'),
  )
})

test('a removal of other members, or of the same from another list, has another key', () => {
  const base = {
    kind: 'members.remove',
    list: 'a',
    awsId: 'g',
    members: [{ by: 'name', name: 'ann' }],
  } as const
  expect(keyOf(base)).toBe(keyOf({ ...base }))
  expect(keyOf({ ...base, members: [{ by: 'id', awsUserId: 'ann', name: 'ann' }] })).not.toBe(keyOf(base))
  expect(keyOf({ ...base, list: 'b' })).not.toBe(keyOf(base))
})
