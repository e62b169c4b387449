import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitsWildcard } from '../../../src/emulator/access/wildcard.js'

describe('wildcards', () => {
  test.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['?', 'a', true],
    ['?', '', false],
    ['?', 'ab', false],
    ['sso:List*', 'sso:ListInstances', true],
    ['sso:List*', 'sso:GetList', false],
    ['*Role', 'iam:PutRole', true],
    ['*Role', 'iam:PutRolePolicy', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXcXb', false],
    ['a*?c', 'ac', false],
    ['a**c', 'abc', true],
    ['a.c', 'abc', false],
    ['a', 'A', false],
    ['*b', 'a*b', true],
    ['a*', '*a', false],
  ])('%j fits %j: %s', (pattern, text, fits) => {
    expect(fitsWildcard(pattern, text)).toBe(fits)
  })

  test('a pattern made to be slow is not', () => {
    const began = process.cpuUsage()
    expect(fitsWildcard(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false)
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000)
  })

  test('agrees with the definition, spelled out by recursion', () => {
    const letters = (...from: string[]) => fc.array(fc.constantFrom(...from), { maxLength: 7 })
    fc.assert(
      fc.property(letters('a', 'b', '*', '?'), letters('a', 'b', '*'), (pattern, text) => {
        expect(fitsWildcard(pattern.join(''), text.join(''))).toBe(defined(pattern, text))
      }),
      { numRuns: 2000 },
    )
  })
})

function defined([first, ...pattern]: string[], text: string[]): boolean {
  if (first === undefined) return text.length === 0
  if (first === '*')
    return text.some((_, index) => defined(pattern, text.slice(index))) || defined(pattern, [])
  return text.length > 0 && (first === '?' || first === text[0]) && defined(pattern, text.slice(1))
}
