/**
 * @module A few lines of YAML to write into a document, for people to copy. Only maps, lists of texts, texts and
 * booleans; every text that YAML could read as something else is quoted.
 */
export type YamlLines = { readonly [key: string]: string | boolean | readonly string[] | YamlLines }

/** The lines of a map, two spaces deeper for each level, without a line break at the end. */
export function yamlLines(map: YamlLines, indent = ''): string {
  return Object.entries(map)
    .map(([key, value]) => `${indent}${scalar(key)}:${valueText(value, indent)}`)
    .join('\n')
}

function valueText(value: YamlLines[string], indent: string): string {
  if (typeof value === 'string') return ` ${scalar(value)}`
  if (typeof value === 'boolean') return ` ${value}`
  if (isList(value)) return ` [${value.map(scalar).join(', ')}]`
  if (Object.keys(value).length === 0) return ' {}'
  return `\n${yamlLines(value, `${indent}  `)}`
}

function isList(value: readonly string[] | YamlLines): value is readonly string[] {
  return Array.isArray(value)
}

const words = /^(?:y|yes|n|no|on|off|true|false|null|nan|inf)$/i

/** Plain where nothing else could be meant; else quoted as JSON does, which YAML 1.2 reads the same. */
function scalar(text: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(text) && !words.test(text) ? text : JSON.stringify(text)
}
