import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseScimBaseUrl } from '../../../src/core/identity-center/scim-base-url.js'
import {
  filterOf,
  parseGroup,
  parseList,
  parseUser,
  userBody,
  userPatch,
} from '../../../src/scim/client/resources.js'

const attributes = fc.record({
  userName: fc.string(),
  displayName: fc.string(),
  givenName: fc.string(),
  familyName: fc.string(),
  email: fc.option(fc.string(), { nil: undefined }),
})

test('parsers of answers answer or throw an Error, whatever comes', () => {
  const shaped = fc.record({
    id: fc.anything(),
    userName: fc.anything(),
    name: fc.anything(),
    emails: fc.anything(),
  })
  fc.assert(
    fc.property(fc.oneof(fc.anything(), shaped), (value) => {
      for (const parse of [parseUser, parseGroup, parseList]) {
        try {
          parse(value)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
          expect(error).not.toBeInstanceOf(TypeError)
        }
      }
    }),
  )
})

test('no empty text is ever sent, and every operation names its path', () => {
  fc.assert(
    fc.property(attributes, fc.boolean(), fc.string(), (user, active, externalId) => {
      const { userName: _required, ...body } = userBody({ attributes: user, active, externalId }) as Record<
        string,
        unknown
      >
      expect(JSON.stringify(body)).not.toMatch(/":""/)
      for (const { op, path, value } of userPatch(user)) {
        expect(path).not.toBe('')
        if (op === 'replace') expect(JSON.stringify(value)).not.toMatch(/^""$|":""/)
      }
    }),
  )
})

test('a filter holds its value and nothing else, whatever the value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const url = new URL(`https://scim.example/Users?${filterOf('userName', value)}&count=100`)
      const filter = url.searchParams.get('filter') ?? ''
      expect(JSON.parse(filter.slice('userName eq '.length))).toBe(value)
      expect(url.searchParams.get('count')).toBe('100')
    }),
  )
})

test('a base URL that is taken without a person names a host of AWS', () => {
  const parts = [
    'https://',
    'http://',
    'scim.',
    'eu-central-1',
    '.amazonaws.com',
    '.api.aws',
    '@',
    '/',
    '#',
    '?',
    ':',
    '\\',
    'evil.example',
    '/t/scim/v2',
    '%2e',
    ' ',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 10 }), (chosen) => {
      const result = parseScimBaseUrl(chosen.join(''), { allowOtherHost: false })
      if (!result.ok) return
      expect(new URL(result.url).hostname).toMatch(/^scim\.[a-z0-9-]+\.(?:amazonaws\.com|api\.aws)$/)
      expect(result.url).toMatch(/^https:\/\/[^/@?#]+\/.*\/scim\/v2\/$/)
    }),
    { numRuns: 2000 },
  )
})
