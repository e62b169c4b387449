import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loosens, meetsRequirements } from '../../../src/core/access-list/requirements.js'

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'))
const holdings = fc.record({
  roles: names,
  // `Object.fromEntries` makes own members of every name.
  traits: fc
    .uniqueArray(fc.tuple(fc.constantFrom('team', 'site', '__proto__', 'toString'), names), {
      selector: ([trait]) => trait,
    })
    .map((entries) => Object.fromEntries(entries)),
})

test('what loosens nothing lets nobody in who was not in before', () => {
  fc.assert(
    fc.property(holdings, holdings, holdings, (before, after, person) => {
      if (!loosens(before, after) && meetsRequirements(after, person))
        expect(meetsRequirements(before, person)).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

test('what loosens lets somebody in: whoever has no more than it asks for', () => {
  fc.assert(
    fc.property(holdings, holdings, (before, after) => {
      expect(meetsRequirements(after, after)).toBe(true)
      expect(loosens(before, after)).toBe(!meetsRequirements(before, after))
    }),
    { numRuns: 5000 },
  )
})

test('asking for the same or for more loosens nothing, and taking anything away does', () => {
  fc.assert(
    fc.property(holdings, holdings, (some, more) => {
      const both = {
        roles: [...new Set([...some.roles, ...more.roles])],
        traits: Object.fromEntries(
          [...new Set([...Object.keys(some.traits), ...Object.keys(more.traits)])].map((trait) => {
            const of = (one: typeof some) =>
              Object.hasOwn(one.traits, trait) ? (one.traits[trait] ?? []) : []
            return [trait, [...new Set([...of(some), ...of(more)])]]
          }),
        ),
      }
      expect(loosens(some, both)).toBe(false)
      expect(loosens(both, { ...both, roles: both.roles.slice(1) })).toBe(both.roles.length > 0)
    }),
  )
})
