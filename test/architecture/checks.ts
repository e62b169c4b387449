/**
 * The rules of the house, each a function from source files to the places that break it. The table of rooms is
 * `rooms.json`. `test/architecture.test.ts` runs them over `src` and over samples that must be caught.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import {
  commentsOf,
  lineOf,
  namesUsed,
  propertiesUsed,
  walk,
  type Import,
  type SourceFile,
} from './source.js'

interface Room {
  readonly may: readonly string[]
  readonly types: readonly string[]
  readonly because: string
}
interface Table {
  readonly rooms: Readonly<Record<string, Room>>
  readonly packages: Readonly<Record<string, readonly string[]>>
  readonly corePackages: readonly string[]
}

export const table = JSON.parse(readFileSync(new URL('rooms.json', import.meta.url), 'utf8')) as Table

/** The room of a file: its folder under `src`, or the file's own name at the top of `src`. */
export function roomOf(file: string): string | undefined {
  const match = /^src\/(?:([^/]+)\/|([^/]+)\.tsx?$)/.exec(file)
  return match?.[1] ?? match?.[2]
}

const at = (file: string, line: number, message: string): string => `${file}:${line} ${message}`

function targetOf(source: SourceFile, { specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return path.posix.join(path.posix.dirname(source.file), specifier.replace(/\.js$/, '.ts'))
}

/** `@scope/name` or `name` of an import of a package; undefined for our own files and Node's. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

export function unknownRooms(sources: readonly SourceFile[]): string[] {
  const rooms = new Set(sources.map(({ file }) => roomOf(file) ?? file))
  return [...rooms].filter((room) => !(room in table.rooms))
}

export function wrongDirections(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const from = roomOf(source.file) ?? ''
    const rules = table.rooms[from]
    return source.imports.flatMap((one) => {
      const target = targetOf(source, one)
      if (target === undefined || rules === undefined) return []
      const to = roomOf(target)
      if (to === from || (to !== undefined && rules.may.includes(to))) return []
      if (to !== undefined && rules.types.includes(to)) {
        if (one.typeOnly) return []
        return [at(source.file, one.line, `may import ${to} with "import type" only: ${rules.because}`)]
      }
      return [at(source.file, one.line, `may not import ${to ?? target}: ${rules.because}`)]
    })
  })
}

/** `store/sql` for a file under `src/store/sql`, and so on, beside the room itself. */
function roomAndFolder(file: string): string[] {
  return [roomOf(file) ?? '', path.posix.dirname(file).split('/').slice(1, 3).join('/')]
}

export function wrongPackages(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap(({ specifier, line }) => {
      const name = packageOf(specifier)
      const allowed = name === undefined ? undefined : table.packages[name]
      if (allowed === undefined || roomAndFolder(source.file).some((room) => allowed.includes(room)))
        return []
      return [at(source.file, line, `may not import ${name ?? ''}: only ${allowed.join(', ')} may`)]
    }),
  )
}

/** Every package that `src` imports must be a dependency; what only the built page needs is in devDependencies. */
export function undeclaredPackages(sources: readonly SourceFile[], declared: readonly string[]): string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap(({ specifier, line }) => {
      const name = packageOf(specifier)
      return name === undefined || declared.includes(name)
        ? []
        : [at(source.file, line, `${name} is not declared`)]
    }),
  )
}

const impureGlobals = [
  ...['Date', 'process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'console'],
  ...[
    'crypto',
    'performance',
    'Buffer',
    'globalThis',
    'require',
    'XMLHttpRequest',
    'WebSocket',
    'localStorage',
  ],
]

export function impurities(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ file }) => roomOf(file) === 'core')
    .flatMap((source) => [
      ...source.imports
        .filter(({ specifier }) => !specifier.startsWith('.') && !table.corePackages.includes(specifier))
        .map(({ specifier, line }) => at(source.file, line, `the core may not import ${specifier}`)),
      ...namesUsed(source.tree)
        .filter(({ name }) => impureGlobals.includes(name))
        .filter(({ name }) => !(name === 'Date' && source.file === 'src/core/time.ts'))
        .map(({ name, line }) => at(source.file, line, `the core may not use ${name}`)),
      ...propertiesUsed(source.tree)
        .filter(({ name }) => name === 'Math.random')
        .map(({ line }) => at(source.file, line, 'the core may not use Math.random')),
    ])
}

