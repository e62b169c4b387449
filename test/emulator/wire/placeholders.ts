/**
 * Placeholders of wire fixtures: `{{kind}}` stands for a text of that form, `{{kind:name}}` also keeps it, and the
 * same name later stands for the same text.
 */
export type Bindings = Map<string, string>

/** What each kind may be. */
const kinds: Readonly<Record<string, string>> = {
  uuid: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  /** Identity store ids of users, groups and memberships. */
  id: '(?:[0-9a-f]{10}-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  unit: 'ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}',
  /** Page tokens, markers and session tokens. */
  token: '[-a-zA-Z0-9+=/_:]+',
  hex16: '[0-9a-f]{16}',
  /** Unique ids of IAM, after their prefix of four letters. */
  iamId: '[A-Z0-9]{16,17}',
  samlId: '[A-Z0-9]{22,64}',
  isoSeconds: '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z',
  /** `2024-04-05 06:32:12.227`, as in SCIM errors. */
  spacedTime: '\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}\\.\\d{3}',
  integer: '\\d+',
  /** Words that AWS publishes nowhere. */
  text: '[^]+?',
  /** Bytes in base64, as secrets and session tokens are. */
  secret: '[A-Za-z0-9+/=_-]{16,}',
}

const placeholder = /\{\{(\w+)(?::([\w.-]+))?\}\}/g

/**
 * Whether `text` has the form of `pattern`; new names are bound where it has.
 * @throws Error for a kind that does not exist
 */
export function matches(pattern: string, text: string, bindings: Bindings): boolean {
  const names: string[] = []
  let source = ''
  let end = 0
  for (const found of pattern.matchAll(placeholder)) {
    const [whole, kind = '', name] = found
    source += escapeRegExp(pattern.slice(end, found.index))
    end = found.index + whole.length
    const bound = bindings.get(name ?? kind)
    if (bound !== undefined) source += escapeRegExp(bound)
    else if (name === undefined) source += `(?:${formOf(kind)})`
    else if (names.includes(name)) source += `\\${names.indexOf(name) + 1}`
    else {
      names.push(name)
      source += `(${formOf(kind)})`
    }
  }
  const match = new RegExp(`^${source}${escapeRegExp(pattern.slice(end))}$`).exec(text)
  names.forEach((name, index) => {
    const value = match?.[index + 1]
    if (value !== undefined) bindings.set(name, value)
  })
  return match !== null
}

/**
 * The text with every placeholder replaced by what it is bound to.
 * @throws Error where nothing is bound: an earlier fixture of the scenario failed, or the name is misspelt
 */
export function fill(
  text: string,
  bindings: Bindings,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replace(placeholder, (whole, kind: string, name?: string) => {
    const value = bindings.get(name ?? kind)
    if (value === undefined) throw new Error(`nothing is bound to ${whole}`)
    return encode(value)
  })
}

function formOf(kind: string): string {
  const form = kinds[kind]
  if (form === undefined) throw new Error(`no placeholder is called ${kind}`)
  return form
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
