/**
 * @module Turns the text of an expression into its tree, refusing everything that is not in the language. jsep splits
 * the text; what its tree may contain is decided here, node by node, from a closed list.
 */
import jsep from 'jsep'
import {
  expressionError,
  expressionLimits,
  type Condition,
  type Expression,
  type Values,
} from './expression.js'

/**
 * Parses an expression; `field` names its place in error messages.
 * @throws GatewayError `INVALID_EXPRESSION` with the position and what is allowed.
 */
export function parseExpression(text: string, field: string): Expression {
  if (text.length > expressionLimits.length) {
    throw expressionError(
      field,
      undefined,
      `the expression has ${text.length} characters, at most ${expressionLimits.length} are read`,
    )
  }
  return { text, field, root: new Compiler(text, field).compile() }
}

/** `a.b` and `a["b"]` as a list of names; undefined where the node is no such path. */
function pathOf(node: jsep.Expression): readonly string[] | undefined {
  const ast = known(node)
  if (ast.type === 'Identifier') return [ast.name]
  if (ast.type !== 'MemberExpression' || ast.optional) return undefined
  const parent = pathOf(ast.object)
  const property = known(ast.property)
  if (parent === undefined) return undefined
  if (!ast.computed && property.type === 'Identifier') return [...parent, property.name]
  if (ast.computed && property.type === 'Literal' && typeof property.value === 'string') {
    return [...parent, property.value]
  }
  return undefined
}

/** jsep types its nodes loosely; with its default configuration only these types are made. */
function known(node: jsep.Expression): jsep.CoreExpression {
  return node as jsep.CoreExpression
}

class Compiler {
  readonly #text: string
  readonly #field: string
  #nodes = 0

  constructor(text: string, field: string) {
    this.#text = text
    this.#field = field
  }

  compile(): Values {
    let tree: jsep.Expression
    try {
      tree = jsep(this.#text)
    } catch (error) {
      // jsep throws plain errors that carry the place of the fault, counted from 0.
      const { index, description } = error as { index?: number; description?: string }
      throw expressionError(
        this.#field,
        index === undefined ? undefined : index + 1,
        description ?? 'not readable',
      )
    }
    return this.#values(tree)
  }

  #values(node: jsep.Expression): Values {
    const ast = this.#count(node)
    switch (ast.type) {
      case 'Literal':
        if (typeof ast.value === 'string') return { kind: 'literal', value: ast.value }
        return this.#refuse(ast.raw, `${ast.raw} is no text; write it in quotes`)
      case 'Identifier':
      case 'MemberExpression':
        return this.#variable(ast)
      case 'CallExpression':
        return this.#call(ast)
      case 'BinaryExpression':
      case 'UnaryExpression':
        if (['==', '!=', '&&', '||', '!'].includes(ast.operator)) {
          return this.#refuse(ast.operator, 'a condition is no value; write ifelse(condition, "yes", "no")')
        }
        return this.#refuse(ast.operator, `${ast.operator} is not part of the language`)
      case 'Compound':
      case 'SequenceExpression':
        return this.#refuse(undefined, 'exactly one expression is expected')
      case 'ArrayExpression':
        return this.#refuse('[', 'write set("a", "b") instead of a list in brackets')
      case 'ConditionalExpression':
        return this.#refuse('?', 'write ifelse(condition, a, b) instead of condition ? a : b')
      default:
        return this.#refuse(undefined, 'this is not part of the language')
    }
  }

