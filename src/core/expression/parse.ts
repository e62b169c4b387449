/**
 * @module Turns the text of an expression into its tree, refusing everything that is not in the language. jsep splits
 * the text; what its tree may contain is decided here, node by node, from a closed list.
 */
import type jsep from 'jsep'
import {
  expressionGrammar,
  traitGrammar,
  type Condition,
  type Expression,
  type ExpressionScope,
  type Values,
} from './expression.js'
import { known, methodOf, pathOf, SyntaxTree } from './syntax.js'

/**
 * Parses an expression; `field` names its place in error messages.
 * @throws GatewayError `INVALID_EXPRESSION` with the position and what is allowed.
 */
export function parseExpression(text: string, field: string, scope: ExpressionScope = 'user'): Expression {
  return { text, field, root: new Compiler(text, field, scope).compile() }
}

class Compiler {
  readonly #tree: SyntaxTree
  readonly #scope: ExpressionScope

  constructor(text: string, field: string, scope: ExpressionScope) {
    this.#tree = new SyntaxTree(text, field, scope === 'user' ? expressionGrammar : traitGrammar)
    this.#scope = scope
  }

  compile(): Values {
    return this.#values(this.#tree.root)
  }

  #values(node: jsep.Expression): Values {
    const ast = this.#tree.take(node)
    switch (ast.type) {
      case 'Literal':
        if (typeof ast.value === 'string') return { kind: 'literal', value: this.#tree.textOf(ast) ?? '' }
        return this.#tree.refuse(ast, ast.raw, `${ast.raw} is no text; write it in quotes`)
      case 'Identifier':
      case 'MemberExpression':
        return this.#variable(ast)
      case 'CallExpression':
        return this.#call(ast)
      case 'BinaryExpression':
      case 'UnaryExpression':
        if (['==', '!=', '&&', '||', '!'].includes(ast.operator)) {
          return this.#tree.refuse(
            ast,
            ast.operator,
            'a condition is no value; write ifelse(condition, "yes", "no")',
          )
        }
        return this.#tree.refuse(ast, ast.operator, `${ast.operator} is not part of the language`)
      case 'Compound':
      case 'SequenceExpression':
        return this.#tree.refuse(ast, undefined, 'exactly one expression is expected')
      case 'ArrayExpression':
        return this.#tree.refuse(ast, '[', 'write set("a", "b") instead of a list in brackets')
      case 'ConditionalExpression':
        return this.#tree.refuse(ast, '?', 'write ifelse(condition, a, b) instead of condition ? a : b')
      default:
        return this.#tree.refuse(ast, undefined, 'this is not part of the language')
    }
  }

  #variable(node: jsep.Expression): Values {
    const path = pathOf(node)
    if (path === undefined) return this.#tree.refuse(node, undefined, 'only names joined by dots can be read')
    const [root, section, key] = path
    if (this.#scope === 'external') {
      if (root === 'external' && path.length === 2 && section) return { kind: 'trait', key: section }
      return this.#tree.refuse(node, path.at(-1), `"${path.join('.')}" is unknown`)
    }
    switch (path.join('.')) {
      case 'uid':
      case 'user.metadata.name':
        return { kind: 'name' }
      case 'eduPersonAffiliation':
      case 'user.spec.roles':
        return { kind: 'roles' }
      default:
    }
    const trait = path[3]
    if (root === 'user' && section === 'spec' && key === 'traits' && path.length === 4 && trait) {
      return { kind: 'trait', key: trait }
    }
    return this.#tree.refuse(node, path.at(-1), `"${path.join('.')}" is unknown`)
  }

  #call(ast: jsep.CallExpression): Values {
    const callee = known(ast.callee)
    const name = pathOf(callee)?.join('.') ?? ''
    const args = ast.arguments
    switch (name) {
      case 'set':
      case 'union':
        return { kind: 'union', parts: args.map((argument) => this.#values(argument)) }
      case 'ifelse': {
        const [condition, then, otherwise] = this.#arity(name, ast, 3)
        return {
          kind: 'ifelse',
          condition: this.#condition(condition),
          then: this.#values(then),
          otherwise: this.#values(otherwise),
        }
      }
      case 'strings.upper':
        return { kind: 'upper', of: this.#values(this.#arity(name, ast, 1)[0]) }
      case 'strings.lower':
        return { kind: 'lower', of: this.#values(this.#arity(name, ast, 1)[0]) }
      case 'email.local':
        return { kind: 'emailLocal', of: this.#values(this.#arity(name, ast, 1)[0]) }
      case 'strings.replaceall': {
        const [of, from, to] = this.#arity(name, ast, 3)
        return {
          kind: 'replaceAll',
          of: this.#values(of),
          from: this.#literal(name, ast, from, false),
          to: this.#literal(name, ast, to, true),
        }
      }
      case 'strings.split': {
        const [of, separator] = this.#arity(name, ast, 2)
        return { kind: 'split', of: this.#values(of), separator: this.#literal(name, ast, separator, false) }
      }
      default:
    }
    const method = methodOf(callee)
    if (method?.name === 'add') {
      const parts = args.map((argument) => this.#values(argument))
      return { kind: 'union', parts: [this.#values(method.object), ...parts] }
    }
    if (method?.name === 'remove') {
      const parts = args.map((argument) => this.#values(argument))
      return { kind: 'remove', from: this.#values(method.object), parts }
    }
    if (method?.name === 'contains') {
      return this.#tree.refuse(
        ast,
        'contains',
        'a condition is no value; write ifelse(condition, "yes", "no")',
      )
    }
    return this.#tree.refuse(
      ast,
      method?.name ?? name,
      `there is no function "${name || (method?.name ?? '?')}"`,
    )
  }

  #condition(node: jsep.Expression): Condition {
    const ast = this.#tree.take(node)
    if (ast.type === 'UnaryExpression' && ast.operator === '!') {
      return { kind: 'not', of: this.#condition(ast.argument) }
    }
    if (ast.type === 'BinaryExpression') {
      switch (ast.operator) {
        case '&&':
          return { kind: 'and', left: this.#condition(ast.left), right: this.#condition(ast.right) }
        case '||':
          return { kind: 'or', left: this.#condition(ast.left), right: this.#condition(ast.right) }
        case '==':
          return this.#equal(ast)
        case '!=':
          return { kind: 'not', of: this.#equal(ast) }
        default:
          return this.#tree.refuse(ast, ast.operator, `${ast.operator} is not part of the language`)
      }
    }
    if (ast.type === 'CallExpression') {
      const method = methodOf(known(ast.callee))
      if (method?.name === 'contains') {
        const [wanted] = this.#arity('contains', ast, 1)
        return { kind: 'contains', all: this.#values(method.object), wanted: this.#values(wanted) }
      }
    }
    return this.#tree.refuse(ast, undefined, 'a condition is expected here: a comparison or .contains()')
  }

  #equal(ast: jsep.BinaryExpression): Condition {
    return { kind: 'equal', left: this.#values(ast.left), right: this.#values(ast.right) }
  }

  #arity(name: string, call: jsep.CallExpression, count: 1): [jsep.Expression]
  #arity(name: string, call: jsep.CallExpression, count: 2): [jsep.Expression, jsep.Expression]
  #arity(
    name: string,
    call: jsep.CallExpression,
    count: 3,
  ): [jsep.Expression, jsep.Expression, jsep.Expression]
  #arity(name: string, call: jsep.CallExpression, count: number): jsep.Expression[] {
    const args = call.arguments
    if (args.length === count) return [...args]
    const unit = count === 1 ? 'argument' : 'arguments'
    return this.#tree.refuse(
      call,
      name.split('.').at(-1),
      `${name} takes ${count} ${unit}, not ${args.length}`,
    )
  }

  /** The second and third argument of text functions are fixed texts: their work stays proportional to the input. */
  #literal(name: string, call: jsep.CallExpression, node: jsep.Expression, mayBeEmpty: boolean): string {
    const value = this.#tree.textOf(this.#tree.take(node))
    if (value !== undefined && (mayBeEmpty || value !== '')) return value
    const wanted = mayBeEmpty ? 'a text in quotes' : 'a text in quotes that is not empty'
    return this.#tree.refuse(call, name.split('.').at(-1), `${name} takes ${wanted} here`)
  }
}
