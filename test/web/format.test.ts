import { describe, expect, test } from 'vitest'
import {
  advisePassword,
  describeBrowser,
  formatCount,
  formatExact,
  formatRelative,
  formatWait,
  fromLocalInput,
  startUpper,
  toLocalInput,
} from '../../src/web/ui/format.js'

const now = Date.UTC(2026, 10, 22, 10, 41, 21)

describe('startUpper', () => {
  test.each([
    ['the request is old; start again', 'The request is old; start again'],
    ['äußere Zeichen', 'Äußere Zeichen'],
    ['"aws" is no application', '"aws" is no application'],
    ['Already a sentence', 'Already a sentence'],
    ['', ''],
  ])('%j starts as %j', (text, expected) => {
    expect(startUpper(text)).toBe(expected)
  })

  test.each(['app_labels has no value', 'dev@example.com is unknown', 'idp.saml.enabled is false'])(
    'an identifier stays as it is: %s',
    (text) => {
      expect(startUpper(text)).toBe(text)
    },
  )
})

describe('formatRelative', () => {
  test.each([
    [-5_000, 'just now'],
    [10_000, 'just now'],
    [45_000, 'in less than a minute'],
    [-60_000, '1 minute ago'],
    [-3_599_000, '59 minutes ago'],
    [-3_600_000, '1 hour ago'],
    [2 * 86_400_000, 'in 2 days'],
    [-45 * 86_400_000, '1 month ago'],
    [-400 * 86_400_000, '1 year ago'],
  ])('%d ms from now is "%s"', (offset, expected) => {
    expect(formatRelative(now + offset, now)).toBe(expected)
  })
})

test('the exact time names its zone', () => {
  expect(formatExact(now, 'UTC')).toBe('22 Nov 2026, 10:41:21 UTC')
})

test.each([
  [1, '1 second'],
  [45, '45 seconds'],
  [90, '2 minutes'],
  [240, '4 minutes'],
])('a wait of %d s is "%s", never shorter than it is', (seconds, expected) => {
  expect(formatWait(seconds)).toBe(expected)
})

test('counts take the plural', () => {
  expect(formatCount(1, 'event')).toBe('1 event')
  expect(formatCount(1200, 'event')).toBe('1,200 events')
})

describe('advisePassword', () => {
  test.each([
    ['short', '7 more to reach 12 characters.'],
    ['ivy-ivy-ivy-ivy-2026', 'It contains your user name, which others know.'],
    ['aaaabbbbaaaabbbb', 'Too few different characters; several words in a row work well.'],
    ['plainwordhere', 'Good. A few more words make it strong.'],
    ['correct horse battery', 'Strong. Let your password manager keep it.'],
  ])('on "%s" says "%s"', (password, advice) => {
    expect(advisePassword(password, 'ivy@example.com').advice).toBe(advice)
  })
})

test('a local date field gives back the instant that it shows, to the minute', () => {
  expect(fromLocalInput(toLocalInput('2026-11-22T10:41:00.000Z'))).toBe('2026-11-22T10:41:00.000Z')
})

test('a date field that is empty or not a date filters nothing', () => {
  expect(fromLocalInput('')).toBeUndefined()
  expect(toLocalInput('yesterday')).toBe('')
  expect(toLocalInput(undefined)).toBe('')
})

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
    'Edge on Windows',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1', 'Safari on iPhone'],
  ['curl/8.5.0', 'curl/8.5.0'],
  ['', 'Unknown browser'],
])('the browser "%s" is called %s', (userAgent, expected) => {
  expect(describeBrowser(userAgent)).toBe(expected)
})
