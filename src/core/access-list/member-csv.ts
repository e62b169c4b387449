/**
 * @module Members of a list as a table. The first line names the columns, in any order; of those only `name` must be
 * there. What is written reads as itself.
 */
import { readCsv, writeCsv } from '../csv.js'
import { formatInstant, parseInstant, type Instant } from '../time.js'
import type { AccessListMember } from './access-list.js'
import { maxBulkNames, maxNameLength } from './parse-names.js'

export interface MemberRow {
  /** From 1, of the text. */
  readonly line: number
  readonly kind: AccessListMember['kind']
  readonly name: string
  /** Undefined where nothing is said of an end. */
  readonly expiresAt: Instant | 'never' | undefined
  readonly reason: string
}

export interface MemberTable {
  readonly rows: readonly MemberRow[]
  readonly problems: readonly { readonly line: number; readonly name: string; readonly problem: string }[]
  /** Columns that say nothing here; those that only tell are none of them. */
  readonly ignored: readonly string[]
}

const columns = ['kind', 'name', 'expires', 'reason'] as const
const maxReason = 1000

/** Of several rows with the same kind and name the first counts, and the others are problems. */
export function readMemberCsv(text: string): MemberTable {
  const { rows: lines, problem } = readCsv(text, { maxRows: maxBulkNames + 1 })
  const [header, ...body] = lines
  const problems = problem === undefined ? [] : [{ line: problem.line, name: '', problem: problem.problem }]
  const names = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  if (!names.includes('name')) {
    const missing = `the first line has to name the columns: ${columns.join(',')}; of those name has to be there`
    return {
      rows: [],
      problems: [{ line: header?.line ?? 1, name: '', problem: missing }, ...problems],
      ignored: [],
    }
  }
  const places = new Map(columns.map((column) => [column, names.indexOf(column)]))
  const seen = new Set<string>()
  const rows: MemberRow[] = []
  const refused: { line: number; name: string; problem: string }[] = []
  for (const { line, cells } of body) {
    const cell = (column: (typeof columns)[number]) => cells[places.get(column) ?? -1]?.trim() ?? ''
    const row = readRow({
      line,
      kind: cell('kind'),
      name: cell('name'),
      expires: cell('expires'),
      reason: cell('reason'),
    })
    if (typeof row === 'string') refused.push({ line, name: cell('name').slice(0, 50), problem: row })
    else if (seen.has(`${row.kind} ${row.name}`)) {
      refused.push({
        line,
        name: row.name,
        problem: 'stands in the table more than once; the first row counts',
      })
    } else {
      seen.add(`${row.kind} ${row.name}`)
      rows.push(row)
    }
  }
  const known: readonly string[] = [...columns, ...toldColumns]
  return { rows, problems: [...refused, ...problems], ignored: names.filter((name) => !known.includes(name)) }
}

interface Written {
  readonly line: number
  readonly kind: string
  readonly name: string
  readonly expires: string
  readonly reason: string
}

/** The row, or what is wrong with it. */
function readRow({ line, kind: written, name, expires, reason }: Written): MemberRow | string {
  const kind = written.toLowerCase() === '' ? 'user' : written.toLowerCase()
  if (name === '') return 'the name is empty'
  if (name.length > maxNameLength) return `the name is longer than ${maxNameLength} characters`
  if (kind !== 'user' && kind !== 'list') return 'kind must be user or list'
  if (reason.length > maxReason) return `the reason is longer than ${maxReason} characters`
  if (expires === '') return { line, kind, name, expiresAt: undefined, reason }
  if (expires.toLowerCase() === 'never') return { line, kind, name, expiresAt: 'never', reason }
  const expiresAt = parseInstant(/^\d{4}-\d\d-\d\d$/.test(expires) ? `${expires}T00:00:00Z` : expires)
  if (expiresAt === undefined)
    return 'expires is no instant; write for example 2027-01-31T08:00:00Z, or never'
  return { line, kind, name, expiresAt, reason }
}

/** They tell who reads an export, and change nothing where it comes back. */
const toldColumns = ['joined', 'added_by'] as const

/** With a first line of names. */
export function writeMemberCsv(
  members: readonly Pick<
    AccessListMember,
    'kind' | 'name' | 'expiresAt' | 'reason' | 'joinedAt' | 'addedBy'
  >[],
): string {
  return writeCsv([
    [...columns, ...toldColumns],
    ...members.map(({ kind, name, expiresAt, reason, joinedAt, addedBy }) => [
      kind,
      name,
      expiresAt === undefined ? '' : formatInstant(expiresAt),
      reason,
      formatInstant(joinedAt),
      addedBy,
    ]),
  ])
}
