/**
 * @module Tables as CSV (RFC 4180). Reads what spreadsheets write, a byte order mark and semicolons included; writes what
 * they do not take for formulas. Hostile input costs one pass over its text.
 */

export interface CsvRow {
  /** Of its first character, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface CsvTable {
  /** Without lines that are empty. */
  readonly rows: readonly CsvRow[]
  /** The first thing that is wrong; rows after it are not read. */
  readonly problem: { readonly line: number; readonly problem: string } | undefined
}

/** `maxRows` is a limit on what is kept; one more is a problem. */
export function readCsv(text: string, { maxRows }: { readonly maxRows: number }): CsvTable {
  const start = text.startsWith('\ufeff') ? 1 : 0
  const delimiter = findDelimiter(text, start)
  const rows: CsvRow[] = []
  let at = start
  let line = 1
  while (at < text.length) {
    const cells: string[] = []
    const first = line
    for (let isOpen = true; isOpen;) {
      const cell = readCell(text, at, delimiter)
      if (cell.problem !== undefined) return { rows, problem: { line, problem: cell.problem } }
      cells.push(unprotect(cell.text))
      line += cell.breaks
      at = cell.end + 1
      isOpen = text[cell.end] === delimiter
      if (!isOpen && text[cell.end] === '\r' && text[at] === '\n') at += 1
    }
    line += 1
    if (cells.length === 1 && cells[0]?.trim() === '') continue
    if (rows.length === maxRows) {
      return { rows, problem: { line: first, problem: `has more than ${maxRows.toLocaleString('en')} rows` } }
    }
    rows.push({ line: first, cells })
  }
  return { rows, problem: undefined }
}

interface Cell {
  readonly text: string
  /** Where the delimiter, the end of the line or the end of the text stands. */
  readonly end: number
  /** Ends of lines within it. */
  readonly breaks: number
  readonly problem: string | undefined
}

function readCell(text: string, start: number, delimiter: string): Cell {
  if (text[start] !== '"') {
    const end = findEnd(text, start, delimiter)
    const cell = text.slice(start, end)
    const problem = cell.includes('"') ? 'a quote stands within a cell that is not quoted' : undefined
    return { text: cell, end, breaks: 0, problem }
  }
  const parts: string[] = []
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return { text: '', end: text.length, breaks: 0, problem: 'a quote is not closed' }
    parts.push(text.slice(from, quote))
    if (text[quote + 1] !== '"') {
      const end = findEnd(text, quote + 1, delimiter)
      const rest = text.slice(quote + 1, end)
      const cell = parts.join('"')
      const problem = rest.trim() === '' ? undefined : 'text stands behind a closing quote'
      return { text: cell, end, breaks: cell.split(/\r\n|\n|\r/).length - 1, problem }
    }
    from = quote + 2
  }
}

function findEnd(text: string, start: number, delimiter: string): number {
  let at = start
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

/** Where commas are decimal points, spreadsheets write semicolons: the first line tells. */
function findDelimiter(text: string, start: number): ',' | ';' {
  for (let at = start; at < text.length && text[at] !== '\n' && text[at] !== '\r'; at += 1) {
    if (text[at] === ',') return ','
    if (text[at] === ';') return ';'
  }
  return ','
}

/**
 * What a spreadsheet would take for a formula, or run. Full-width signs count as signs; quotes and spaces before them do
 * not hide them. A mark that stands there itself gets one more, so that reading gives back what was written.
 */
const formulaStart = /^[ "]*[=+\-@＝＋－＠]|^'/
const controlStart = /^[\t\r\n]/

/**
 * A cell with everything apart in it that may become a cell of its own, although it stands within quotes: where cells are
 * separated by semicolons or tabs, our commas and the quotes behind them are text like any other.
 */
function partsOf(cell: string): string[] {
  return cell.split(/(?<=[;\t\r\n])/)
}

function needsMark(part: string, at: number): boolean {
  return formulaStart.test(part) || (at === 0 && controlStart.test(part))
}

/** Rows as text, each with its end of line. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')
}

function writeCell(cell: string): string {
  const safe = partsOf(cell)
    .map((part, at) => (needsMark(part, at) ? `'${part}` : part))
    .join('')
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function unprotect(cell: string): string {
  return partsOf(cell)
    .map((part, at) => (part.startsWith("'") && needsMark(part.slice(1), at) ? part.slice(1) : part))
    .join('')
}
