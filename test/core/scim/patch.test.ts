/** PATCH of SCIM: laws that hold for any of them. The shapes of Okta and Entra are in `test/http/scim/shapes.test.ts`. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { normalizeResource } from '../../../src/core/scim/normalize.js'
import { applyPatch } from '../../../src/core/scim/patch.js'
import { createScimServer } from '../../../src/scim/server/schemas.js'

const { userType, groupType } = createScimServer()
const patch = (...Operations: object[]) => ({ Operations })

const group = () => ({ displayName: 'Engines', members: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] })

describe('members', () => {
  const valuesOf = (resource: object) =>
    ('members' in resource ? (resource.members as { value: string }[]) : []).map(({ value }) => value)

  test('adding and taking out come to sets, in any order and however often', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
    const steps = fc.array(fc.record({ op: fc.constantFrom('add', 'Remove', 'REPLACE'), ids }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(steps, (all) => {
        const expected = new Set(['a', 'b', 'c'])
        for (const { op, ids: given } of all) {
          if (op === 'REPLACE') expected.clear()
          for (const id of given) {
            if (op === 'Remove') expected.delete(id)
            else expected.add(id)
          }
        }
        const operations = all.map(({ op, ids: given }) => ({
          op,
          path: 'members',
          value: given.map((value) => ({ value })),
        }))
        expect(new Set(valuesOf(applyPatch(groupType, group(), patch(...operations))))).toEqual(expected)
      }),
    )
  })

  test('what was given stays as it was', () => {
    const before = group()
    applyPatch(groupType, before, patch({ op: 'remove', path: 'members[value eq "a"]' }))
    expect(before).toEqual(group())
  })

  test('taking out nobody takes out nobody', () => {
    for (const value of [[], [{ value: 'none' }]])
      expect(
        valuesOf(applyPatch(groupType, group(), patch({ op: 'remove', path: 'members', value }))),
      ).toHaveLength(3)
    expect(valuesOf(applyPatch(groupType, group(), patch({ op: 'remove', path: 'members' })))).toEqual([])
  })
})

test('no JSON makes it fail in another way than by saying what is wrong, or write what no schema has', () => {
  const path = fc.oneof(
    fc.constantFrom(
      'emails[type eq "work"].value',
      'name.givenName',
      'emails',
      'active',
      'name',
      '__proto__',
      'a[b]',
    ),
    fc.string(),
  )
  const operation = fc.record(
    { op: fc.constantFrom('add', 'replace', 'remove', 'other'), path, value: fc.jsonValue() },
    { requiredKeys: ['op'] },
  )
  const known = new Set([
    'id',
    'externalId',
    ...userType.schema.attributes.map(({ name }) => name),
    ...userType.extensions.map(({ id }) => id),
  ])
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      try {
        const after = applyPatch(
          userType,
          { userName: 'a', emails: [{ value: 'a@example.com' }] },
          patch(...operations),
        )
        for (const name of Object.keys(after)) expect(known).toContain(name)
        // What is kept is what would be read from it again.
        expect(normalizeResource(userType, JSON.parse(JSON.stringify(after)))).toEqual(after)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        expect(error.code).toBe('INVALID_SCIM')
      }
    }),
  )
})

test('operations that would go over thousands of values thousands of times are refused, as are lists that outgrow', () => {
  const members = Array.from({ length: 20_000 }, (_, i) => ({ value: `id-${i}` }))
  const patch = (resource: object, operation: object, times: number) => () =>
    applyPatch(groupType, { displayName: 'x', ...resource }, { Operations: Array(times).fill(operation) })
  const filter = Array.from({ length: 25 }, (_, i) => `value eq "no-${i}"`).join(' or ')
  const remove = { op: 'remove', path: `members[${filter}]` }
  expect(patch({ members }, remove, 7)).toThrow('send fewer at once')
  expect(patch({ members }, { op: 'add', value: { members: [{ value: 'id-1' }] } }, 200)).toThrow(
    'send fewer',
  )
  expect(patch({ members }, { op: 'add', path: 'members', value: [{ value: 'new' }] }, 1)).toThrow(
    'members takes at most 20000 values',
  )
  expect(patch({ members }, { op: 'add', path: 'members', value: [{ value: 'id-1' }] }, 1)).not.toThrow()
})
