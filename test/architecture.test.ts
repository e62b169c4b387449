/**
 * The rules of the house as tests: who may import whom, what the core may touch, what a file looks like.
 * `architecture/routes.test.ts` and `architecture/documents.test.ts` go on from here. Each rule is first shown a sample that breaks it, because a check that cannot fail
 * proves nothing.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'
import * as checks from './architecture/checks.js'
import { parseSource, readSources, root, type SourceFile } from './architecture/source.js'

const src = readSources('src')
const tests = readSources('test')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

interface Rule {
  readonly says: string
  readonly check: (sources: readonly SourceFile[]) => string[]
  readonly applyTo: readonly SourceFile[]
  /** File, text, and what the complaint must say. */
  readonly broken: readonly (readonly [string, string, string])[]
  readonly kept: readonly (readonly [string, string])[]
}

const rules: readonly Rule[] = [
  {
    says: 'rooms import only the rooms that the table allows',
    check: checks.wrongDirections,
    applyTo: src,
    broken: [
      ['src/core/a.ts', `import { x } from '../lib/clock.js'`, 'may not import lib'],
      ['src/service/a.ts', `import { open } from '../store/store.js'`, 'with "import type" only'],
      ['src/service/a.ts', `import { type Store } from '../store/store.js'`, 'with "import type" only'],
      ['src/http/routes/a.ts', `export * from '../../keys/keys.js'`, 'with "import type" only'],
      ['src/http/a.ts', `const keys = await import('../aws/aws.js')`, 'may not import aws'],
      ['src/emulator/a.ts', `import type { X } from '../saml/saml.js'`, 'may not import saml'],
      ['src/emulator/a.ts', `type X = import('../core/error.js').X`, 'may not import core'],
      ['src/lib/a.ts', `import x = require('../core/error.js')`, 'may not import core'],
      ['src/store/a.ts', `import '../app.js'`, 'may not import app'],
      ['src/core/a.ts', `import '../../package.json'`, 'may not import package.json'],
    ],
    kept: [
      [
        'src/service/a.ts',
        `import type { Store } from '../store/store.js'\nimport { x } from '../core/error.js'`,
      ],
      ['src/app.ts', `import { openStore } from './store/sql/open.js'`],
      ['src/core/role/a.ts', `import { x } from '../error.js'\n// import { y } from '../lib/clock.js'`],
    ],
  },
  {
    says: 'every folder and file at the top of src is a room of the table',
    check: checks.unknownRooms,
    applyTo: src,
    broken: [
      ['src/utils/a.ts', '', 'utils'],
      ['src/helper.ts', '', 'helper'],
    ],
    kept: [['src/lib/a.ts', '']],
  },
  {
    says: 'a package that belongs to one room is imported there only',
    check: checks.wrongPackages,
    applyTo: src,
    broken: [
      ['src/http/a.ts', `import { Kysely } from 'kysely'`, 'may not import kysely: only store/sql'],
      ['src/store/a.ts', `import { Kysely } from 'kysely'`, 'may not import kysely'],
      ['src/store/sql/a.ts', `import { SignJWT } from 'jose/jwt/sign'`, 'may not import jose'],
      ['src/service/a.ts', `import type { Request } from 'express'`, 'may not import express'],
      ['src/keys/a.ts', `import { hash } from '@node-rs/argon2'`, 'may not import @node-rs/argon2'],
    ],
    kept: [
      ['src/store/sql/aggregates/a.ts', `import { Kysely } from 'kysely'`],
      ['src/keys/a.ts', `import { SignJWT } from 'jose'`],
    ],
  },
  {
    says: 'the core is pure',
    check: checks.impurities,
    applyTo: src,
    broken: [
      ['src/core/a.ts', `import { createHash } from 'node:crypto'`, 'may not import node:crypto'],
      ['src/core/a.ts', `import { z } from 'zod'`, 'may not import zod'],
      ['src/core/a.ts', `export const now = () => Date.now()`, 'may not use Date'],
      ['src/core/a.ts', `export const x = new Date(0)`, 'may not use Date'],
      ['src/core/a.ts', `export const x = Math['random']()`, 'may not use Math.random'],
      ['src/core/a.ts', `export const x = process.env`, 'may not use process'],
      ['src/core/a.ts', `export const x = () => setTimeout(f, 1)`, 'may not use setTimeout'],
      ['src/core/a.ts', `export const { fetch } = globalThis`, 'may not use globalThis'],
    ],
    kept: [
      ['src/core/a.ts', `import { RE2JS } from 're2js'\nexport const x = { process: 1, Date: 2 }.Date`],
      ['src/core/time.ts', `export const x = new Date(0)`],
      ['src/http/a.ts', `import { createHash } from 'node:crypto'`],
    ],
  },
  {
    says: 'only the clock asks for the time and nothing rolls dice',
    check: checks.ambientTimeAndChance,
    applyTo: src,
    broken: [
      ['src/http/a.ts', `const x = Date.now()`, 'uses Date.now'],
      ['src/http/a.ts', `const x = new Date()`, 'uses new Date()'],
      ['src/http/a.ts', `const x = Math.random`, 'uses Math.random'],
    ],
    kept: [
      ['src/lib/clock.ts', `const x = Date.now()`],
      ['src/http/a.ts', `const x = new Date(5) // Date.now()`],
    ],
  },
  {
    says: 'src imports nothing of tests, fixtures or test keys',
    check: checks.outsideImports,
    applyTo: src,
    broken: [['src/demo/a.ts', `import { x } from '../../test/support/x.js'`, 'src may not import']],
    kept: [['src/demo/a.ts', `import { x } from './test.js'`]],
  },
  {
    says: 'no file is longer than 500 lines',
    check: checks.tooLong,
    applyTo: [...src, ...tests],
    broken: [['src/http/a.ts', '\n'.repeat(501), 'has 501 lines']],
    kept: [
      ['src/http/a.ts', '\n'.repeat(500)],
      ['src/store/sql/migrations/0001-init.ts', '\n'.repeat(900)],
    ],
  },
  {
    says: 'every source file opens with its @module note',
    check: checks.headerless,
    applyTo: src,
    broken: [
      ['src/http/a.ts', `export const x = 1`, 'does not open with an @module comment'],
      [
        'src/http/a.ts',
        `import x from 'y'\n/** @module A note that comes too late to be one. */`,
        'does not open',
      ],
      ['src/http/a.ts', `/** @module Short. */`, 'does not open'],
      ['src/web/a.ts', `/** Says nothing of the module. */`, 'does not open'],
    ],
    kept: [
      ['src/http/a.ts', `/** @module A note of one sentence. */\nexport const x = 1`],
      ['src/main.ts', `#!/usr/bin/env node\n/**\n * @module A note of one sentence.\n */`],
      ['src/web/pages/Audit.tsx', `export function Audit() {}`],
    ],
  },
  {
    says: 'exports have names',
    check: checks.defaultExports,
    applyTo: [...src, ...tests],
    broken: [
      ['src/http/a.ts', `export default 1`, 'default export'],
      ['src/http/a.ts', `export default function f() {}`, 'default export'],
      ['src/http/a.ts', `const a = 1\nexport { a as default }`, 'default export'],
    ],
    kept: [
      ['src/http/a.ts', `export function f(x: number) { switch (x) { default: return 1 } }`],
      ['src/web/vite.config.ts', `export default {}`],
    ],
  },
  {
    says: 'no comment puts work off or silences the compiler',
    check: checks.leftovers,
    applyTo: [...src, ...tests],
    broken: [
      ['src/http/a.ts', `// TODO: later`, 'puts work off'],
      ['src/http/a.ts', `const a = { /* FIXME */ b: 1 }`, 'puts work off'],
      ['test/a.ts', `// @ts-ignore\nconst a = 1`, 'silences the compiler'],
    ],
    kept: [['src/http/a.ts', `const todoList = 'TODO'`]],
  },
  {
    says: 'no test is switched off',
    check: checks.switchedOff,
    applyTo: tests,
    broken: [
      ['test/a.test.ts', `test.only('x', () => {})`, 'test.only may not be committed'],
      ['test/a.test.ts', `describe.skip('x', () => {})`, 'describe.skip'],
      ['test/a.test.ts', `describe.concurrent.skip('x', () => {})`, 'skip'],
      ['test/a.test.ts', `it.todo('x')`, 'it.todo'],
    ],
    kept: [['test/a.test.ts', `test.each([1])('test.only', () => { list.skip(1) })`]],
  },
]

