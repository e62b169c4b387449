/** docs/identity-center-pains.md promises tests: each reference stands in the title of a test, and each file has one. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

interface Row {
  readonly references: readonly string[]
  readonly files: readonly string[]
}

/** `TEAM #279, #104` are two of TEAM. */
function rowsOf(document: string): Row[] {
  const lines = document.split('\n').filter((line) => /^\| (?!Reported)/.test(line))
  return lines.map((line) => {
    const [, reported = '', , , tests = ''] = line.split('|').map((cell) => cell.trim())
    let project = ''
    const references = reported.split(', ').map((one) => {
      if (/^(?:#|PR )\d/.test(one)) return `${project} ${one}`
      project = one.replace(/ (?:#|PR )\d+$/, '')
      return one
    })
    // Traps of our own, in brackets behind a file.
    const traps = [...tests.matchAll(/\bT\d+/g)].map(([trap]) => trap)
    return {
      references: [...references, ...traps],
      files: [...tests.matchAll(/\((\.\.\/[\w./-]+)\)/g)].map(([, file = '']) => file.slice(3)),
    }
  })
}

/** The titles of the tests of a file. */
function titlesOf(source: string): string[] {
  const names = source.matchAll(/(?:test|describe)(?:\.each)?\(\s*(?:`([^`]+)`|'([^']+)')/g)
  return [...names].map(([, quoted, plain = '']) => quoted ?? plain)
}

function isNamed(title: string, reference: string): boolean {
  const [, project = reference, number = ''] = /^(.*?) ((?:#|PR )\d+)$/.exec(reference) ?? []
  return title.includes(project) && new RegExp(`${number}(?!\\d)`).test(title)
}

/** The references that no file of their row has in a title. */
function missing(rows: readonly Row[], source: (file: string) => string): string[] {
  return rows.flatMap(({ references, files }) => {
    const titles = files.flatMap((file) => titlesOf(source(file)))
    return references.filter((one) => !titles.some((title) => isNamed(title, one)))
  })
}

/** The files of a row in which no title has one of its references. */
function idle(rows: readonly Row[], source: (file: string) => string): string[] {
  return rows.flatMap(({ references, files }) =>
    files.filter((file) => {
      const titles = titlesOf(source(file))
      return !references.some((one) => titles.some((title) => isNamed(title, one)))
    }),
  )
}

/** `TEAM #279, #104, PR 541: …` are three that a test is named after. */
function namedBy(title: string): string[] {
  const [list = ''] =
    /^(?:[\w./-]+ (?:(?:PR )?#?\d+|README|docs)(?:, )?|(?:#|PR )\d+(?:, )?)+(?=:)/.exec(title) ?? []
  let project = ''
  return list
    .split(', ')
    .filter((one) => /(?:#|PR )\d+$/.test(one))
    .map((one) => {
      if (/^(?:#|PR )/.test(one)) return `${project} ${one}`
      project = one.replace(/ (?:#|PR )\d+$/, '')
      return one
    })
}

test('every pain of the document is the name of a test in a file of its row', () => {
  const rows = rowsOf(read('docs/identity-center-pains.md'))
  expect(rows.length).toBeGreaterThan(35)
  expect(rows.filter(({ files }) => files.length === 0)).toEqual([])
  expect(missing(rows, read)).toEqual([])
  expect(idle(rows, read)).toEqual([])
})

test('every test that is named after a pain is in a row of the document', () => {
  const rows = rowsOf(read('docs/identity-center-pains.md'))
  const files = new Set(rows.flatMap((row) => row.files))
  const known = new Set(rows.flatMap(({ references }) => references))
  const named = [...files].flatMap((file) => titlesOf(read(file)).flatMap(namedBy))
  expect(named.length).toBeGreaterThan(60)
  expect(named.filter((one) => !known.has(one))).toEqual([])
})

test('a pain without a test is noticed', () => {
  const rows = rowsOf('| a #1, #2, b | wrong | right | [x](../test/x.test.ts) |')
  expect(rows).toEqual([{ references: ['a #1', 'a #2', 'b'], files: ['test/x.test.ts'] }])
  expect(missing(rows, () => "test('a #1, #22: holds', f)")).toEqual(['a #2', 'b'])
  expect(idle(rows, () => "test('a #1, #22: holds', f)")).toEqual([])
  expect(idle(rows, () => "test('a #22: holds', f)")).toEqual(['test/x.test.ts'])
  expect(namedBy('a #1, #2, b/c PR 3: holds #4')).toEqual(['a #1', 'a #2', 'b/c PR 3'])
})
