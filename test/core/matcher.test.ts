import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileRegex, matchesPieces, maxPatternLength, parseMatcher } from '../../src/core/matcher.js'

function matches(pattern: string, text: string): boolean {
  return parseMatcher(pattern, 'field').matches(text)
}

/** An independent matcher by the book: every way to spread the text over the stars. */
function bruteForce(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern.startsWith('*')) {
    return Array.from({ length: text.length + 1 }, (_, at) => text.slice(at)).some((rest) =>
      bruteForce(pattern.slice(1), rest),
    )
  }
  return text !== '' && text[0] === pattern[0] && bruteForce(pattern.slice(1), text.slice(1))
}

describe('literals and globs', () => {
  test.each([
    ['prod', 'prod', true],
    ['prod', 'production', false],
    ['prod', 'Prod', false],
    ['prod*', 'production', true],
    ['prod*', 'a production', false],
    ['*prod', 'preprod', true],
    ['a*b', 'ab', true],
    ['ab*ba', 'aba', false],
    ['*', '', true],
    ['*', 'line\nbreak', true],
    ['a*z', 'a\n\r\u2028z', true],
    ['a.c', 'abc', false],
    ['a+', 'aa', false],
    ['^prod', 'prod', false],
    ['^prod', '^prod', true],
    ['prod$', 'prod', false],
    ['arn:aws:sso:::permissionSet/*', 'arn:aws:sso:::permissionSet/ssoins-1/ps-2', true],
    ['arn:aws:sso:::permissionSet/*', 'arn:aws-cn:sso:::permissionSet/ssoins-1/ps-2', false],
  ])('the pattern %j on %j answers %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected)
  })

  test('a glob answers as a brute-force matcher does', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 8 })
    const texts = fc.array(fc.constantFrom('a', 'b', '\n'), { maxLength: 10 })
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        expect(matches(pattern.join(''), text.join(''))).toBe(bruteForce(pattern.join(''), text.join('')))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('regular expressions', () => {
  test.each([
    ['^prod-\\d+$', 'prod-12', true],
    ['^prod-\\d+$', 'prod-x', false],
    ['^a.b$', 'a\nb', false],
    ['^(?s)a.b$', 'a\nb', true],
    // As written: each branch is anchored on one side only.
    ['^test|staging$', 'testing', true],
    ['^test|staging$', 'pre-staging', true],
    ['^test|staging$', 'staging-2', false],
    ['^(test|staging)$', 'testing', false],
    ['^$', '', true],
    ['^$', 'x', false],
  ])('%s on %j answers %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected)
  })

  test.each([
    ['^(?=a)b$', 'Perl syntax'],
    ['^(a)\\1$', 'invalid escape'],
    ['^[$', 'missing closing'],
    ['^((a{100}){100}){100}$', 'repeat'],
    [`^${'(a|b|c|d){900}'.repeat(3)}$`, 'too large'],
    [`^${'a'.repeat(maxPatternLength)}$`, 'at most 1024'],
    ['', 'empty'],
  ])('the pattern %s is refused and named', (pattern, because) => {
    const parse = () => parseMatcher(pattern, 'spec.allow.app_labels.env')
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_MATCHER' }))
    expect(parse).toThrow(`spec.allow.app_labels.env: the pattern "${pattern.slice(0, 100)}`)
    expect(parse).toThrow(because)
  })

  test('compiled expressions are remembered, and forgotten again when there are many', () => {
    const first = compileRegex('^first$', 'f')
    expect(compileRegex('^first$', 'f')).toBe(first)
    for (let at = 0; at < 1024; at++) compileRegex(`^x${at}$`, 'f')
    expect(compileRegex('^first$', 'f')).not.toBe(first)
  })
})

describe('every pattern ends in linear time', () => {
  /** Shortest of several runs in milliseconds, so that a busy machine does not decide. */
  function time(work: () => unknown): number {
    const runs = Array.from({ length: 7 }, () => {
      const start = performance.now()
      work()
      return performance.now() - start
    })
    return Math.min(...runs)
  }

  const half = `${'a'.repeat(25)}b`
  test.each([
    ['^(a+)+$', 'a'],
    ['^(a|a)*b$', 'a'],
    ['^(.*)(.*)(.*)(.*)[^b]$', 'a'],
    ['^(a?){30}a{30}$', 'a'],
    [`${'a*'.repeat(400)}b`, 'a'],
    [`*${half}*${half}*c`, 'a'],
    [`*${'ab'.repeat(250)}c*${'ab'.repeat(250)}d`, 'ab'],
  ])('%s', (pattern, unit) => {
    const matcher = parseMatcher(pattern, 'field')
    const text = (length: number) => `${unit.repeat(length / unit.length)}!`
    matcher.matches(text(100_000))
    const small = time(() => matcher.matches(text(50_000)))
    const large = time(() => matcher.matches(text(400_000)))
    // Eight times the text: linear is 8, quadratic 64. The constant covers timers of short runs.
    expect(large).toBeLessThan(8 * small * 3 + 20)
  })

  test('a glob reads no character of the text twice while it looks for a piece', () => {
    let reads = 0
    const text = 'a'.repeat(5000)
    const whole = { length: text.length, startsWith: () => true, endsWith: () => true }
    const counted: unknown = new Proxy(whole, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) {
          reads++
          return text[Number(key)]
        }
        return Reflect.get(target, key) as unknown
      },
    })
    // Only what the matcher uses of a string is there, so that every read is counted.
    expect(matchesPieces(['', `${'a'.repeat(500)}b`, ''], counted as string)).toBe(false)
    expect(reads).toBeGreaterThan(text.length - 1)
    // One read for each comparison: at most one success and one fallback for each character, and the last look.
    expect(reads).toBeLessThan(3 * text.length)
  })
})
