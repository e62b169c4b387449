/** @module The assertion for people: what would be signed, indented, and of no use to anyone who finds it. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeReadableAssertion } from '../../src/saml/readable-assertion.js'
import { signResponse } from '../../src/saml/sign-response.js'
import { devIdp, judgeAsAws, now, sample } from './support.js'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now }))
afterEach(() => void vi.useRealTimers())

/** The readable text without its comment and its indentation. */
function flat(readable: string): string {
  const [, ...lines] = readable.trimEnd().split('\n')
  return lines.map((line) => line.replace(/^ +(?=<)/, '')).join('')
}

/** The assertion of a signed Response without its signature. */
async function unsigned(content: typeof sample): Promise<string> {
  const xml = await signResponse(content, devIdp)
  const assertion = xml.slice(xml.indexOf('<saml:Assertion'), xml.indexOf('</samlp:Response>'))
  return assertion.replace(/<ds:Signature .*<\/ds:Signature>/s, '')
}

describe('a readable assertion', () => {
  test('has one element a line, under a comment that says what it is', () => {
    const lines = writeReadableAssertion(sample).split('\n')
    expect(lines[0]).toBe('<!-- A test: not signed, stored or sent. No service provider accepts it. -->')
    expect(lines).toContain(`  <saml:Issuer>${sample.issuer}</saml:Issuer>`)
    expect(lines).toContain('      <saml:AttributeValue>access</saml:AttributeValue>')
    expect(lines.at(-2)).toBe('</saml:Assertion>')
  })

  test('is what would be signed, whatever the values', async () => {
    // Line breaks in a value look like those of the indentation, so this comparison leaves them out.
    const text = fc.string({
      unit: fc.constantFrom('a', '<', '>', '"', "'", '&', '/', '-', ' ', 'ü', '😀'),
      minLength: 1,
    })
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.array(text, { minLength: 1, maxLength: 3 }),
        async (nameId, name, values) => {
          const content = { ...sample, nameId, attributes: [{ name, nameFormat: name, values }] }
          expect(flat(writeReadableAssertion(content))).toBe(await unsigned(content))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('keeps empty values and no attributes on their lines', async () => {
    const empty = { ...sample, attributes: [{ name: 'a', nameFormat: 'b', values: ['', 'x'] }] }
    expect(flat(writeReadableAssertion(empty))).toBe(await unsigned(empty))
    expect(flat(writeReadableAssertion({ ...sample, attributes: [] }))).toBe(
      await unsigned({ ...sample, attributes: [] }),
    )
  })

  test('is refused by AWS even inside a Response: nothing signs it', async () => {
    const signed = await signResponse(sample, devIdp)
    expect(judgeAsAws(signed).accepted).toBe(true)
    const readable = writeReadableAssertion(sample)
    expect(readable).not.toContain('Signature')
    const start = signed.indexOf('<saml:Assertion')
    const head = signed.slice(0, start).replace(/<ds:Signature .*<\/ds:Signature>/s, '')
    const verdict = judgeAsAws(`${head}${flat(readable)}</samlp:Response>`)
    expect(verdict).toMatchObject({ accepted: false, failedCheck: expect.stringMatching(/sign/i) as string })
  })

  test('is refused for characters that XML cannot carry', () => {
    expect(() => writeReadableAssertion({ ...sample, nameId: 'a\u0000' })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('NameID') as string,
      }),
    )
  })
})
