import { describe, expect, test } from 'vitest'
import { network } from '../../../src/service/people/limits.js'
import { csrfToken, equalText, hashToken } from '../../../src/service/people/tokens.js'

describe('what counts as one address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['not an address', 'not an address'],
    ['', ''],
  ])('%s counts as %s', (address, unit) => {
    expect(network(address)).toBe(unit)
  })
})

describe('tokens', () => {
  test('the stored form is the base64url SHA-256', () => {
    expect(hashToken('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })

  test('the CSRF token belongs to one session and is not its cookie', () => {
    expect(csrfToken('one')).toBe(csrfToken('one'))
    expect(csrfToken('one')).not.toBe(csrfToken('two'))
    expect(csrfToken('one')).not.toBe(hashToken('one'))
  })

  test.each([
    ['same', 'same', true],
    ['', '', true],
    ['same', 'samf', false],
    ['same', 'sam', false],
    ['same', '', false],
  ])('%j and %j: %s', (one, other, equal) => {
    expect(equalText(one, other)).toBe(equal)
  })
})
