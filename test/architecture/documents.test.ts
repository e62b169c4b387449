/** What the source knows by name, the documents name too: settings, error codes, audit events, and files. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { variableNames } from '../../src/config/env.js'
import { auditCodes, auditVariants } from '../../src/core/audit/event.js'
import { errorCodes } from '../../src/core/error.js'
import { undocumented } from './checks.js'
import { filesUnder, literalsOf, readSources, root } from './source.js'

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const src = readSources('src')

describe('documents', () => {
  test('a missing name is noticed', () => {
    expect(undocumented('only `A` and B', ['A', 'B'])).toEqual(['B'])
  })

  test('every environment variable that the source reads is in docs/configuration.md', () => {
    const used = src.flatMap(({ tree }) =>
      literalsOf(tree).filter((text) => /^GATEHOUSE_[A-Z_]+$/.test(text)),
    )
    const all = [...new Set([...used, ...variableNames])]
    expect(all).toContain('GATEHOUSE_PUBLIC_URL')
    expect(undocumented(read('docs/configuration.md'), all)).toEqual([])
    expect(
      all.filter((name) => !variableNames.includes(name)),
      'known to src/config/env.ts',
    ).toEqual([])
  })

  test('every error code and its status is in docs/errors.md, and no other', () => {
    const document = read('docs/errors.md')
    const rows = [...document.matchAll(/^\| `([A-Z_]+)` +\| +(\d{3}) /gm)].map(([, code, status]) => [
      code,
      Number(status),
    ])
    expect(Object.fromEntries(rows)).toEqual(errorCodes)
  })

  test('every audit event and its codes are in docs/audit-events.md, and no other', () => {
    const document = read('docs/audit-events.md')
    const rows = [
      ...document.matchAll(/^\| `([a-z_.]+)` +\| `([A-Z]+\d+[IWE])` +\| (?:`([A-Z]+\d+[IWE])`|—) /gm),
    ]
    const documented = rows.map(([, name, ok, fail]) => [name, fail === undefined ? { ok } : { ok, fail }])
    expect(Object.fromEntries(documented)).toEqual(auditCodes)
    const variants = [
      ...document.matchAll(
        /^\| `([a-z_.]+)` \(`([a-z_]+)`\) +\| `([A-Z]+\d+[IWE])` +\| `([A-Z]+\d+[IWE])` /gm,
      ),
    ]
    const told = variants.map(([, name, variant, ok, fail]) => [name, variant, ok, fail])
    const known = Object.entries(auditVariants).flatMap(([name, of]) =>
      Object.entries(of).map(([variant, { ok, fail }]) => [name, variant, ok, fail]),
    )
    expect(told).toEqual(known)
  })

  test('links between documents lead somewhere', () => {
    const documents = ['README.md', 'CHANGELOG.md', 'SECURITY.md', ...filesUnder('docs')].filter((file) =>
      file.endsWith('.md'),
    )
    const broken = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map(([, target = '']) => path.join(path.dirname(file), target))
        .filter((target) => !existsSync(path.join(root, target)))
        .map((target) => `${file} -> ${target}`),
    )
    expect(broken).toEqual([])
  })

  test('every file and folder that SECURITY.md and README.md name exists', () => {
    const named = ['SECURITY.md', 'README.md'].flatMap((file) =>
      [...read(file).matchAll(/`((?:src|test|fixtures|certs|docs|deploy)\/[\w./-]+)`/g)].map(
        ([, name = '']) => name,
      ),
    )
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([])
  })
})