describe.each(rules)('$says', ({ check, applyTo, broken, kept }) => {
  test.each(broken)('%s with %j is caught: %s', (file, text, says) => {
    expect(check([parseSource(file, text)]).join('\n')).toContain(says)
  })
  test.each(kept)('%s with %j is fine', (file, text) => {
    expect(check([parseSource(file, text)])).toEqual([])
  })
  test('holds', () => {
    expect(applyTo.length).toBeGreaterThan(10)
    expect(check(applyTo)).toEqual([])
  })
})

describe('the table of rooms', () => {
  test('names only rooms of its own', () => {
    const named = Object.values(checks.table.rooms).flatMap(({ may, types }) => [...may, ...types])
    expect(named.filter((room) => !(room in checks.table.rooms))).toEqual([])
  })

  test('has no way round: whoever may be imported does not import back', () => {
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const next of checks.table.rooms[from]?.may ?? []) {
        if (!seen.has(next)) reaches(next, seen.add(next))
      }
      return seen
    }
    expect(Object.keys(checks.table.rooms).filter((room) => reaches(room).has(room))).toEqual([])
  })

  test('is applied by the linter too', { timeout: 60_000 }, async () => {
    // Where CI is set, typescript-eslint reads files from the disk and would not see this text.
    const parserOptions = { disallowAutomaticSingleRunInference: true }
    const eslint = new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions } } })
    const text = `import { systemClock } from '../lib/clock.js'\nexport const now = systemClock\n`
    const [result] = await eslint.lintText(text, { filePath: path.join(root, 'src/core/error.ts') })
    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('boundaries/dependencies')
  })
})

