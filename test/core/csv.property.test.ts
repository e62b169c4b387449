/** Tables as CSV: what is written reads as itself, and no spreadsheet finds a formula in it, however it separates. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv, writeCsv } from '../../src/core/csv.js'

const hostile = fc
  .array(
    fc.constantFrom('=', '+', '-', '@', '＝', '＠', "'", '"', ';', ',', '\t', '\r', '\n', ' ', 'a', '1'),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''))

describe('a table that is written', () => {
  test('reads as itself', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 4 }), (rows) => {
        // The first cells keep a line from being empty, and the commas tell the delimiter.
        const named = rows.map((cells) => ['x', ...cells])
        expect(readCsv(writeCsv(named), { maxRows: 10 })).toMatchObject({
          problem: undefined,
          rows: named.map((cells) => ({ cells })),
        })
      }),
    )
  })

  test('has no cell that begins as a formula where semicolons, tabs or ends of lines separate cells', () => {
    fc.assert(
      fc.property(hostile, (cell) => {
        const behindComma = writeCsv([['x', cell]]).slice('x,'.length)
        const parts = behindComma.split(/[;\t\r\n]/)
        for (const part of parts) expect(part.replace(/^[ "]*/, '')).not.toMatch(/^[=+\-@＝＋－＠]/)
      }),
    )
  })
})

test.each([
  ['=1+1', "'=1+1"],
  ['＝1+1', "'＝1+1"],
  ['a;=1+1;b', `"a;'=1+1;b"`],
  ['a;"=1+1', `"a;'""=1+1"`],
  ['1 - 2', '1 - 2'],
  ['on call; nights', '"on call; nights"'],
])('%s is written as %s', (cell, written) => {
  expect(writeCsv([[cell]])).toBe(`${written}\r\n`)
})
