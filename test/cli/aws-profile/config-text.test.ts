/** Sections of ours in a file of others: what is theirs stays byte for byte. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editConfig, markOf, type WantedSection } from '../../../src/cli/aws-profile/config-text.js'

const origin = 'https://gate.example.com'
const mark = markOf(origin)
const section = (header: string, ...values: [string, string][]): WantedSection => ({ header, values })
const prod = section('profile prod', ['sso_session', 'gatehouse'], ['sso_account_id', '555555555555'])
const dev = section('profile dev', ['sso_session', 'gatehouse'], ['sso_account_id', '666666666666'])

const foreign = [
  '# my settings',
  '[default]',
  'region = eu-west-1',
  's3 =',
  '  max_concurrent_requests = 20',
  '',
  '; about the next',
  '[profile  "old one"]   # kept',
  'role_arn=arn:aws:iam::1:role/x',
  '',
].join('\n')

describe('the sections of a gateway', () => {
  test('are put behind what is there, once', () => {
    const { text, added, changed, removed } = editConfig(foreign, origin, [prod, dev])
    expect(text).toBe(
      `${foreign}\n[profile prod]\n${mark}\nsso_session = gatehouse\nsso_account_id = 555555555555\n` +
        `\n[profile dev]\n${mark}\nsso_session = gatehouse\nsso_account_id = 666666666666\n`,
    )
    expect([added, changed, removed]).toEqual([['profile prod', 'profile dev'], [], []])
    expect(editConfig(text, origin, [dev, prod])).toEqual({
      text,
      added: [],
      changed: [],
      removed: [],
      taken: [],
    })
  })

  test('make a file where there is none', () => {
    expect(editConfig('', origin, [prod]).text).toMatch(/^\[profile prod\]\n/)
    expect(editConfig('', origin, []).text).toBe('')
  })

  test('go when they are no longer wanted, and leave what was there', () => {
    const { text } = editConfig(foreign, origin, [prod, dev])
    const one = editConfig(text, origin, [dev])
    expect(one.removed).toEqual(['profile prod'])
    expect(one.text).toBe(editConfig(foreign, origin, [dev]).text)
    expect(editConfig(text, origin, []).text).toBe(foreign)
    expect(editConfig(editConfig('', origin, [prod, dev]).text, origin, []).text).toBe('')
  })

  test('keep what somebody added to them, and comments that stand before the next section', () => {
    const { text } = editConfig('', origin, [prod])
    const edited = `${text}output = json\n\n# mine\n[profile mine]\nregion = x\n`
    const moved = section('profile prod', ['sso_session', 'other'], ['sso_account_id', '555555555555'])
    const after = editConfig(edited, origin, [moved])
    expect(after.changed).toEqual(['profile prod'])
    expect(after.text).toBe(
      `[profile prod]\n${mark}\nsso_session = other\nsso_account_id = 555555555555\noutput = json\n` +
        '\n# mine\n[profile mine]\nregion = x\n',
    )
    expect(editConfig(edited, origin, []).text).toBe('\n# mine\n[profile mine]\nregion = x\n')
  })

  test('of others, of other gateways, or without the mark, are never touched; a name that they have is told', () => {
    const others = `[profile prod]\nregion = x\n\n[profile  "dev"]\n${markOf('https://other.example.com')}\nregion = y\n`
    const { text, taken, added } = editConfig(others, origin, [prod, dev])
    expect([text, taken, added]).toEqual([others, ['profile prod', 'profile dev'], []])
    expect(editConfig(others, origin, []).text).toBe(others)
  })

  test('end their lines as the file does', () => {
    const windows = foreign.replaceAll('\n', '\r\n')
    const { text } = editConfig(windows, origin, [prod])
    expect(text.startsWith(windows)).toBe(true)
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
    expect(editConfig(text, origin, [prod]).text).toBe(text)
    expect(editConfig(text, origin, []).text).toBe(windows)
  })

  test('may follow a last line without an end', () => {
    const { text } = editConfig('[default]\nregion = x', origin, [prod])
    expect(text).toContain('region = x\n\n[profile prod]\n')
  })

  test('never change a byte of others, whatever they wrote', () => {
    const lines = fc.constantFrom(
      '[default]',
      '[profile a]',
      '[profile prod',
      'x = 1',
      '# c',
      '',
      ' y=2',
      ']',
      '[]',
    )
    const texts = fc.array(lines, { maxLength: 12 }).map((all) => all.map((one) => `${one}\n`).join(''))
    fc.assert(
      fc.property(texts, fc.subarray([prod, dev]), (text, wanted) => {
        const added = editConfig(text, origin, wanted)
        expect(added.text.startsWith(text)).toBe(true)
        expect(editConfig(added.text, origin, wanted).text).toBe(added.text)
        expect(editConfig(added.text, origin, []).text).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})
