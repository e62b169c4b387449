/** @module How much of a requester's text a message repeats. */
import { describe, expect, test } from 'vitest'
import { maxQuotedLength, quoteEntityId, shorten } from '../../../src/core/saml/quote.js'

describe('a text of a requester', () => {
  test('is repeated whole to its limit, and cut with an ellipsis beyond', () => {
    expect(shorten('a'.repeat(maxQuotedLength))).toBe('a'.repeat(120))
    expect(shorten('a'.repeat(maxQuotedLength + 1))).toBe(`${'a'.repeat(119)}…`)
  })

  test('is never cut inside a character', () => {
    expect(shorten(`${'a'.repeat(118)}😀😀`)).toBe(`${'a'.repeat(118)}…`)
  })
})

describe('an entity ID', () => {
  test.each(['https://sp.example/saml', 'urn:amazon:webservices', 'spn:1-2_3'])(
    '%s is quoted',
    (entityId) => {
      expect(quoteEntityId(entityId)).toBe(`"${entityId}"`)
    },
  )

  test('that is long is quoted in part', () => {
    expect(quoteEntityId(`urn:${'a'.repeat(500)}`)).toBe(`"urn:${'a'.repeat(115)}…"`)
  })

  test.each([
    '',
    'Your account is locked, call 555 0100',
    'Note: call 555 0100',
    'urn:é',
    '1a:b',
    '<b>',
    ' urn:a',
  ])('%j is not repeated, being no URI', (entityId) => {
    expect(quoteEntityId(entityId)).toBe('(not a URI, so not repeated here)')
  })
})
