/** Which second factor is enough for which need: a table, and that more is always enough. */
import { describe, expect, test } from 'vitest'
import { mfaMethods } from '../../../src/core/mfa/proof.js'
import {
  canGive,
  factorNeeds,
  isHardwareKey,
  methodOf,
  needOf,
  strictestNeed,
  suffices,
} from '../../../src/core/mfa/strength.js'

describe('a need', () => {
  test.each([
    ['off', 'none'],
    ['session', 'factor'],
    ['hardware_key', 'hardware_key'],
    ['hardware_key_touch', 'hardware_key'],
    ['hardware_key_pin', 'hardware_key_pin'],
    ['hardware_key_touch_and_pin', 'hardware_key_pin'],
  ] as const)('of %s is %s', (mode, need) => {
    expect(needOf(mode)).toBe(need)
  })

  test('is met by these methods and no others', () => {
    const met = factorNeeds.map((need) => mfaMethods.filter((method) => suffices(method, need)))
    expect(met).toEqual([
      ['totp', 'passkey', 'hardware_key', 'hardware_key_pin'],
      ['totp', 'passkey', 'hardware_key', 'hardware_key_pin'],
      ['hardware_key', 'hardware_key_pin'],
      ['hardware_key_pin'],
    ])
    expect(factorNeeds.filter((need) => suffices('none', need))).toEqual(['none'])
  })

  test('of several is the strictest, and whoever meets it meets each', () => {
    for (const one of factorNeeds) {
      for (const other of factorNeeds) {
        const both = strictestNeed([one, other])
        for (const method of mfaMethods) {
          expect(suffices(method, both)).toBe(suffices(method, one) && suffices(method, other))
        }
      }
    }
    expect(strictestNeed([])).toBe('none')
  })

  test('can be given by whoever has what it takes', () => {
    const code = { any: true, hardwareKey: false }
    expect(factorNeeds.filter((need) => canGive(code, need))).toEqual(['none', 'factor'])
    expect(factorNeeds.filter((need) => canGive({ any: true, hardwareKey: true }, need))).toEqual(factorNeeds)
    expect(factorNeeds.filter((need) => canGive({ any: false, hardwareKey: false }, need))).toEqual(['none'])
  })
})

describe('a key', () => {
  const key = { attestation: 'trusted', backupEligible: false } as const
  test('counts as hardware where a maker whom the cluster believes vouched for it and it stays on its device', () => {
    expect(isHardwareKey(key, ['PEM'])).toBe(true)
    expect(isHardwareKey({ ...key, attestation: 'none' }, ['PEM'])).toBe(false)
    expect(isHardwareKey({ ...key, backupEligible: true }, ['PEM'])).toBe(false)
    expect(isHardwareKey(key, [])).toBe(false)
    expect(isHardwareKey(key, undefined)).toBe(false)
  })

  test('proves a PIN where it verified its person, and a passkey proves no more than itself', () => {
    expect(methodOf(true, true)).toBe('hardware_key_pin')
    expect(methodOf(true, false)).toBe('hardware_key')
    expect(methodOf(false, true)).toBe('passkey')
  })
})
