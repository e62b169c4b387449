import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Table } from '../../../src/emulator/state/table.js'

interface Row {
  readonly key: string
  readonly colour: string | undefined
  readonly size: number
}
type Step = { readonly put: Row } | { readonly delete: string }

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '__proto__')
const colours = fc.constantFrom('red', 'green', 'constructor', undefined)
const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ put: fc.record({ key: keys, colour: colours, size: fc.integer({ min: 0, max: 2 }) }) }),
    fc.record({ delete: keys }),
  ),
  { maxLength: 60 },
)

function newTable() {
  return new Table((row: Row) => row.key, {
    colour: (row) => row.colour,
    size: (row) => (row.size === 0 ? undefined : String(row.size)),
  })
}

/** A list that is searched from end to end. */
class Model {
  entries: { key: string; seq: number; row: Row }[] = []
  #next = 0

  carryOut(step: Step): void {
    if ('delete' in step) {
      this.entries = this.entries.filter(({ key }) => key !== step.delete)
      return
    }
    const known = this.entries.find(({ key }) => key === step.put.key)
    if (known === undefined) this.entries.push({ key: step.put.key, seq: this.#next++, row: step.put })
    else known.row = step.put
  }
}

function carryOut(table: ReturnType<typeof newTable>, step: Step): void {
  if ('delete' in step) table.delete(step.delete)
  else table.put(step.put)
}

function expectEqual(table: ReturnType<typeof newTable>, { entries }: Model): void {
  expect(table.size).toBe(entries.length)
  expect(table.rows()).toEqual(entries.map(({ row }) => row))
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', '__proto__', 'toString']) {
    const row = entries.find((entry) => entry.key === key)?.row
    expect(table.get(key)).toEqual(row)
    expect(table.has(key)).toBe(row !== undefined)
  }
  const indexed = [
    ...['red', 'green', 'constructor', 'blue'].map((value) => ({
      list: table.by('colour', value),
      found: table.find('colour', value),
      expected: entries.filter(({ row }) => row.colour === value),
    })),
    ...['0', '1', '2'].map((value) => ({
      list: table.by('size', value),
      found: table.find('size', value),
      expected: entries.filter(({ row }) => value !== '0' && String(row.size) === value),
    })),
    { list: table, found: table.rows()[0], expected: entries },
  ]
  for (const { list, found, expected } of indexed) {
    expect(list.size).toBe(expected.length)
    expect(list.rows()).toEqual(expected.map(({ row }) => row))
    expect(found).toEqual(expected[0]?.row)
    for (const from of [-1, 0, 3, 7, 1000]) {
      const rest = expected.filter(({ seq }) => seq > from)
      expect(list.after(from, 2)).toEqual(rest.slice(0, 2))
      expect(list.after(from, 1000)).toEqual(rest)
    }
  }
}

describe('a table', () => {
  test('is at every step what a plain list is: rows, order, indexes and what comes after a place', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const table = newTable()
        const model = new Model()
        for (const step of all) {
          carryOut(table, step)
          model.carryOut(step)
          expectEqual(table, model)
        }
      }),
    )
  })

  test('is the same where nobody looks between the steps', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const table = newTable()
        const model = new Model()
        for (const step of all) {
          carryOut(table, step)
          model.carryOut(step)
        }
        expectEqual(table, model)
      }),
    )
  })

  test('a copy has the same rows in the same places, and goes its own way from there', () => {
    fc.assert(
      fc.property(steps, steps, (before, later) => {
        const table = newTable()
        const model = new Model()
        for (const step of before) {
          carryOut(table, step)
          model.carryOut(step)
        }
        const copy = newTable()
        copy.copyFrom(table)
        for (const step of later) {
          carryOut(copy, step)
        }
        expectEqual(table, model)
        for (const step of later) model.carryOut(step)
        expectEqual(copy, model)
      }),
    )
  })

  test('pages taken one after another show each row that stays once, whatever is changed between them', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (turns, size) => {
        const table = newTable()
        for (const key of ['stay-1', 'stay-2', 'stay-3', 'stay-4']) table.put({ key, colour: 'red', size: 1 })
        const seen: string[] = []
        let from = -1
        for (let turn = 0; ; turn++) {
          const page = table.by('colour', 'red').after(from, size)
          seen.push(...page.map(({ key }) => key).filter((key) => key.startsWith('stay')))
          from = page.at(-1)?.seq ?? Infinity
          if (page.length < size) break
          for (const step of turns[turn] ?? []) carryOut(table, step)
        }
        expect(seen).toEqual(['stay-1', 'stay-2', 'stay-3', 'stay-4'])
      }),
    )
  })
})
