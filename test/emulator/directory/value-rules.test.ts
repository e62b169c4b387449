import { describe, expect, test } from 'vitest'
import {
  externalIdRule,
  groupNameRule,
  idRule,
  isWithin,
  textRule,
  userNameRule,
  type TextRule,
} from '../../../src/emulator/directory/value-rules.js'

describe('values', () => {
  test.each<[string, TextRule, string]>([
    ['a user name with letters, marks, symbols, numbers and punctuation', userNameRule, 'é+ñ_1@例え.jp€'],
    ['a user name of 128 characters beyond the first plane', userNameRule, '𝒜'.repeat(128)],
    ['an external id of 256 characters', externalIdRule, 'x'.repeat(256)],
    ['a text with every space there is', textRule, 'a b\tc\nd\re\u00a0f\u3000g'],
    ['a group name with a no-break space', groupNameRule, 'a\u00a0b'],
    ['an id of today', idRule, '5418a458-c0a1-7066-bdd4-0a6f1e2b9c01'],
    ['an id of an older store', idRule, '9067729b3d-94f1e0b3-5f0c-4d8e-9a3e-0a6f1e2b9c03'],
  ])('take %s', (_name, rule, value) => {
    expect(isWithin(rule, value)).toBe(true)
  })

  test.each<[string, TextRule, string]>([
    ['an empty user name', userNameRule, ''],
    ['a user name with a space', userNameRule, 'a b'],
    ['a user name with a no-break space', userNameRule, 'a\u00a0b'],
    ['a user name with a space at its end', userNameRule, 'a '],
    ['a user name of 129 characters', userNameRule, 'x'.repeat(129)],
    ['an external id of 257 characters', externalIdRule, 'x'.repeat(257)],
    ['an external id with a line end', externalIdRule, 'a\n'],
    ['a text with a control character', textRule, 'a\u0000'],
    ['a text with a lone surrogate', textRule, 'a\ud800'],
    ['a text of 1025 characters', textRule, 'x'.repeat(1025)],
    ['a text of many characters', textRule, 'x'.repeat(1_000_000)],
    ['a group name with an ideographic space', groupNameRule, 'a\u3000b'],
    ['an id with something before it', idRule, '/5418a458-c0a1-7066-bdd4-0a6f1e2b9c01'],
    ['an id with half a prefix', idRule, '9067-94f1e0b3-5f0c-4d8e-9a3e-0a6f1e2b9c03'],
  ])('refuse %s', (_name, rule, value) => {
    expect(isWithin(rule, value)).toBe(false)
  })
})