/** `Date.now()`, `new Date()` and `Math.random()` outside the two files that exist for them, and the page. */
export function ambientTimeAndChance(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ file }) => file !== 'src/lib/clock.ts' && roomOf(file) !== 'web')
    .flatMap((source) => {
      const found = propertiesUsed(source.tree)
        .filter(({ name }) => name === 'Date.now' || name === 'Math.random')
        .map(({ name, line }) => at(source.file, line, `uses ${name}; take a Clock or a Random`))
      walk(source.tree, (node) => {
        const isDate = ts.isNewExpression(node) && node.expression.getText(source.tree) === 'Date'
        if (isDate && (node.arguments ?? []).length === 0) {
          found.push(at(source.file, lineOf(node), 'uses new Date(); take a Clock'))
        }
      })
      return found
    })
}

export function outsideImports(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((one) => /^(test|fixtures|certs)\//.test(targetOf(source, one) ?? ''))
      .map(({ specifier, line }) => at(source.file, line, `src may not import ${specifier}`)),
  )
}

const maxLines = 500

/** Migrations are written once and may be long. */
export function tooLong(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ file }) => !file.includes('/migrations/'))
    .map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ file, lines }) => `${file} has ${lines} lines; split it (at most ${maxLines})`)
}

/** Every file tells what it is. In the web folder components speak for themselves; plain modules do not. */
export function headerless(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ file }) => !(file.startsWith('src/web/') && file.endsWith('.tsx')))
    .filter(({ text }) => !/^(#!.*\n)?\/\*\*\s(?:\s*\*\s)?@module\s+\S[^]{19,}?\*\//.test(text))
    .map(({ file }) => `${file} does not open with an @module comment of at least one sentence`)
}

export function defaultExports(sources: readonly SourceFile[]): string[] {
  return sources
    .filter(({ file }) => !/\.config\.ts$|^src\/web\/pages\/|-reporter\.ts$/.test(file))
    .flatMap((source) => {
      const found: string[] = []
      walk(source.tree, (node) => {
        const isDefault =
          (ts.isExportAssignment(node) && node.isExportEquals !== true) ||
          (ts.isExportSpecifier(node) && node.name.text === 'default') ||
          (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent))
        if (isDefault) found.push(at(source.file, lineOf(node), 'has a default export'))
      })
      return found
    })
}

export function leftovers(sources: readonly SourceFile[]): string[] {
  const words = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK', 'XX' + 'X'].join('|')})\\b`)
  const silenced = /@ts-(?:ignore|nocheck)/
  const isLeft = ({ text }: { readonly text: string }) => words.test(text) || silenced.test(text)
  // Where no such word stands at all none stands in a comment; to look for comments is slow.
  return sources.filter(isLeft).flatMap((source) =>
    commentsOf(source)
      .filter(isLeft)
      .map(({ line }) => at(source.file, line, 'a comment puts work off or silences the compiler')),
  )
}

/** Tests that are switched off, or that switch all others off. */
export function switchedOff(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) =>
    propertiesUsed(source.tree)
      .filter(({ name }) => /^(?:test|it|describe)(?:\.\w+)*\.(?:only|skip|todo|fails)$/.test(name))
      .map(({ name, line }) => at(source.file, line, `${name} may not be committed`)),
  )
}

/** The names in `wanted` that a document does not show as `code`. */
export function undocumented(document: string, wanted: readonly string[]): string[] {
  const shown = new Set([...document.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code))
  return wanted.filter((name) => !shown.has(name))
}
