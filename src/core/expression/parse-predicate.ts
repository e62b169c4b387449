/**
 * @module Turns the text of a condition into its tree, refusing everything that is not in the language. Patterns are
 * compiled here, so that a condition that was accepted can fail later only by what it is evaluated for.
 */
import type jsep from 'jsep'
import { isCode } from '../error.js'
import { compileRegex, parseMatcher, type Matcher } from '../matcher.js'
import {
  predicateLimits,
  type Comparison,
  type Name,
  type Predicate,
  type PredicateRoot,
} from './predicate.js'
import type { PredicateScope, Term, Test } from './predicate.js'
import { findName, predicateHelp } from './predicate-names.js'
import { methodOf, pathOf, SyntaxTree } from './syntax.js'

/**
 * Parses a condition; `field` names its place in error messages.
 * @throws GatewayError `INVALID_EXPRESSION` with the place within the text and what is allowed.
 */
export function parsePredicate(text: string, field: string, scope: PredicateScope): Predicate {
  return new Compiler(text, field, scope).compile()
}

const comparisons = {
  contains: 'containsAll',
  contains_all: 'containsAll',
  contains_any: 'containsAny',
  equals: 'equal',
} as const
const textFunctions = {
  'strings.upper': 'upper',
  'strings.lower': 'lower',
  'email.local': 'emailLocal',
} as const
const conditionWords =
  'write a comparison such as labels["env"] == "prod" or contains(user.spec.roles, "admin")'
const maxReplacementLength = 256

function isKey<T extends object>(table: T, name: string): name is Extract<keyof T, string> {
  return Object.hasOwn(table, name)
}

class Compiler {
  readonly #text: string
  readonly #field: string
  readonly #scope: PredicateScope
  readonly #tree: SyntaxTree
  readonly #reads = new Set<PredicateRoot>()

  constructor(text: string, field: string, scope: PredicateScope) {
    this.#text = text
    this.#field = field
    this.#scope = scope
    this.#tree = new SyntaxTree(text, field, { limits: predicateLimits, help: predicateHelp(scope) })
  }

  compile(): Predicate {
    const root = this.#test(this.#tree.root)
    return { text: this.#text, field: this.#field, root, reads: this.#reads }
  }

  #test(node: jsep.Expression): Test {
    const ast = this.#tree.take(node)
    switch (ast.type) {
      case 'UnaryExpression':
        if (ast.operator === '!') return { kind: 'not', of: this.#test(ast.argument) }
        break
      case 'BinaryExpression':
        return this.#binary(ast)
      case 'CallExpression': {
        const comparison = this.#comparison(ast)
        if (comparison !== undefined) return comparison
        break
      }
      case 'Compound':
      case 'SequenceExpression':
        return this.#tree.refuse(
          ast,
          undefined,
          'exactly one condition is expected; join several by && or ||',
        )
      case 'ConditionalExpression':
        return this.#tree.refuse(ast, '?', 'there is no "a ? b : c"; write (a && b) || (!a && c)')
      default:
    }
    const written = this.#tree.sourceOf(node)
    const shown = written.length > 60 ? `${written.slice(0, 60)}…` : written
    return this.#tree.refuse(ast, undefined, `"${shown}" is no condition; ${conditionWords}`)
  }

