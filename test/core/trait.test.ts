import { describe, expect, test } from 'vitest'
import { listTrait, mergeTraits, normaliseTraits } from '../../src/core/trait.js'

describe('traits', () => {
  test('single texts become lists; empty and repeated values and empty traits are gone', () => {
    expect(normaliseTraits({ team: ['sre', '', 'sre', 'dev'], mail: 'a@b.c', none: [], blank: '' })).toEqual({
      mail: ['a@b.c'],
      team: ['sre', 'dev'],
    })
  })

  test('merging joins the values of a trait', () => {
    expect(mergeTraits({ team: ['sre'] }, { team: ['dev', 'sre'], site: ['b'] })).toEqual({
      site: ['b'],
      team: ['sre', 'dev'],
    })
  })

  test('a trait is an own property only', () => {
    expect(listTrait({}, 'constructor')).toEqual([])
    expect(listTrait({}, '__proto__')).toEqual([])
    expect(listTrait(normaliseTraits({ constructor: ['x'] }), 'constructor')).toEqual(['x'])
  })
})
