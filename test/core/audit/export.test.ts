/** @module Exported events as text, and how far an export has come. */
import { expect, test } from 'vitest'
import { buildEvent } from '../../../src/core/audit/event.js'
import { csvColumns, csvHeader, csvRow, eventLine } from '../../../src/core/audit/export.js'
import { createExportProgress } from '../../../src/core/audit/export-progress.js'
import { readCsv } from '../../../src/core/csv.js'

const hash = 'a'.repeat(64)
const event = (user: string, sequence: number) => {
  const facts = { event: 'user.login', success: false, user, fields: { error: 'a "b"\r\nc' } } as const
  return { sequence, hash, json: JSON.stringify(buildEvent(facts, { clusterName: 'c', uid: 'u', now: 0 })) }
}

test('a row of CSV has the columns, is read back as it was, and no spreadsheet takes it for a formula', () => {
  const text = csvHeader() + csvRow(event('=HYPERLINK("https://evil.example")', 7))
  expect(text).not.toMatch(/(^|[,;\n]"?)[=+@-]/)
  const { rows, problem } = readCsv(text, { maxRows: 10 })
  expect(problem).toBeUndefined()
  expect(rows[0]?.cells).toEqual([...csvColumns])
  const cells = Object.fromEntries(csvColumns.map((name, at) => [name, rows[1]?.cells[at]]))
  expect(cells).toMatchObject({
    sequence: '7',
    time: '1970-01-01T00:00:00.000Z',
    code: 'T1000W',
    success: 'false',
    user: '=HYPERLINK("https://evil.example")',
    error: 'a "b"\r\nc',
    hash,
    json: event('=HYPERLINK("https://evil.example")', 7).json,
  })
})

test('what somebody wrote past the gateway has its place and its text', () => {
  const { rows } = readCsv(csvRow({ sequence: 3, hash, json: '{"half' }), { maxRows: 1 })
  expect(rows[0]?.cells).toEqual(['3', ...Array<string>(5).fill(''), 'not an audit event', ...Array<string>(5).fill(''), hash, '{"half']) // prettier-ignore
})

test.each(['csv', 'jsonl'] as const)('progress of %s is told from its bytes, cut anywhere', (format) => {
  const line = format === 'csv' ? csvRow : eventLine
  const bytes = Buffer.from(
    (format === 'csv' ? csvHeader() : '{"record":"export"}\n') +
      [11, 15, 20].map((at) => line(event('x', at))).join(''),
  )
  for (const size of [1, 7, bytes.length]) {
    const progress = createExportProgress(format, { first: 11, last: 30 })
    const shares = new Set([progress.share])
    for (let at = 0; at < bytes.length; at += size) {
      progress.take(bytes.subarray(at, at + size))
      shares.add(progress.share)
    }
    expect([progress.events, progress.share]).toEqual([3, 0.5])
    if (size === 1) expect([...shares]).toEqual([0, 0.05, 0.25, 0.5])
  }
})