describe('a command that asks a gateway', () => {
  const byName = new Map(src.map((source) => [source.file, source]))
  const loaded = new Set<string>()
  const load = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const { specifier, typeOnly, lazy } of byName.get(file)?.imports ?? []) {
      if (typeOnly || lazy) continue
      const isFile = specifier.startsWith('.')
      load(isFile ? path.posix.join(path.posix.dirname(file), specifier.replace(/\.js$/, '.ts')) : specifier)
    }
  }
  load('src/main.ts')

  test('loads its own', () => {
    expect([...loaded]).toEqual(expect.arrayContaining(['src/cli/commands/locks.ts', 'src/start.ts', 'zod']))
  })

  test('loads no server and no emulator: it would start four times as slowly', () => {
    const heavy =
      /^(src\/(app|emulator\/emulator)\.ts|src\/(store|saml|aws|http)\/|@aws-sdk\/|better-sqlite3|pg$|express|samlify|@simplewebauthn\/)/
    expect([...loaded].filter((name) => heavy.test(name))).toEqual([])
  })
})

describe('packages', () => {
  const manifest = JSON.parse(read('package.json'))
  // What is optional is loaded where it is, and done without where it is not.
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
  const all = [...dependencies, ...Object.keys(manifest.devDependencies)]
  const isPage = ({ file }: SourceFile): boolean => file.startsWith('src/web/')

  test('what the running gateway imports is a dependency, what the built page needs any kind of it', () => {
    expect(
      checks.undeclaredPackages(
        src.filter((file) => !isPage(file)),
        dependencies,
      ),
    ).toEqual([])
    expect(checks.undeclaredPackages(src.filter(isPage), all)).toEqual([])
    const sample = parseSource('src/http/a.ts', `import x from 'left-pad'`)
    expect(checks.undeclaredPackages([sample], all)).toEqual(['src/http/a.ts:1 left-pad is not declared'])
  })

  test('the lock file names no registry', () => {
    const lock = JSON.parse(read('package-lock.json'))
    const resolved = Object.entries<{ resolved?: string }>(lock.packages).filter(
      ([, entry]) => 'resolved' in entry,
    )
    expect(resolved).toEqual([])
  })
})
