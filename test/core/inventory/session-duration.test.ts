import { expect, test } from 'vitest'
import { parseSessionDuration } from '../../../src/core/inventory/session-duration.js'
import { hour, minute, second } from '../../../src/core/time.js'

test.each([
  ['PT1H', hour],
  ['PT12H', 12 * hour],
  ['PT1H30M', hour + 30 * minute],
  ['PT90M', 90 * minute],
  ['PT3600S', hour],
  ['PT1H1M1S', hour + minute + second],
])('%s is read', (text, expected) => {
  expect(parseSessionDuration(text)).toBe(expected)
})

test.each([
  '',
  'PT',
  'PT0H',
  '1H',
  'P1D',
  'PT1',
  'PT1.5H',
  'PT-1H',
  'PT1M1H',
  'pt1h',
  'PT1H ',
  `PT${'9'.repeat(40)}H`,
])('"%s" says nothing', (text) => {
  expect(parseSessionDuration(text)).toBeUndefined()
})
