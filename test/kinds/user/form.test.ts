import { describe, expect, test } from 'vitest'
import { parseUserDocument } from '../../../src/kinds/user/form.js'

function userOf(spec: unknown, name = 'alice@example.com'): unknown {
  return { kind: 'user', version: 'v2', metadata: { name }, spec }
}

describe('a user document', () => {
  test('becomes a user', () => {
    const spec = { roles: ['access', 'access', 'dev'], traits: { team: 'sre', logins: null, empty: [] } }
    const { value, document } = parseUserDocument(userOf(spec))
    expect(value).toEqual({
      name: 'alice@example.com',
      roles: ['access', 'dev'],
      traits: { team: ['sre'] },
      origin: { kind: 'local' },
    })
    expect(parseUserDocument(document).document).toEqual(document)
  })

  test('names the connector that made it', () => {
    const spec = { created_by: { connector: { id: 'okta', type: 'saml' }, time: 'x' } }
    expect(parseUserDocument(userOf(spec)).value.origin).toEqual({ kind: 'connector', connector: 'okta' })
  })

  test('may have any letters that are seen', () => {
    for (const name of [
      'systems',
      'operator@example.com',
      'jos\u00e9',
      '\uc720\ub9ac',
      'z\u00fcl\u00e2l@example.com',
      'a\u0330b',
    ]) {
      expect(parseUserDocument(userOf({}, name)).value.name).toBe(name)
    }
  })

  test('without roles and traits is a user without any', () => {
    expect(parseUserDocument(userOf({ roles: null }, 'bob')).value).toMatchObject({ roles: [], traits: {} })
  })

  test.each<[string, unknown, string]>([
    [
      'a space in the name',
      userOf({}, 'alice b'),
      'metadata.name: the name of a user must not contain spaces',
    ],
    ['a path as name', userOf({}, '../etc'), 'metadata.name: must not contain slashes'],
    [
      'a name of 129 characters',
      userOf({}, 'x'.repeat(129)),
      'metadata.name: the name of a user must have at most 128',
    ],
    [
      'a zero width space in the name',
      userOf({}, 'ali\u200bce'),
      'metadata.name: must not contain slashes, control or',
    ],
    [
      'a variation selector in the name',
      userOf({}, 'alice\ufe0f'),
      'metadata.name: the name of a user must not contain invisible characters',
    ],
    [
      'a grapheme joiner in the name',
      userOf({}, 'al\u034fice'),
      'metadata.name: the name of a user must not contain invisible characters',
    ],
    [
      'a Hangul filler in the name',
      userOf({}, 'alice\u3164'),
      'metadata.name: the name of a user must not contain invisible characters',
    ],
    ['a decomposed name', userOf({}, 'jose\u0301'), 'metadata.name: must be in Unicode normal form C'],
    ...['system', 'operator', 'System', '\uff4fPERATOR', '\u017fystem'].map(
      (name): [string, unknown, string] => [
        `the name ${name}`,
        userOf({}, name),
        `metadata.name: "${name}" is reserved: the audit log names the gateway itself so`,
      ],
    ),
    ...['token\uff0fx', 'token\u2215x', 'token\u2044x', 'token\u29f8x', 'token\u2571x'].map(
      (name): [string, unknown, string] => [
        `the name ${name}`,
        userOf({}, name),
        'metadata.name: must not contain characters that look like a slash',
      ],
    ),
    [
      'a locked state',
      userOf({ status: { is_locked: true } }),
      'spec.status.is_locked: a user is locked by a resource of kind lock',
    ],
    [
      'an expiry',
      userOf({ expires: '2030-01-01T00:00:00Z' }),
      'spec.expires: expiry of a resource is not supported',
    ],
    ['an unknown field', userOf({ role: 'x' }), 'spec.role: this field is not known'],
    ['traits that are a list', userOf({ traits: ['x'] }), 'spec.traits: must be a map'],
    ['a trait that holds a map', userOf({ traits: { a: { b: 1 } } }), 'spec.traits.a: must be text'],
    ['an empty role', userOf({ roles: [''] }), 'spec.roles: the name of a role is empty'],
    ['another version', { ...(userOf({}) as object), version: 'v1' }, 'version: '],
  ])('with %s is refused', (_, document, expected) => {
    expect(() => parseUserDocument(document)).toThrow(expect.objectContaining({ code: 'INVALID_RESOURCE' }))
    expect(() => parseUserDocument(document)).toThrow(expected)
  })
})
