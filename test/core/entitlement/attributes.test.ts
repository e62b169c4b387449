import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDisplayText, judgeAttributes } from '../../../src/core/entitlement/attributes.js'

describe('attributes of a user', () => {
  test('come from traits, whichever of the usual names they have', () => {
    const traits = { given_name: ['Ann'], lastname: ['Lee'], email: ['ann@example.com'] }
    expect(judgeAttributes('ann', traits)).toEqual({
      attributes: {
        userName: 'ann',
        givenName: 'Ann',
        familyName: 'Lee',
        displayName: 'Ann Lee',
        email: 'ann@example.com',
      },
      guessed: ['displayName'],
      problem: undefined,
    })
  })
  test('are made of the name where traits say nothing', () => {
    expect(judgeAttributes('ann.van-dyk@example.com', {}).attributes).toEqual({
      userName: 'ann.van-dyk@example.com',
      givenName: 'Ann',
      familyName: 'Van Dyk',
      displayName: 'Ann Van Dyk',
      email: 'ann.van-dyk@example.com',
    })
    expect(judgeAttributes('ann', { email: ['not an address'] }).attributes).toMatchObject({
      givenName: 'Ann',
      familyName: 'Ann',
      email: undefined,
    })
  })
  test('what no trait says is told apart', () => {
    expect(judgeAttributes('ann@example.com', {}).guessed).toEqual([
      'givenName',
      'familyName',
      'displayName',
      'email',
    ])
    const traits = { given_name: ['A'], sn: ['B'], name: ['C'], mail: ['a@b.example'] }
    expect(judgeAttributes('ann@example.com', traits).guessed).toEqual([])
  })
  test('a name with a space, or longer than 128 characters, is none for AWS', () => {
    expect(judgeAttributes('a'.repeat(128), {}).problem).toBeUndefined()
    for (const name of ['ann lee', 'a'.repeat(129)]) {
      expect(judgeAttributes(name, {}).problem).toMatchObject({ code: 'invalid_attribute' })
    }
  })
  test('a trait with characters that AWS refuses is told, and replaced by what the name gives (Entra)', () => {
    const { attributes, problem } = judgeAttributes('ann', { given_name: ['An\u0000n'] })
    expect(attributes.givenName).toBe('Ann')
    expect(problem?.says).toContain('given_name')
  })
  test('traits named like members of every object say nothing', () => {
    const traits = Object.fromEntries([['__proto__', ['x']]])
    expect(judgeAttributes('ann', traits).attributes.givenName).toBe('Ann')
    expect(judgeAttributes('constructor', {}).attributes.givenName).toBe('Constructor')
  })
  test('are never empty, whatever the name and the traits', { timeout: 30_000 }, () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 })
    const traits = fc.dictionary(fc.constantFrom('given_name', 'family_name', 'email', 'name'), texts)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), traits, (name, of) => {
        const { displayName, givenName, familyName, email } = judgeAttributes(name, of).attributes
        for (const text of [displayName, givenName, familyName]) expect(isDisplayText(text)).toBe(true)
        if (email !== undefined) expect(email).toContain('@')
      }),
    )
  })
})
