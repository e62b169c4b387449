/** When a key file is too open to be used. */
import { expect, test } from 'vitest'
import { isKeyFileOpen } from '../../src/core/master-key.js'

test.each([
  ['its owner alone', 0o600, 10001, 10001, false],
  ['its group', 0o640, 10001, 10001, true],
  ['a group that root gave it to, as systemd and Kubernetes do', 0o440, 0, 10001, false],
  ['the same, asked by root itself', 0o440, 0, 0, true],
  ['the same, where the system has no such numbers', 0o440, 0, undefined, true],
  ['a group that may also write', 0o660, 0, 10001, true],
  ['everybody, though root gave it', 0o444, 0, 10001, true],
  ['another user with a group', 0o440, 1000, 10001, true],
])('a key file for %s', (_, mode, owner, reader, open) => {
  expect(isKeyFileOpen({ mode: 0o100000 | mode, owner, reader })).toBe(open)
})
