/** Filters of SCIM: what they mean, that they are read within bounds, and that no text breaks the reader. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { equalities, matchesFilter, parseFilter } from '../../../src/core/scim/filter.js'
import { createScimServer } from '../../../src/scim/server/schemas.js'

const { userType } = createScimServer()
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const ada = {
  id: 'A1',
  userName: 'Ada@example.com',
  externalId: 'Ext',
  active: true,
  title: 'a and (b or "c")',
  name: { givenName: 'Ada' },
  emails: [
    { type: 'work', value: 'ada@work.example', primary: true },
    { type: 'home', value: 'ada@home.example' },
  ],
  [enterprise]: { department: 'Engines', manager: { value: 'byron' } },
  meta: { lastModified: '2026-03-01T09:00:00Z' },
}
const meets = (filter: string) => matchesFilter(parseFilter(userType, filter), ada)

test.each([
  ['userName eq "ada@EXAMPLE.com"', true],
  ['USERNAME Eq "ada@example.com"', true],
  ['externalId eq "ext"', false],
  ['externalId eq "Ext"', true],
  ['active eq true', true],
  ['active eq "True"', true],
  ['active eq false', false],
  ['userName ne "ada@example.com"', false],
  ['nickName ne "x"', true],
  ['title co "(B or"', true],
  ['title co "and (b or \\"c\\")"', true],
  ['userName sw "ada" and userName ew ".com"', true],
  ['nickName pr', false],
  ['emails pr', true],
  ['not (nickName pr) and name.givenName eq "ada"', true],
  // Not of an or is neither (RFC 7644 3.4.2.2); a reader that takes texts for filters gets it wrong.
  ['not (userName pr or nickName pr)', false],
  ['nickName pr or userName pr and active eq false', false],
  ['(nickName pr or userName pr) and active eq true', true],
  ['emails[type eq "work" and value co "@work"]', true],
  ['emails[type eq "home" and value co "@work"]', false],
  ['emails.value eq "ada@home.example"', true],
  ['emails co "home.example"', true],
  ['emails.type eq "other"', false],
  [`${enterprise}:department eq "engines"`, true],
  [`${enterprise}:manager.value eq "byron"`, true],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName pr', true],
  ['meta.lastModified gt "2026-03-01T08:59:59.000Z"', true],
  ['meta.lastModified le "2026-03-01T10:00:00+01:00"', true],
  ['meta.lastModified lt "2026-03-01T10:00:00+01:00"', false],
  ['title eq null', false],
  ['nickName eq null', true],
])('%s is %s', (filter, expected) => {
  expect(meets(filter)).toBe(expected)
})

test('names what has to be equal, for the index, and nothing that only may be', () => {
  const named = (filter: string) => equalities(parseFilter(userType, filter))
  expect(named('userName eq "a" and active eq true')).toEqual([
    { name: 'userName', value: 'a' },
    { name: 'active', value: true },
  ])
  expect(named('userName eq "a" or externalId eq "b"')).toEqual([])
  expect(named('not (userName eq "a")')).toEqual([])
  expect(named('name.givenName eq "a"')).toEqual([])
})

test('no text makes the reader fail in another way than by saying what is wrong', () => {
  const words = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '"',
    '\\',
    'and',
    'or',
    'not',
    'eq',
    'pr',
    'userName',
    'emails',
    '.',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(words, fc.string({ maxLength: 3 }))).map((all) => all.join(' ')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      try {
        matchesFilter(parseFilter(userType, text), ada)
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError)
        expect((error as GatewayError).details).toEqual({ scimType: 'invalidFilter' })
      }
    }),
  )
})

test('any text in quotes is that text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100, unit: 'binary' }), (text) => {
      const filter = parseFilter(userType, `title eq ${JSON.stringify(text)}`)
      expect(matchesFilter(filter, { title: text })).toBe(true)
      expect(matchesFilter(filter, { title: `${text}x` })).toBe(false)
    }),
  )
})
