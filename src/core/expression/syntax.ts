/**
 * @module What the languages of this folder share: jsep reads the text into a tree, and here every node gets its place
 * in the text, for messages that point at the fault. Length, depth and number of nodes are bounded before anything
 * walks the tree. Beside quoted text there is raw text in backticks, in which a backslash is a backslash.
 */
import jsep from 'jsep'
import { GatewayError } from '../error.js'

export interface Grammar {
  readonly limits: {
    /** Characters of the text. */
    readonly length: number
    /** Nodes of the tree. */
    readonly nodes: number
    /** Brackets and operators within each other. */
    readonly depth: number
  }
  /** What may be written, for the end of every message. */
  readonly help: string
}

/** `position` counts characters from 1; undefined where the fault has no single place. */
export function syntaxError(
  field: string,
  position: number | undefined,
  problem: string,
  help: string,
): GatewayError {
  const where = position === undefined ? '' : ` at character ${position}:`
  return new GatewayError('INVALID_EXPRESSION', `${field}:${where} ${problem}; ${help}`, { field, position })
}

interface Span {
  readonly start: number
  readonly end: number
}

/** What is used of jsep's parser, which its package exports and its typings leave out. */
interface JsepParser {
  index: number
  readonly expr: string
  readonly code: number
  parse(): jsep.Expression
  gobbleSpaces(): void
  gobbleToken(): jsep.Expression | false | undefined
  throwError(message: string): never
}
const { Jsep } = jsep as typeof jsep & { readonly Jsep: new (text: string) => JsepParser }

const backtick = 96

class PlacingParser extends Jsep {
  readonly spans = new Map<jsep.Expression, Span>()
  readonly #maxDepth: number
  #depth = 0

  constructor(text: string, maxDepth: number) {
    super(text)
    this.#maxDepth = maxDepth
  }

  // Everything that nests (brackets, arguments, prefix operators) comes back here.
  override gobbleToken(): jsep.Expression | false | undefined {
    this.gobbleSpaces()
    const start = this.index
    this.#depth += 1
    if (this.#depth > this.#maxDepth) this.throwError(`it is nested more than ${this.#maxDepth} deep`)
    const node = this.code === backtick ? this.#readRaw() : super.gobbleToken()
    this.#depth -= 1
    if (node) this.spans.set(node, { start, end: this.index })
    return node
  }

  #readRaw(): jsep.Literal {
    const end = this.expr.indexOf('`', this.index + 1)
    if (end < 0) this.throwError('Unclosed quote')
    const raw = this.expr.slice(this.index, end + 1)
    this.index = end + 1
    return { type: 'Literal', value: raw.slice(1, -1), raw }
  }
}

/** A text that is read: its tree, and where in the text each node stands. */
export class SyntaxTree {
  readonly root: jsep.Expression
  readonly #text: string
  readonly #field: string
  readonly #grammar: Grammar
  readonly #spans: ReadonlyMap<jsep.Expression, Span>
  #taken = 0

  /** @throws GatewayError `INVALID_EXPRESSION`. */
  constructor(text: string, field: string, grammar: Grammar) {
    this.#text = text
    this.#field = field
    this.#grammar = grammar
    const { length, depth } = grammar.limits
    if (text.length > length) {
      const problem = `the expression has ${text.length} characters, at most ${length} are read`
      throw syntaxError(field, undefined, problem, grammar.help)
    }
    const parser = new PlacingParser(text, depth)
    try {
      this.root = parser.parse()
    } catch (error) {
      // jsep throws plain errors that carry the place of the fault, counted from 0.
      const { index, description } = error as { index?: number; description?: string }
      const position = index === undefined ? undefined : index + 1
      // The most common slip by far; the whole language behind it would only hide what to do.
      if (description === 'Unexpected "="')
        throw syntaxError(field, position, description, 'to compare write ==')
      throw syntaxError(field, position, description ?? 'it cannot be read', grammar.help)
    }
    this.#spans = parser.spans
  }

