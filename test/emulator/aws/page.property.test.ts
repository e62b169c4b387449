/**
 * Pages of lists: whatever the size of the pages, however short some of them come, and whatever happens between two of
 * them, the rows that stayed are seen once, in order, and the list ends.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { takePage, type PageOf } from '../../../src/emulator/aws/page.js'
import { EmulatorContext } from '../../../src/emulator/context.js'
import { seededRandom } from '../../../src/emulator/seeded-random.js'
import { emptyOrganisation } from '../../../src/emulator/state/organisation.js'
import { Table } from '../../../src/emulator/state/table.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'

interface Row {
  readonly id: string
  readonly even: boolean
}

function contextWith(shortPages: number, seed = 1): EmulatorContext {
  return new EmulatorContext(emptyOrganisation, {
    clock: new ManualClock(0),
    random: seededRandom(seed),
    logger: createLogger('silent'),
    publicUrl: 'http://127.0.0.1:1',
    settings: { shortPages },
  })
}

function tableOf(count: number): Table<Row> {
  const table = new Table<Row>((row) => row.id, {})
  for (let n = 0; n < count; n++) table.put({ id: String(n), even: n % 2 === 0 })
  return table
}

interface List {
  readonly rows: Table<Row>
  readonly limit: number
  readonly keep?: (row: Row) => boolean
  readonly of?: readonly string[]
}

function page(context: EmulatorContext, list: List, token?: string): PageOf<Row> {
  const { rows, limit, keep, of = ['ListThings'] } = list
  const refuseToken = (): Error => new Error('not a token of this list')
  return takePage(context, { rows, limit, token, of, refuseToken, ...(keep !== undefined && { keep }) })
}

/** All pages; `between` runs before each page but the first. */
function walk(context: EmulatorContext, list: List, between: () => void = () => undefined): PageOf<Row>[] {
  const pages = [page(context, list)]
  for (let token = pages[0]?.nextToken; token !== undefined; token = pages.at(-1)?.nextToken) {
    between()
    pages.push(page(context, list, token))
    if (pages.length > 2000) throw new Error('the list does not end')
  }
  return pages
}

const idsOf = (pages: readonly PageOf<Row>[]): string[] =>
  pages.flatMap(({ rows }) => rows.map(({ id }) => id))

describe('any list', () => {
  test('is seen whole, each row once and in order, also where pages come short or empty', () => {
    fc.assert(
      fc.property(
        fc.nat(120),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(0, 0.3, 1),
        fc.boolean(),
        fc.nat(),
        (count, limit, shortPages, onlyEven, seed) => {
          const rows = tableOf(count)
          const keep = onlyEven ? (row: Row) => row.even : undefined
          const pages = walk(contextWith(shortPages, seed), {
            rows,
            limit,
            ...(keep !== undefined && { keep }),
          })
          const wanted = rows.rows().filter((row) => keep?.(row) ?? true)
          expect(idsOf(pages)).toEqual(wanted.map(({ id }) => id))
          expect(pages.every((one) => one.rows.length <= limit)).toBe(true)
          const empty = pages.map((one) => one.rows.length === 0 && one.nextToken !== undefined)
          expect(empty.some((is, index) => is && empty[index + 1] === true)).toBe(false)
        },
      ),
    )
  })

  test('shows every row that stayed once, though others are made and deleted between pages', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(59)), { maxLength: 40 }),
        (count, limit, changes) => {
          const rows = tableOf(count)
          const touched = new Set<string>()
          const left = [...changes]
          const seen = idsOf(
            walk(contextWith(0), { rows, limit }, () => {
              const change = left.pop()
              if (change === undefined) return
              const [isNew, n] = change
              const id = isNew ? `new ${left.length}` : String(n)
              touched.add(id)
              if (isNew) rows.put({ id, even: true })
              else rows.delete(id)
            }),
          )
          expect(new Set(seen).size).toBe(seen.length)
          const stayed = tableOf(count)
            .rows()
            .filter(({ id }) => !touched.has(id))
          expect(seen.filter((id) => !touched.has(id))).toEqual(stayed.map(({ id }) => id))
        },
      ),
    )
  })
})

test('short pages come short and some empty, which they never do without the setting', () => {
  const list = { rows: tableOf(500), limit: 10 }
  const sizes = walk(contextWith(0.5), list).map(({ rows }) => rows.length)
  expect(sizes).toContain(0)
  expect(sizes.some((size) => size > 0 && size < 10)).toBe(true)
  expect(new Set(walk(contextWith(0), list).map(({ rows }) => rows.length))).toEqual(new Set([10]))
})

test('a list that fits on one page comes in parts as well', () => {
  const pages = walk(contextWith(1), { rows: tableOf(5), limit: 100 })
  expect(pages.length).toBeGreaterThan(1)
  expect(idsOf(pages)).toEqual(['0', '1', '2', '3', '4'])
})

describe('a token', () => {
  const list = { rows: tableOf(10), limit: 3, of: ['ListThings', 'a'] }
  const context = contextWith(0)
  const token = page(context, list).nextToken ?? ''

  test('goes on where the page before ended', () => {
    expect(idsOf([page(context, list, token)])).toEqual(['3', '4', '5'])
  })

  test.each([
    ['of another operation', { ...list, of: ['ListOthers', 'a'] }, token],
    ['of a list with other parameters', { ...list, of: ['ListThings', 'b'] }, token],
    ['that is empty', list, ''],
    ['that was made up', list, Buffer.from('AAAAAAAAAAAAAAAA:0:3').toString('base64url')],
    ['that was changed', list, `${token.slice(0, -2)}AA`],
    ['that is not one', list, '{}'],
  ])('%s is refused', (_name, other, given) => {
    expect(() => page(context, other, given)).toThrow('not a token of this list')
  })
})
