import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMemberCsv, writeMemberCsv } from '../../../src/core/access-list/member-csv.js'
import { maxBulkNames, parsePastedNames } from '../../../src/core/access-list/parse-names.js'

describe('pasted names', () => {
  test('stand between lines, commas, semicolons and spaces, as addresses too, each once', () => {
    const text = '\ufeffann, bob;cat\r\n"Example, Dan" <dan@example.com>; Eve Roe <eve@example.com>\nann fay'
    expect(parsePastedNames(text)).toEqual({
      names: [
        { line: 1, name: 'ann' },
        { line: 1, name: 'bob' },
        { line: 1, name: 'cat' },
        { line: 2, name: 'dan@example.com' },
        { line: 2, name: 'eve@example.com' },
        { line: 3, name: 'fay' },
      ],
      problems: [],
    })
  })

  test('that are too long or too many are told with their line', () => {
    expect(parsePastedNames(`ok\n${'x'.repeat(301)}`).problems).toMatchObject([{ line: 2 }])
    const many = Array.from({ length: maxBulkNames + 5 }, (_, at) => `u${at}`).join('\n')
    const { names, problems } = parsePastedNames(many)
    expect([names.length, problems.length, problems[0]?.line]).toEqual([maxBulkNames, 1, maxBulkNames + 1])
  })

  test('of hostile text cost one pass', () => {
    for (const text of [
      '"'.repeat(500_000),
      '<'.repeat(500_000),
      ' "'.repeat(250_000),
      `${' '.repeat(499_999)}x`,
    ]) {
      expect(parsePastedNames(text).names.length).toBeLessThan(maxBulkNames + 1)
    }
  })
})

describe('members as a table', () => {
  test('have columns in any order, quotes, semicolons and a mark at the beginning', () => {
    const text =
      '\ufeffReason;NAME;joined;team;kind\r\n"on; call ""now""\nso";ann;x;;\r\n\r\nx;ops;;;List\r\n'
    expect(readMemberCsv(text)).toEqual({
      rows: [
        { line: 2, kind: 'user', name: 'ann', expiresAt: undefined, reason: 'on; call "now"\nso' },
        { line: 5, kind: 'list', name: 'ops', expiresAt: undefined, reason: 'x' },
      ],
      problems: [],
      // What an export tells and no import reads is no surprise.
      ignored: ['team'],
    })
  })

  test.each([
    ['no column of names', 'kind,reason\nuser,x', 1],
    ['nothing at all', '', 1],
    ['an empty name', 'name,reason\n,x', 2],
    ['an unknown kind', 'name,kind\nann,group', 2],
    ['what is no instant', 'name,expires\nann,soon', 2],
    ['one name twice', 'name\nann\nann', 3],
    ['a quote that is not closed', 'name\n"ann', 2],
    ['text behind a quote', 'name\n"ann"x', 2],
  ])('with %s are told with their line', (_, text, line) => {
    expect(readMemberCsv(text).problems).toMatchObject([{ line }])
  })

  test('are no formulas in a spreadsheet, and read as they were written', () => {
    const name = fc.string({ minLength: 1, maxLength: 20 }).map((text) => `n${text.trim()}`)
    const reason = fc
      .tuple(fc.constantFrom('', '=', '+', '-', '@', "'", '"', ','), fc.string({ maxLength: 20 }))
      .map((parts) => parts.join('').trim())
    const members = fc.uniqueArray(fc.record({ name, reason }), { selector: (one) => one.name, maxLength: 8 })
    fc.assert(
      fc.property(members, (all) => {
        const facts = { kind: 'user', expiresAt: undefined, joinedAt: 0, addedBy: '=cmd()' } as const
        const text = writeMemberCsv(all.map((one) => ({ ...facts, ...one })))
        expect(
          /(?:^|[,\n])"?[=+\-@]/.test(
            text.replace(/"(?:[^"]|"")*"/g, (cell) => (/^"[=+\-@]/.test(cell) ? cell : '')),
          ),
        ).toBe(false)
        expect(readMemberCsv(text).rows.map((row) => ({ name: row.name, reason: row.reason }))).toEqual(all)
      }),
    )
  })
})
