import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const reporter = fileURLToPath(new URL('summary-reporter.ts', import.meta.url))
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Runs vitest on these files and answers its exit status and its last two lines. */
function run(files: Record<string, string>): { status: number | null; before: string; last: string } {
  const cache = path.join(root, 'node_modules/.cache/gatehouse')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(path.join(cache, 'summary-'))
  folders.push(folder)
  const header = `import { afterAll, describe, test } from 'vitest'\n`
  for (const [name, text] of Object.entries(files))
    writeFileSync(path.join(folder, name), `${header}${text}\n`)
  const setup = 'setup.ts' in files ? `globalSetup: ['./setup.ts'],` : ''
  writeFileSync(
    path.join(folder, 'vitest.config.ts'),
    `export default { test: { include: ['*.sample.ts'], ${setup} } }`,
  )
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--root', folder, '--reporter', 'default', '--reporter', reporter]
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const [before = '', last = ''] = stdout.trimEnd().split('\n').slice(-2)
  return { status, before, last }
}

describe('the last line of a test run', () => {
  test('counts what passed', () => {
    const passing = { 'a.sample.ts': `test('a', () => {})\ntest('b', () => {})` }
    expect(run(passing)).toMatchObject({ status: 0, before: '', last: '2 passed, 0 failed' })
  })

  test('counts failed and skipped tests, files that do not load, and errors outside tests', () => {
    const mixed = {
      'a.sample.ts': `test('a', () => {})\ntest('b', () => { throw new Error('b') })\ntest.skip('c', () => {})`,
      'b.sample.ts': `throw new Error('does not load')`,
      'c.sample.ts': `test('d', () => { setTimeout(() => { throw new Error('late') }, 0) })\ntest('e', () => new Promise((r) => setTimeout(r, 50)))`,
      'd.sample.ts': `describe('f', () => { afterAll(() => { throw new Error('clean-up') }); test('g', () => {}) })`,
    }
    expect(run(mixed)).toEqual({ status: 1, before: '1 skipped', last: '4 passed, 4 failed' })
  })

  test('is red when the run breaks off before any test', () => {
    const broken = {
      'a.sample.ts': `test('a', () => {})`,
      'setup.ts': `export function setup() { throw new Error('no database') }`,
    }
    expect(run(broken)).toMatchObject({ status: 1, last: '0 passed, 1 failed' })
  })
})
