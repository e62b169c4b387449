/** docs/identity-center-pains.md promises tests: each reference stands in the title of a test of each file it names. */
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
    return {
      references,
      files: [...tests.matchAll(/\((\.\.\/[\w./-]+)\)/g)].map(([, file = '']) => file.slice(3)),
    }
  })
}

/** The titles of the tests of a file. */
function titlesOf(source: string): string[] {
  const names = source.matchAll(/(?:test|describe)(?:\.each)?\(\s*(?:`([^`]+)`|'([^']+)')/g)
  return [...names].map(([, quoted, plain = '']) => quoted ?? plain)
}

/** The references that no file of their row has in a title. */
function missing(rows: readonly Row[], source: (file: string) => string): string[] {
  return rows.flatMap(({ references, files }) => {
    const titles = files.flatMap((file) => titlesOf(source(file)))
    return references.filter((one) => {
      const [, project = one, number = ''] = /^(.*?) ((?:#|PR )\d+)$/.exec(one) ?? []
      return !titles.some((title) => title.includes(project) && new RegExp(`${number}(?!\\d)`).test(title))
    })
  })
}

test('every pain of the document is the name of a test in a file of its row', () => {
  const rows = rowsOf(read('docs/identity-center-pains.md'))
  expect(rows.length).toBeGreaterThan(35)
  expect(rows.filter(({ files }) => files.length === 0)).toEqual([])
  expect(missing(rows, read)).toEqual([])
})

test('a pain without a test is noticed', () => {
  const rows = rowsOf('| a #1, #2, b | wrong | right | [x](../test/x.test.ts) |')
  expect(rows).toEqual([{ references: ['a #1', 'a #2', 'b'], files: ['test/x.test.ts'] }])
  expect(missing(rows, () => "test('a #1, #22: holds', f)")).toEqual(['a #2', 'b'])
})
