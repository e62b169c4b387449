import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readClaims, readUsername } from '../../../src/core/connector/claims.js'
import { decideLink, describeLinkRefusal, linkRefusalForPerson } from '../../../src/core/connector/link.js'
import { mapRoles } from '../../../src/core/connector/map-roles.js'
import type { User } from '../../../src/core/user/user.js'

const line = (value: string, ...roles: string[]) => ({ claim: 'groups', value, roles })
const rolesOf = (value: string, roles: string[], groups: string[]) =>
  mapRoles([line(value, ...roles)], { groups }).roles

describe('roles from claims', () => {
  test.each([
    ['platform', ['a'], ['platform', 'x'], ['a']],
    ['platform', ['a'], ['platform2', 'Platform'], []],
    ['*', ['a'], ['anything', ''], ['a']],
    ['aws-*', ['$1'], ['aws-dev', 'aws-ops', 'gcp-x'], ['dev', 'ops']],
    ['*-*', ['${2}-of-${1}'], ['a-b'], ['b-of-a']],
    ['^aws-(?P<name>[a-z]+)$', ['${name}'], ['aws-dev', 'aws-X'], ['dev']],
    ['^x|y$', ['r'], ['x and more', 'z'], ['r']],
    // Only what the pattern took, and nothing that stands beside it.
    ['^admin|ops$', ['r-$0'], ['admin; drop'], ['r-admin']],
    ['a.c', ['r'], ['abc'], []],
    ['aws-*', ['$2', '$1$$'], ['aws-dev'], ['dev$']],
    ['aws-*', ['$1'], ['aws-'], []],
  ])('%s gives %j for %j', (value, roles, groups, expected) => {
    expect(rolesOf(value, roles, groups)).toEqual(expected)
  })

  test('every line is told, with what it took', () => {
    const { lines } = mapRoles([line('a*', 'r'), line('b', 's')], { groups: ['a1', 'a2'] })
    expect(lines.map(({ matched, given }) => [matched, given])).toEqual([
      [['a1', 'a2'], ['r']],
      [[], []],
    ])
  })

  test('a claim named like something inherited is not there', () => {
    expect(mapRoles([{ claim: 'constructor', value: '*', roles: ['r'] }], {}).roles).toEqual([])
  })

  test('a line without captures gives its own roles and no other, whatever the claims say', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string({ minLength: 1 }), (groups, value) => {
        fc.pre(!value.startsWith('^'))
        return rolesOf(value, ['only'], groups).every((role) => role === 'only')
      }),
    )
  })
})

describe('claims', () => {
  test('are lists of text, without what serves the protocol alone', () => {
    const claims = {
      iss: 'x',
      aud: 'y',
      nonce: 'z',
      sub: '1',
      groups: ['a', 7, { b: 1 }, ['c']],
      admin: true,
      empty: '',
    }
    expect(readClaims(claims)).toEqual({ sub: ['1'], groups: ['a', '7'], admin: ['true'] })
  })

  test.each([
    [{ email: 'a@b' }, false],
    [{ email: 'a@b', email_verified: false }, false],
    [{ email: 'a@b', email_verified: 1 }, false],
    [{ email: ['a@b'], email_verified: true }, false],
    [{ email: 'a@b', email_verified: true }, true],
    [{ email: 'a@b', email_verified: 'true' }, true],
  ])('the mail address of %j is the name only where it is verified', (claims, taken) => {
    const rules = { usernameClaim: 'email', allowsUnverifiedEmail: false }
    expect('username' in readUsername(claims, rules)).toBe(taken)
  })
})

