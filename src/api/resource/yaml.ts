/**
 * @module Documents as YAML text for people: one order of fields, and every text that some reader of YAML might take
 * for a number, a date or yes and no in quotes. What is written reads back as the same document.
 */
import { Document, isScalar, visit } from 'yaml'

const first = {
  document: ['kind', 'version', 'metadata', 'spec'],
  metadata: ['name', 'description', 'labels'],
}

/** The text of one document, with a line break at its end. */
export function writeYaml(document: Readonly<Record<string, unknown>>): string {
  const metadata = document['metadata']
  const ordered = putFirst(document, first.document)
  if (isMap(metadata)) ordered['metadata'] = putFirst(metadata, first.metadata)
  const yaml = new Document(ordered, { aliasDuplicateObjects: false })
  visit(yaml, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === 'string' && needsQuotes(node.value))
        node.type = 'QUOTE_SINGLE'
    },
  })
  return yaml.toString({ lineWidth: 0, singleQuote: true })
}

/**
 * Texts that one of the versions of YAML takes for something else: `012`, `1_000`, `0o17`, `12:30`, `2026-01-31`,
 * `yes`, `~`, `<<`. The library knows those of the version that it writes; readers may know another.
 */
function needsQuotes(text: string): boolean {
  return (
    /^[-+.\d][-+.:,_\da-fox]*$/i.test(text) ||
    /^\d{4}-\d\d?-\d\d?/.test(text) ||
    /^(~|null|true|false|yes|no|on|off|y|n|<<|=|[-+]?\.inf|\.nan)$/i.test(text)
  )
}

function putFirst(map: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const known = names.filter((name) => map[name] !== undefined)
  const rest = Object.keys(map).filter((name) => !names.includes(name) && map[name] !== undefined)
  return Object.fromEntries([...known, ...rest].map((name) => [name, map[name]]))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
