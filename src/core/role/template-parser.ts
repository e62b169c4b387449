/**
 * @module Reads the text of a template into its tree: `internal.x`, `external["x y"]`, `email.local(...)` and
 * `regexp.replace(..., "pattern", "replacement")`. Whatever is not exactly that is an error that names the field;
 * an escape that a quoted text does not know is refused, because a silently dropped backslash widens a pattern.
 */
import { GatewayError } from '../error.js'
import type { TemplateExpression } from './template.js'

const maxTemplateLength = 1024
const maxReplacementLength = 256
const maxDepth = 8

/** The text before, inside and after the only pair of double braces. */
export function splitTemplate(
  text: string,
  field: string,
): { prefix: string; inside: string; suffix: string } {
  if (text.length > maxTemplateLength) {
    throw invalid(field, text, `it is longer than ${maxTemplateLength} characters`)
  }
  const open = text.indexOf('{{')
  const close = text.indexOf('}}', open + 2)
  if (open < 0 || close < 0)
    throw invalid(field, text, '"{{" and "}}" belong together; write {{external.NAME}}')
  const prefix = text.slice(0, open)
  const suffix = text.slice(close + 2)
  if (/[{}]/.test(prefix + suffix)) {
    throw invalid(
      field,
      text,
      'one value holds one {{...}} and no other braces; write several values instead',
    )
  }
  return { prefix, inside: text.slice(open + 2, close), suffix }
}

type Token =
  | { readonly kind: 'name' | 'text'; readonly value: string }
  | { readonly kind: '.' | ',' | '(' | ')' | '[' | ']' }

/** @throws GatewayError `INVALID_TEMPLATE`. */
export function parseExpression(inside: string, text: string, field: string): TemplateExpression {
  const tokens = listTokens(inside, text, field)
  let at = 0
  const fail = (because: string): GatewayError => invalid(field, text, because)

  function take(kind: Token['kind'], wanted: string): string {
    const token = tokens[at]
    if (token?.kind !== kind) throw fail(`${wanted} expected${token ? '' : ' at its end'}`)
    at++
    return 'value' in token ? token.value : token.kind
  }

  function readVariable(namespace: 'internal' | 'external'): TemplateExpression {
    let name: string
    if (tokens[at]?.kind === '[') {
      at++
      name = take('text', 'the name of a trait in quotes')
      take(']', '"]"')
    } else {
      take('.', `"." and the name of a trait after "${namespace}"`)
      name = take('name', 'the name of a trait')
    }
    if (name === '') throw fail('the name of a trait is empty')
    return { kind: 'trait', namespace, name }
  }

  function read(depth: number): TemplateExpression {
    if (depth > maxDepth) throw fail(`functions are nested more than ${maxDepth} deep`)
    const word = take('name', 'internal, external, email.local or regexp.replace')
    if (word === 'internal' || word === 'external') return readVariable(word)
    take('.', `internal, external, email.local or regexp.replace, not "${word}"; "."`)
    const called = `${word}.${take('name', 'the name of a function')}`
    if (called !== 'email.local' && called !== 'regexp.replace') {
      throw fail(`there is no function "${called}", only email.local and regexp.replace`)
    }
    take('(', '"("')
    const of = read(depth + 1)
    if (called === 'email.local') {
      take(')', '")"')
      return { kind: called, of }
    }
    take(',', '"," and the pattern in quotes')
    const pattern = take('text', 'the pattern in quotes')
    take(',', '"," and the replacement in quotes')
    const replacement = take('text', 'the replacement in quotes')
    take(')', '")"')
    if (replacement.length > maxReplacementLength) {
      throw fail(`the replacement is longer than ${maxReplacementLength} characters`)
    }
    return { kind: called, of, pattern, replacement }
  }

  const expression = read(1)
  if (at < tokens.length) throw fail('there is more text after the end of the expression')
  return expression
}

// One alternative a token, tried at one place only: linear, whatever the text is.
const tokenForm = /\s+|([A-Za-z_]\w*)|"((?:[^"\\]|\\.)*)"|`([^`]*)`|([.,()[\]])/suy

function listTokens(inside: string, text: string, field: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < inside.length) {
    tokenForm.lastIndex = at
    const match = tokenForm.exec(inside)
    if (match === null) {
      const rest = inside.slice(at, at + 20)
      throw invalid(field, text, `"${rest}" is not understood; names with other signs go as external["NAME"]`)
    }
    const [whole, name, quoted, raw, sign] = match
    if (name !== undefined) tokens.push({ kind: 'name', value: name })
    else if (quoted !== undefined) tokens.push({ kind: 'text', value: unescape(quoted, text, field) })
    else if (raw !== undefined) tokens.push({ kind: 'text', value: raw })
    // The expression lets no other sign through.
    else if (sign !== undefined) tokens.push({ kind: sign as '.' })
    at += whole.length
  }
  return tokens
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n', t: '\t', r: '\r' }

function unescape(quoted: string, text: string, field: string): string {
  return quoted.replace(/\\(.)/gsu, (whole, sign: string) => {
    const plain = Object.hasOwn(escapes, sign) ? escapes[sign] : undefined
    if (plain !== undefined) return plain
    throw invalid(field, text, `"${whole}" is no escape of quoted text; write "\\${whole}"`)
  })
}

/** An `INVALID_TEMPLATE` that names the field and shows the template. */
export function invalid(field: string, text: string, because: string): GatewayError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text
  return new GatewayError('INVALID_TEMPLATE', `${field}: the template "${shown}" is not usable: ${because}`, {
    field,
    template: shown,
  })
}
