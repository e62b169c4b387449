import { expect, test } from 'vitest'
import { parseTraits } from '../../src/web/forms/parse-traits.js'

test('reads a trait a line, values by comma, names joined', () => {
  expect(parseTraits('team: platform, security\n\ncost centre: 4711\nteam: platform, on-call')).toEqual({
    ok: true,
    traits: { team: ['platform', 'security', 'on-call'], 'cost centre': ['4711'] },
  })
})

test('keeps colons that belong to a value', () => {
  expect(parseTraits('arn: arn:aws:iam::123456789012:role/x')).toEqual({
    ok: true,
    traits: { arn: ['arn:aws:iam::123456789012:role/x'] },
  })
})

test.each([
  ['team', 'Line 1: write "name: value, value".'],
  ['a: b\n: c', 'Line 2: write "name: value, value".'],
  ['team: ,', 'Line 1: "team" has no value.'],
])('says which line is wrong in %j', (text, problem) => {
  expect(parseTraits(text)).toEqual({ ok: false, problem })
})
