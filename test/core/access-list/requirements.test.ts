/** What a list asks is bounded where it is written, and looking at a person costs no more than the person holds. */
import { describe, expect, test } from 'vitest'
import { noRequirements, type Requirements } from '../../../src/core/access-list/access-list.js'
import { whyNotWords } from '../../../src/core/access-list/judge-person.js'
import { findTooMuch } from '../../../src/core/access-list/limits.js'
import { asksForNothing, findMissing, meetsRequirements } from '../../../src/core/access-list/requirements.js'

const names = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`)
const traits = (count: number, values = 1) =>
  Object.fromEntries(names(count).map((name) => [name, names(values)]))

describe('what a list may ask', () => {
  test.each([
    ['100 roles', { ...noRequirements, roles: names(100) }, undefined],
    ['101 roles', { ...noRequirements, roles: names(101) }, 'asks for more than 100 roles'],
    ['50 traits', { ...noRequirements, traits: traits(50, 4) }, undefined],
    ['51 traits', { ...noRequirements, traits: traits(51) }, 'asks for more than 50 traits'],
    [
      '201 values',
      { ...noRequirements, traits: { a: names(101), b: names(100) } },
      'asks for more than 200 values of traits in all',
    ],
  ])('%s', (_, asked: Requirements, says) => {
    expect(findTooMuch(asked)).toBe(says)
  })
})

describe('a person and a list that asks for very much', () => {
  /** Counts how often a value that is asked for is looked at. */
  function counted(count: number): { readonly asked: Requirements; readonly looks: () => number } {
    let looks = 0
    const roles = new Proxy(names(count), {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1
        return Reflect.get(target, key, receiver)
      },
    })
    return { asked: { roles, traits: {} }, looks: () => looks }
  }

  test('is told the first that is missing, and that there is more', () => {
    const why = findMissing({ roles: names(30), traits: { team: ['a'] } }, { roles: ['n0'], traits: {} })
    expect(why).toEqual({ roles: names(21).slice(1), traits: [], more: true })
    expect(whyNotWords({ kind: 'missing', missing: why })).toMatch(/n20 and more$/)
    const few = findMissing({ roles: ['a'], traits: { t: ['x', 'y'] } }, { roles: [], traits: { t: ['x'] } })
    expect(few).toEqual({ roles: ['a'], traits: [{ trait: 't', values: ['y'] }] })
  })

  test('is looked at no longer than until the answer stands', () => {
    const { asked, looks } = counted(20_000)
    expect(meetsRequirements(asked, { roles: [], traits: {} })).toBe(false)
    expect(looks()).toBeLessThanOrEqual(2)
    findMissing(asked, { roles: [], traits: {} })
    expect(looks()).toBeLessThanOrEqual(25)
  })

  test('traits are put in order once for all people', () => {
    let reads = 0
    const asked = {
      roles: [],
      get traits() {
        reads += 1
        return traits(50)
      },
    }
    for (let person = 0; person < 10; person += 1) {
      expect(asksForNothing(asked)).toBe(false)
      expect(meetsRequirements(asked, { roles: [], traits: {} })).toBe(false)
    }
    expect(reads).toBe(1)
  })

  test('traits without values ask for nothing', () => {
    expect(asksForNothing({ roles: [], traits: { team: [] } })).toBe(true)
    expect(meetsRequirements({ roles: [], traits: { team: [] } }, { roles: [], traits: {} })).toBe(true)
  })
})