  #binary(ast: jsep.BinaryExpression): Test {
    switch (ast.operator) {
      case '&&':
        return { kind: 'and', left: this.#test(ast.left), right: this.#test(ast.right) }
      case '||':
        return { kind: 'or', left: this.#test(ast.left), right: this.#test(ast.right) }
      case '==':
        return this.#equal(ast)
      case '!=':
        return { kind: 'not', of: this.#equal(ast) }
      default:
        return this.#tree.refuse(ast, ast.operator, `${ast.operator} is not part of the language`)
    }
  }

  #equal(ast: jsep.BinaryExpression): Comparison {
    const written = `${this.#tree.sourceOf(ast.left)} == ${this.#tree.sourceOf(ast.right)}`
    return { kind: 'equal', written, left: this.#term(ast.left), right: this.#term(ast.right) }
  }

  /** A function that answers yes or no; undefined for any other. */
  #comparison(ast: jsep.CallExpression): Comparison | undefined {
    const written = this.#tree.sourceOf(ast)
    const name = pathOf(ast.callee)?.join('.') ?? ''
    if (isKey(comparisons, name)) {
      const [left, right] = this.#arguments(name, ast, 2)
      return { kind: comparisons[name], written, left: this.#term(left), right: this.#term(right) }
    }
    if (name === 'is_empty') {
      return { kind: 'isEmpty', written, left: this.#term(this.#arguments(name, ast, 1)[0]) }
    }
    if (name === 'regexp.match') {
      const [left, pattern] = this.#arguments(name, ast, 2)
      return { kind: 'matches', written, left: this.#term(left), ...this.#pattern(name, pattern) }
    }
    const method = methodOf(ast.callee)
    if (method === undefined || !isKey(comparisons, method.name)) return undefined
    const [right] = this.#arguments(method.name, ast, 1)
    return {
      kind: comparisons[method.name],
      written,
      left: this.#term(method.object),
      right: this.#term(right),
    }
  }

  #term(node: jsep.Expression): Term {
    const ast = this.#tree.take(node)
    switch (ast.type) {
      case 'Literal': {
        const value = this.#tree.textOf(ast)
        if (value === undefined) {
          return this.#tree.refuse(ast, undefined, `${ast.raw} is no text; write "${ast.raw}"`)
        }
        if (value !== '') return { kind: 'text', value }
        const problem =
          'nothing equals or contains an empty text; write is_empty(...) to ask for a missing value'
        return this.#tree.refuse(ast, undefined, problem)
      }
      case 'Identifier':
      case 'MemberExpression':
        return this.#name(ast)
      case 'CallExpression':
        return this.#call(ast)
      case 'ArrayExpression':
        return this.#tree.refuse(ast, undefined, 'write set("a", "b") instead of a list in brackets')
      default:
        return this.#tree.refuse(ast, undefined, 'a value is expected here, not a condition')
    }
  }

  #name(node: jsep.Expression): Name {
    const words = pathOf(node)
    if (words === undefined) {
      return this.#tree.refuse(node, undefined, 'only names joined by dots, or a["b"], can be read')
    }
    const found = findName(this.#scope, words)
    if (found.name === undefined) return this.#tree.refuse(node, undefined, found.problem)
    this.#reads.add(found.name.root)
    return { kind: 'name', ...found.name, written: this.#tree.sourceOf(node) }
  }

  #call(ast: jsep.CallExpression): Term {
    const name = pathOf(ast.callee)?.join('.') ?? ''
    if (name === 'set' || name === 'union') {
      if (ast.arguments.length === 0) return this.#tree.refuse(ast, undefined, `${name}() is empty`)
      return { kind: 'union', parts: ast.arguments.map((argument) => this.#term(argument)) }
    }
    if (isKey(textFunctions, name)) {
      return { kind: textFunctions[name], of: this.#term(this.#arguments(name, ast, 1)[0]) }
    }
    if (name === 'regexp.replace') {
      const [of, pattern, replacement] = this.#arguments(name, ast, 3)
      const source = this.#quoted(name, pattern)
      const regex = this.#compile(pattern, () => compileRegex(source, name))
      const text = this.#quoted(name, replacement)
      if (text.length > maxReplacementLength) {
        const problem = `the replacement is longer than ${maxReplacementLength} characters`
        return this.#tree.refuse(replacement, undefined, problem)
      }
      return { kind: 'replace', of: this.#term(of), regex, replacement: text }
    }
    if (name === 'labels_matching' && this.#scope === 'labels') {
      const { matcher } = this.#pattern(name, this.#arguments(name, ast, 1)[0])
      this.#reads.add('labels')
      return { kind: 'labelsMatching', keys: matcher, written: this.#tree.sourceOf(ast) }
    }
    if (this.#comparison(ast) !== undefined) {
      return this.#tree.refuse(ast, undefined, 'a value is expected here, not a condition')
    }
    return this.#tree.refuse(ast, undefined, `there is no function "${name || 'of this form'}"`)
  }

  /** A pattern as in label values: a text, a glob, or a regular expression between ^ and $. */
  #pattern(name: string, node: jsep.Expression): { readonly matcher: Matcher; readonly weight: number } {
    const source = this.#quoted(name, node)
    const matcher = this.#compile(node, () => parseMatcher(source, name))
    if (matcher.kind === 'regex') return { matcher, weight: compileRegex(source, name).programSize() }
    if (/[\\()[\]|+?]|\.\*/.test(source)) {
      const problem = `without ^ and $ only * is special in the pattern "${source.slice(0, 60)}"; write "^...$" around a regular expression`
      return this.#tree.refuse(node, undefined, problem)
    }
    return { matcher, weight: 1 }
  }

  /** Patterns and replacements are fixed texts: they are compiled once, and nobody's traits become a pattern. */
  #quoted(name: string, node: jsep.Expression): string {
    const value = this.#tree.textOf(this.#tree.take(node))
    return value ?? this.#tree.refuse(node, undefined, `${name} takes a text in quotes here`)
  }

  #compile<T>(node: jsep.Expression, work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (!isCode(error, 'INVALID_MATCHER')) throw error
      return this.#tree.refuse(node, undefined, error.message)
    }
  }

  #arguments(name: string, ast: jsep.CallExpression, count: 1): [jsep.Expression]
  #arguments(name: string, ast: jsep.CallExpression, count: 2): [jsep.Expression, jsep.Expression]
  #arguments(
    name: string,
    ast: jsep.CallExpression,
    count: 3,
  ): [jsep.Expression, jsep.Expression, jsep.Expression]
  #arguments(name: string, ast: jsep.CallExpression, count: number): jsep.Expression[] {
    const given = ast.arguments
    if (given.length === count) return [...given]
    const unit = count === 1 ? 'argument' : 'arguments'
    return this.#tree.refuse(ast, undefined, `${name} takes ${count} ${unit}, not ${given.length}`)
  }
}