describe('whom an identity signs in', () => {
  const okta = { name: 'okta', createsUsers: true, scimExternalIdClaim: undefined }
  const said = { username: 'zoe', claims: {} }
  const origins: fc.Arbitrary<User['origin']> = fc.oneof(
    fc.constant({ kind: 'local' } as const),
    fc.constantFrom('okta', 'azure').map((connector) => ({ kind: 'connector', connector }) as const),
  )
  const users = origins.map((origin): User => ({ name: 'zoe', roles: [], traits: {}, origin }))

  test('never a user of another origin, and never one that another subject is', () => {
    fc.assert(
      fc.property(
        fc.option(users, { nil: undefined }),
        fc.option(
          fc.record({
            user: users,
            boundSubject: fc.option(fc.constant('other'), { nil: undefined }),
            pushed: fc.constant(undefined),
          }),
          {
            nil: undefined,
          },
        ),
        (bound, sameName) => {
          const verdict = decideLink(okta, said, { bound, sameName })
          if (verdict.effect !== 'sign_in') return
          expect(verdict.user.origin).toEqual({ kind: 'connector', connector: 'okta' })
          if (verdict.binds) expect(sameName?.boundSubject).toBeUndefined()
        },
      ),
    )
  })

  test('a binding wins over the name', () => {
    const bound: User = {
      name: 'old',
      roles: [],
      traits: {},
      origin: { kind: 'connector', connector: 'okta' },
    }
    const local: User = { ...bound, name: 'zoe', origin: { kind: 'local' } }
    const known = { bound, sameName: { user: local, boundSubject: undefined, pushed: undefined } }
    expect(decideLink(okta, said, known)).toEqual({
      effect: 'sign_in',
      user: bound,
      binds: false,
      calledNow: 'zoe',
    })
  })

  describe('a user whom the directory pushed, where the connector names a claim for the external id', () => {
    const strict = { ...okta, scimExternalIdClaim: 'oid' }
    const user: User = {
      name: 'zoe',
      roles: [],
      traits: {},
      origin: { kind: 'connector', connector: 'okta' },
    }
    const decide = (
      claims: Record<string, readonly string[]>,
      pushed: { readonly externalId: string | undefined } | undefined,
      connector: typeof strict | typeof okta = strict,
    ) => {
      const known = { bound: undefined, sameName: { user, boundSubject: undefined, pushed } }
      const verdict = decideLink(connector, { username: 'zoe', claims }, known)
      if (verdict.effect === 'refuse') {
        // Whoever reads the log learns which of the two to look at; the person does not.
        expect(describeLinkRefusal(verdict.why, 'zoe', verdict.other, strict)).toContain('"oid"')
        expect(linkRefusalForPerson(verdict.why)).toBe('this name is taken; ask an administrator')
        return verdict.why
      }
      return verdict.effect === 'sign_in' ? verdict.bindsBy : verdict.effect
    }

    test.each([
      ['the same id', { oid: ['7'] }, '7', 'external_id'],
      ['another id', { oid: ['8'] }, '7', 'external_id_differs'],
      ['the id in other capitals', { oid: ['A'] }, 'a', 'external_id_differs'],
      ['no claim', {}, '7', 'external_id_not_said'],
      ['the id among several', { oid: ['8', '7'] }, '7', 'external_id_not_said'],
      ['an empty claim against an empty id', { oid: [''] }, '', 'external_id_not_pushed'],
      ['no id of the directory', { oid: ['7'] }, undefined, 'external_id_not_pushed'],
    ])('%s', (_, claims, externalId, verdict) => {
      expect(decide(claims, { externalId })).toBe(verdict)
    })

    test('a claim named like something inherited is not there', () => {
      const connector = { ...okta, scimExternalIdClaim: 'constructor' }
      const known = {
        bound: undefined,
        sameName: { user, boundSubject: undefined, pushed: { externalId: 'x' } },
      }
      expect(decideLink(connector, said, known)).toMatchObject({ why: 'external_id_not_said' })
    })

    test('without the claim in the connector, and for a user whom no directory pushed, the name binds', () => {
      expect(decide({ oid: ['8'] }, { externalId: '7' }, okta)).toBe('name')
      expect(decide({}, undefined)).toBe('name')
    })
  })
})