  #variable(node: jsep.Expression): Values {
    const path = pathOf(node)
    if (path === undefined) return this.#refuse(undefined, 'only names joined by dots can be read')
    const [root, section, key] = path
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
    return this.#refuse(path.at(-1), `"${path.join('.')}" is unknown`)
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
        const [condition, then, otherwise] = this.#arity(name, args, 3)
        return {
          kind: 'ifelse',
          condition: this.#condition(condition),
          then: this.#values(then),
          otherwise: this.#values(otherwise),
        }
      }
      case 'strings.upper':
        return { kind: 'upper', of: this.#values(this.#arity(name, args, 1)[0]) }
      case 'strings.lower':
        return { kind: 'lower', of: this.#values(this.#arity(name, args, 1)[0]) }
      case 'email.local':
        return { kind: 'emailLocal', of: this.#values(this.#arity(name, args, 1)[0]) }
      case 'strings.replaceall': {
        const [of, from, to] = this.#arity(name, args, 3)
        return {
          kind: 'replaceAll',
          of: this.#values(of),
          from: this.#literal(name, from, false),
          to: this.#literal(name, to, true),
        }
      }
      case 'strings.split': {
        const [of, separator] = this.#arity(name, args, 2)
        return { kind: 'split', of: this.#values(of), separator: this.#literal(name, separator, false) }
      }
      default:
    }
    const method = this.#method(callee)
    if (method?.name === 'add') {
      const parts = args.map((argument) => this.#values(argument))
      return { kind: 'union', parts: [this.#values(method.object), ...parts] }
    }
    if (method?.name === 'remove') {
      const parts = args.map((argument) => this.#values(argument))
      return { kind: 'remove', from: this.#values(method.object), parts }
    }
    if (method?.name === 'contains') {
      return this.#refuse('contains', 'a condition is no value; write ifelse(condition, "yes", "no")')
    }
    return this.#refuse(method?.name ?? name, `there is no function "${name || (method?.name ?? '?')}"`)
  }

  #condition(node: jsep.Expression): Condition {
    const ast = this.#count(node)
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
          return this.#refuse(ast.operator, `${ast.operator} is not part of the language`)
      }
    }
    if (ast.type === 'CallExpression') {
      const method = this.#method(known(ast.callee))
      if (method?.name === 'contains') {
        const [wanted] = this.#arity('contains', ast.arguments, 1)
        return { kind: 'contains', all: this.#values(method.object), wanted: this.#values(wanted) }
      }
    }
    return this.#refuse(undefined, 'a condition is expected here: a comparison or .contains()')
  }

  #equal(ast: jsep.BinaryExpression): Condition {
    return { kind: 'equal', left: this.#values(ast.left), right: this.#values(ast.right) }
  }

  #method(callee: jsep.CoreExpression): { object: jsep.Expression; name: string } | undefined {
    if (callee.type !== 'MemberExpression' || callee.computed || callee.optional) return undefined
    const property = known(callee.property)
    return property.type === 'Identifier' ? { object: callee.object, name: property.name } : undefined
  }

  #arity(name: string, args: readonly jsep.Expression[], count: 1): [jsep.Expression]
  #arity(name: string, args: readonly jsep.Expression[], count: 2): [jsep.Expression, jsep.Expression]
  #arity(
    name: string,
    args: readonly jsep.Expression[],
    count: 3,
  ): [jsep.Expression, jsep.Expression, jsep.Expression]
  #arity(name: string, args: readonly jsep.Expression[], count: number): jsep.Expression[] {
    if (args.length === count) return [...args]
    const unit = count === 1 ? 'argument' : 'arguments'
    return this.#refuse(name.split('.').at(-1), `${name} takes ${count} ${unit}, not ${args.length}`)
  }

  /** The second and third argument of text functions are fixed texts: their work stays proportional to the input. */
  #literal(name: string, node: jsep.Expression, mayBeEmpty: boolean): string {
    const ast = this.#count(node)
    if (ast.type === 'Literal' && typeof ast.value === 'string' && (mayBeEmpty || ast.value !== '')) {
      return ast.value
    }
    const wanted = mayBeEmpty ? 'a text in quotes' : 'a text in quotes that is not empty'
    return this.#refuse(name.split('.').at(-1), `${name} takes ${wanted} here`)
  }

  #count(node: jsep.Expression): jsep.CoreExpression {
    this.#nodes += 1
    if (this.#nodes > expressionLimits.nodes) {
      throw expressionError(
        this.#field,
        undefined,
        `the expression has more than ${expressionLimits.nodes} parts`,
      )
    }
    return known(node)
  }

  /** jsep's nodes carry no place, so the fault is looked up: the first `fragment` that is not inside quotes. */
  #refuse(fragment: string | undefined, problem: string): never {
    const unquoted = this.#text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, (quoted) =>
      '\0'.repeat(quoted.length),
    )
    const index = fragment === undefined || fragment === '' ? -1 : unquoted.indexOf(fragment)
    throw expressionError(this.#field, index < 0 ? 1 : index + 1, problem)
  }
}