  /** The node with its type known, counted: whoever walks the tree takes every node here. */
  take(node: jsep.Expression): jsep.CoreExpression {
    this.#taken += 1
    const { nodes } = this.#grammar.limits
    if (this.#taken > nodes) {
      const problem = `the expression has more than ${nodes} parts`
      throw syntaxError(this.#field, undefined, problem, this.#grammar.help)
    }
    return known(node)
  }

  /**
   * The text of a literal; undefined for other nodes. An escape that quoted text does not know is refused: jsep would
   * drop its backslash, and `\d` in a pattern would silently mean the letter d.
   */
  textOf(node: jsep.Expression): string | undefined {
    const ast = known(node)
    if (ast.type !== 'Literal' || typeof ast.value !== 'string') return undefined
    if (ast.raw.startsWith('`')) return ast.value
    const [escape] = /(?:^|[^\\])(?:\\\\)*(\\[^\\nrt"'])/s.exec(ast.raw)?.slice(1) ?? []
    if (escape === undefined) return ast.value
    return this.refuse(node, escape, `"${escape}" is no escape of quoted text; write "\\${escape}"`)
  }

  /** The piece of the text that a node was read from. */
  sourceOf(node: jsep.Expression): string {
    const span = this.#spanOf(node)
    return span === undefined ? '' : this.#text.slice(span.start, span.end).trim()
  }

  /** Refuses the expression at a node: at the first `fragment` from there on, or where the node begins. */
  refuse(node: jsep.Expression, fragment: string | undefined, problem: string): never {
    const start = this.#spanOf(node)?.start ?? 0
    const index = fragment === undefined || fragment === '' ? -1 : this.#find(fragment, start)
    throw syntaxError(this.#field, (index < 0 ? start : index) + 1, problem, this.#grammar.help)
  }

  /** Outside quotes where it is there, for a fragment is mostly a name or an operator. */
  #find(fragment: string, start: number): number {
    const unquoted = this.#text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/gs, (quoted) =>
      '\0'.repeat(quoted.length),
    )
    const index = unquoted.indexOf(fragment, start)
    return index < 0 ? this.#text.indexOf(fragment, start) : index
  }

  /** Binary operators get no place from jsep: theirs is from their left side to their right side. */
  #spanOf(node: jsep.Expression): Span | undefined {
    const found = this.#spans.get(node)
    if (found !== undefined) return found
    const ast = known(node)
    if (ast.type === 'ConditionalExpression') return this.#spanOf(ast.test)
    if (ast.type !== 'BinaryExpression') return undefined
    const left = this.#spanOf(ast.left)
    const right = this.#spanOf(ast.right)
    return left === undefined || right === undefined ? undefined : { start: left.start, end: right.end }
  }
}

/** jsep types its nodes loosely; with its default configuration only these types are made. */
export function known(node: jsep.Expression): jsep.CoreExpression {
  return node as jsep.CoreExpression
}

/** `a.b` and `a["b"]` as a list of names; undefined where the node is no such path. */
export function pathOf(node: jsep.Expression): readonly string[] | undefined {
  const names: string[] = []
  let ast = known(node)
  while (ast.type === 'MemberExpression' && !ast.optional) {
    const property = known(ast.property)
    if (!ast.computed && property.type === 'Identifier') names.push(property.name)
    else if (ast.computed && property.type === 'Literal' && typeof property.value === 'string') {
      names.push(property.value)
    } else return undefined
    ast = known(ast.object)
  }
  return ast.type === 'Identifier' ? [ast.name, ...names.reverse()] : undefined
}

/** `x` and `f` of `x.f(...)`. */
export function methodOf(
  callee: jsep.Expression,
): { readonly object: jsep.Expression; readonly name: string } | undefined {
  const ast = known(callee)
  if (ast.type !== 'MemberExpression' || ast.computed || ast.optional) return undefined
  const property = known(ast.property)
  return property.type === 'Identifier' ? { object: ast.object, name: property.name } : undefined
}
