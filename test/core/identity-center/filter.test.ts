import { describe, expect, test } from 'vitest'
import { isCode } from '../../../src/core/error.js'
import { matchesFilters } from '../../../src/core/identity-center/filter.js'
import type { ResourceFilter } from '../../../src/core/identity-center/settings.js'

const prod = { id: '111111111111', name: 'prod-payments' }
const name = (pattern: string): ResourceFilter => ({ by: 'name', pattern })
const excludeName = (pattern: string): ResourceFilter => ({ by: 'excludeName', pattern })

describe('filters', () => {
  test.each<[string, readonly ResourceFilter[], boolean]>([
    ['none let everything in', [], true],
    ['an id that is its own', [{ by: 'id', id: '111111111111' }], true],
    ['a part of its id', [{ by: 'id', id: '1111' }], false],
    ['its name', [name('prod-payments')], true],
    ['a part of its name', [name('prod')], false],
    ['a glob', [name('prod-*')], true],
    ['a regular expression', [name('^prod-(payments|mobile)$')], true],
    ['another glob', [name('dev-*')], false],
    ['one of several inclusions', [name('dev-*'), name('prod-*')], true],
    ['only exclusions that do not match', [excludeName('dev-*')], true],
    ['an exclusion that matches', [excludeName('prod-*')], false],
    ['an exclusion after an inclusion', [name('*'), excludeName('prod-*')], false],
    ['an exclusion before an inclusion', [excludeName('prod-*'), name('*')], false],
    ['an exclusion by id against an inclusion by name', [name('*'), { by: 'excludeId', id: prod.id }], false],
    ['an exclusion of another id', [{ by: 'excludeId', id: '222222222222' }], true],
  ])('%s', (_, filters, expected) => {
    expect(matchesFilters(filters, prod)).toBe(expected)
    // The second answer comes from what was compiled for the first.
    expect(matchesFilters(filters, prod)).toBe(expected)
  })

  test('a thing whose name was not read is judged by its id', () => {
    expect(matchesFilters([name('prod-*')], { id: '1', name: '' })).toBe(false)
    expect(matchesFilters([{ by: 'id', id: '1' }], { id: '1', name: '' })).toBe(true)
  })

  test('a pattern that cannot be read lets nothing through quietly', () => {
    expect(() => matchesFilters([name('^($')], prod)).toThrow(
      expect.toSatisfy((error) => isCode(error, 'INVALID_MATCHER')),
    )
  })
})
