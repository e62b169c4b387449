/**
 * @module The configuration file: YAML 1.2, strict. An unknown key, a key given twice and a value of the wrong
 * form are problems with their line; nothing in the file is ignored. It knows names, not rules.
 */
import path from 'node:path'
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Pair, type YAMLMap } from 'yaml'
import type { AuditSinksSetting } from './audit-sinks.js'
import { settingPaths, type SettingPath } from './env.js'
import { suggest } from '../core/nearest.js'
import type { ConfigProblem, Settings } from './setting.js'

const groups = [
  ...new Set(settingPaths.filter((name) => name.includes('.')).map((name) => name.split('.')[0])),
]
/** The one setting that is no value but a list of maps; it has no variable. */
const sinksKey = 'audit_sinks'
const topLevel = [
  ...settingPaths.filter((name) => !name.includes('.')),
  ...groups,
  sinksKey,
] as readonly string[]

/** Reads the text of a configuration file; `file` is its absolute path. */
export function parseConfigFile(
  text: string,
  file: string,
): {
  readonly settings: Settings
  readonly auditSinks?: AuditSinksSetting | undefined
  readonly problems: readonly ConfigProblem[]
} {
  const settings: Settings = {}
  let auditSinks: AuditSinksSetting | undefined
  const problems: ConfigProblem[] = []
  const lines = new LineCounter()
  const name = path.basename(file)
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number | undefined): string => `${name}:${lines.linePos(offset ?? 0).line}`

  for (const error of [...document.errors, ...document.warnings]) {
    const message = error.code === 'DUPLICATE_KEY' ? 'this key is given twice; keep one' : error.message
    problems.push({ where: lineAt(error.pos[0]), message })
  }
  if (document.contents === null) return { settings, problems }
  if (!isMap(document.contents)) {
    if (problems.length === 0)
      problems.push({ where: lineAt(0), message: 'must be a map of keys and values' })
    return { settings, problems }
  }
  readMap(document.contents, '')
  return { settings, auditSinks, problems }

  function readMap(map: YAMLMap, prefix: string): void {
    for (const pair of map.items) readPair(pair, prefix)
  }

  function readPair(pair: Pair, prefix: string): void {
    const key = isScalar(pair.key) ? String(pair.key.value) : '?'
    const at = lineAt(isScalar(pair.key) ? pair.key.range?.[0] : undefined)
    const full = `${prefix}${key}`
    if (prefix === '' && groups.includes(full)) {
      if (isMap(pair.value)) readMap(pair.value, `${full}.`)
      else problems.push({ where: `${at} ${full}`, message: 'must be a map of keys and values' })
      return
    }
    if (full === sinksKey) {
      const where = (place: readonly PropertyKey[]) => {
        const node =
          document.getIn([sinksKey, ...place], true) ?? document.getIn([sinksKey, ...place.slice(0, 1)], true)
        return lineAt(
          (isNode(node) ? node.range?.[0] : undefined) ?? (isScalar(pair.key) ? pair.key.range?.[0] : 0),
        )
      }
      const value: unknown = isNode(pair.value) ? pair.value.toJS(document) : undefined
      auditSinks = { value, where, baseDir: path.dirname(file) }
      return
    }
    const known = prefix === '' ? topLevel : settingPaths.filter((candidate) => candidate.startsWith(prefix))
    if (!isSettingPath(full)) {
      problems.push({ where: `${at} ${full}`, message: unknownKey(full, known) })
      return
    }
    const value = plainValue(pair.value)
    if (value === undefined)
      problems.push({ where: `${at} ${full}`, message: 'has no value, or one of the wrong form' })
    else if (!(full in settings)) {
      settings[full] = { value, where: `${at} ${full}`, baseDir: path.dirname(file) }
    }
  }
}

function isSettingPath(name: string): name is SettingPath {
  return (settingPaths as readonly string[]).includes(name)
}

function unknownKey(name: string, known: readonly string[]): string {
  if (name === 'master_key') {
    return 'the master key itself never stands in the file; use master_key_file or GATEHOUSE_MASTER_KEY'
  }
  return `is not a known key${suggest(name, known)}`
}

/** A scalar, or a list of scalars, as plain values; anything else is undefined. */
function plainValue(node: unknown): unknown {
  if (isScalar(node)) return node.value ?? undefined
  if (!isSeq(node)) return undefined
  const values = node.items.map((item) => (isScalar(item) ? item.value : undefined))
  return values.some((value) => value === undefined || value === null) ? undefined : values
}
