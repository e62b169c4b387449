/**
 * @module Traits as people type them: a line each, `name: value, value`.
 */
type ParsedTraits = { ok: true; traits: Record<string, string[]> } | { ok: false; problem: string }

/** Values of a name that comes twice are joined; the order of lines does not matter. */
export function parseTraits(text: string): ParsedTraits {
  const traits = new Map<string, string[]>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim()
    if (name === '') return { ok: false, problem: `Line ${index + 1}: write "name: value, value".` }
    const values = line
      .slice(colon + 1)
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '')
    if (values.length === 0) return { ok: false, problem: `Line ${index + 1}: "${name}" has no value.` }
    traits.set(name, [...new Set([...(traits.get(name) ?? []), ...values])])
  }
  return { ok: true, traits: Object.fromEntries(traits) }
}
