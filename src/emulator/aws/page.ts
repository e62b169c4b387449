/**
 * @module Pages of list operations. A token is opaque to callers and bound to the operation and the parameters of its
 * list; it names a place in the order of creation, so that changes between two pages neither repeat nor skip rows.
 */
import { createHash } from 'node:crypto'
import type { EmulatorContext } from '../context.js'
import type { Entry, RowList } from '../state/table.js'

export interface PageRequest<Row> {
  readonly rows: RowList<Row>
  /** Rows that do not pass are left out; they cost no room on the page. */
  readonly keep?: (row: Row) => boolean
  /** At most this many rows; the operation's default where the caller named none. */
  readonly limit: number
  readonly token: string | undefined
  /** What the token is bound to: the operation's name and the parameters that choose the rows. */
  readonly of: readonly (string | undefined)[]
  /** Makes the error for a token that is not ours or belongs to another list. */
  refuseToken(): Error
}

export interface PageOf<Row> {
  readonly rows: readonly Row[]
  readonly nextToken: string | undefined
}

interface Position {
  readonly seq: number
  /** The page before was empty; the next may not be. */
  readonly afterEmpty: boolean
}

/** @throws what `refuseToken` makes */
export function takePage<Row>(context: EmulatorContext, request: PageRequest<Row>): PageOf<Row> {
  const bond = bondOf(request.of)
  const start = request.token === undefined ? { seq: -1, afterEmpty: false } : parseToken(request.token, bond)
  if (start === undefined) throw request.refuseToken()
  // One more than the page takes tells whether others follow.
  const whole = collect(request, start.seq, request.limit + 1)
  const limit = shortened(context, Math.min(request.limit, whole.length), start.afterEmpty)
  const entries = whole.slice(0, limit + 1)
  const shown = entries.slice(0, limit)
  if (entries.length <= limit) return { rows: shown.map((entry) => entry.row), nextToken: undefined }
  const next = { seq: shown.at(-1)?.seq ?? start.seq, afterEmpty: shown.length === 0 }
  return { rows: shown.map((entry) => entry.row), nextToken: formatToken(next, bond) }
}

/** The first `count` entries after `seq` that are kept. */
function collect<Row>({ rows, keep }: PageRequest<Row>, seq: number, count: number): readonly Entry<Row>[] {
  if (keep === undefined) return rows.after(seq, count)
  const found: Entry<Row>[] = []
  let from = seq
  for (;;) {
    const some = rows.after(from, 500)
    for (const entry of some) {
      if (keep(entry.row)) found.push(entry)
      if (found.length === count) return found
    }
    const last = some.at(-1)
    if (last === undefined) return found
    from = last.seq
  }
}

/** By the setting `shortPages` some pages come short, some empty, never two empty ones in a row. */
function shortened(context: EmulatorContext, size: number, afterEmpty: boolean): number {
  const share = context.settings.shortPages
  if (share === 0 || size === 0) return size
  const [coin = 0, cut = 0] = context.random.bytes(2)
  if (coin / 256 >= share) return size
  return Math.max(afterEmpty ? 1 : 0, Math.floor((cut / 256) * size))
}

function bondOf(of: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 16)
}

function formatToken({ seq, afterEmpty }: Position, bond: string): string {
  return Buffer.from(`${bond}:${afterEmpty ? 1 : 0}:${seq}`).toString('base64url')
}

function parseToken(token: string, bond: string): Position | undefined {
  const parts = /^([\w-]{16}):([01]):(-1|\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'))
  if (parts === null || parts[1] !== bond) return undefined
  return { seq: Number(parts[3]), afterEmpty: parts[2] === '1' }
}
