/** @module What the language of attribute mapping says, and what it refuses. */
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { evaluateExpression } from '../../../src/core/expression/evaluate.js'
import { expressionLimits } from '../../../src/core/expression/expression.js'
import { parseExpression } from '../../../src/core/expression/parse.js'
import type { User } from '../../../src/core/user/user.js'

const alice: User = {
  name: 'alice@example.com',
  roles: ['access', 'editor'],
  traits: {
    team: ['platform'],
    'cost-center': ['cc-42'],
    mails: ['Al@a.example', 'no-address', 'b@c@d.example'],
    path: ['a/b/c'],
    constructor: ['own'],
  },
  origin: { kind: 'local' },
}

function value(text: string, user = alice): readonly string[] {
  return evaluateExpression(parseExpression(text, 'f'), { user })
}

function refusal(text: string): GatewayError {
  try {
    parseExpression(text, 'spec.attribute_mapping[0].value')
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

describe('an expression yields', () => {
  test.each<[string, readonly string[]]>([
    ['uid', ['alice@example.com']],
    ['user.metadata.name', ['alice@example.com']],
    ['user["metadata"].name', ['alice@example.com']],
    ['eduPersonAffiliation', ['access', 'editor']],
    ['user.spec.roles', ['access', 'editor']],
    ['user.spec.traits.team', ['platform']],
    ['user.spec.traits["cost-center"]', ['cc-42']],
    ["user.spec.traits['cost-center']", ['cc-42']],
    ['user.spec.traits.nobody', []],
    ['"a text"', ['a text']],
    ['set("b", "a", "b")', ['b', 'a']],
    ['set()', []],
    ['union(user.spec.roles, user.spec.traits.team, "access")', ['access', 'editor', 'platform']],
    ['user.spec.roles.add("x", "access")', ['access', 'editor', 'x']],
    ['user.spec.roles.remove("access", "other")', ['editor']],
    ['user.spec.roles.add("x").remove("editor")', ['access', 'x']],
    ['ifelse(user.spec.roles.contains("editor"), "yes", "no")', ['yes']],
    ['ifelse(!user.spec.roles.contains("editor"), "yes", "no")', ['no']],
    ['ifelse(user.spec.roles.contains(set("editor", "none")), "yes", "no")', ['no']],
    ['ifelse(user.spec.traits.team == "platform", "yes", "no")', ['yes']],
    ['ifelse(user.spec.traits.team != "platform", "yes", "no")', ['no']],
    ['ifelse(set("a", "b") == set("b", "a"), "yes", "no")', ['yes']],
    ['ifelse(uid == "x" || user.spec.traits.team == "platform", "yes", "no")', ['yes']],
    ['ifelse(uid == "x" && user.spec.traits.team == "platform", "yes", "no")', ['no']],
    ['ifelse((uid == "x"), "yes", set("n", "o"))', ['n', 'o']],
    ['strings.upper(user.spec.traits.team)', ['PLATFORM']],
    ['strings.lower(user.spec.traits.mails)', ['al@a.example', 'no-address', 'b@c@d.example']],
    ['strings.replaceall(user.spec.traits.path, "/", "::")', ['a::b::c']],
    ['strings.replaceall(uid, "@example.com", "")', ['alice']],
    ['strings.split(user.spec.traits.path, "/")', ['a', 'b', 'c']],
    ['email.local(uid)', ['alice']],
    ['email.local(user.spec.traits.mails)', ['Al', 'b@c']],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected)
  })

  test('nothing for a missing trait, and no list contains nothing', () => {
    expect(value('ifelse(user.spec.roles.contains(user.spec.traits.missing), "yes", "no")')).toEqual(['no'])
  })

  test('a trait that is called like an inherited property only if the user has it', () => {
    expect(value('user.spec.traits.constructor')).toEqual(['own'])
    expect(value('user.spec.traits.constructor', { ...alice, traits: {} })).toEqual([])
    expect(value('user.spec.traits["__proto__"]', { ...alice, traits: {} })).toEqual([])
  })
})

describe('an expression is refused with its place and what is allowed:', () => {
  test.each<[string, number, string]>([
    ['', 1, 'exactly one expression is expected'],
    ['uid uid', 1, 'exactly one expression is expected'],
    ['uid, uid', 1, 'exactly one expression is expected'],
    ['user.spec.traits', 11, '"user.spec.traits" is unknown'],
    ['user.spec.traits.a.b', 20, '"user.spec.traits.a.b" is unknown'],
    ['user.constructor', 6, '"user.constructor" is unknown'],
    ['process.env.HOME', 13, '"process.env.HOME" is unknown'],
    ['external.team', 10, '"external.team" is unknown'],
    ['set("x").length', 1, 'only names joined by dots can be read'],
    ['user?.metadata.name', 1, 'only names joined by dots can be read'],
    ['user[uid]', 1, 'only names joined by dots can be read'],
    ['fetch("x")', 1, 'there is no function "fetch"'],
    ['"x".replace("a", "b")', 5, 'there is no function "replace"'],
    ['uid.constructor("return 1")()', 1, 'there is no function "?"'],
    ['set(1)', 5, '1 is no text; write it in quotes'],
    ['set(true)', 5, 'true is no text; write it in quotes'],
    ['"+" + uid', 5, '+ is not part of the language'],
    ['uid == "x"', 5, 'a condition is no value'],
    ['user.spec.roles.contains("x")', 17, 'a condition is no value'],
    ['ifelse(uid, "a", "b")', 8, 'a condition is expected here'],
    ['ifelse(uid < "b", "a", "b")', 12, '< is not part of the language'],
    ['ifelse(uid == "a", "b")', 1, 'ifelse takes 3 arguments, not 2'],
    ['strings.upper()', 9, 'strings.upper takes 1 argument, not 0'],
    ['strings.split(uid, "")', 9, 'strings.split takes a text in quotes that is not empty here'],
    ['strings.replaceall(uid, uid, "a")', 9, 'strings.replaceall takes a text in quotes that is not empty'],
    ['["a"]', 1, 'write set("a", "b") instead of a list in brackets'],
    ['uid == "?" ? "a" : "b"', 12, 'write ifelse(condition, a, b)'],
    ['this', 1, 'this is not part of the language'],
    ['"open', 6, 'Unclosed quote'],
    ['set(', 5, 'Expected )'],
    ['-uid', 1, '- is not part of the language'],
  ])('%s', (text, position, problem) => {
    const error = refusal(text)
    expect(error.code).toBe('INVALID_EXPRESSION')
    expect(error.message).toContain(`spec.attribute_mapping[0].value: at character ${position}: ${problem}`)
    expect(error.message).toContain('an expression is made of uid, user.metadata.name')
    expect(error.details).toMatchObject({ position })
  })

  test('a text that is too long, and one with too many parts; their twins at the limit are accepted', () => {
    expect(value(`"${'x'.repeat(expressionLimits.length - 2)}"`)).toHaveLength(1)
    expect(refusal(`"${'x'.repeat(expressionLimits.length - 1)}"`).message).toContain(
      'the expression has 1025 characters, at most 1024 are read',
    )
    const parts = (count: number) => `set(${Array.from({ length: count }, () => 'uid').join(',')})`
    expect(value(parts(expressionLimits.nodes - 1))).toEqual([alice.name])
    expect(refusal(parts(expressionLimits.nodes)).message).toContain('has more than 200 parts')
  })

  test('the deepest nesting that fits', () => {
    expect(refusal('('.repeat(1024)).message).toContain('Unclosed (')
    expect(refusal(`${'!'.repeat(1021)}uid`).code).toBe('INVALID_EXPRESSION')
    expect(refusal(`ifelse(${'!'.repeat(900)}(uid=="x"),"a","b")`).message).toContain('more than 200 parts')
  })
})

describe('a result is bounded:', () => {
  const rich = (count: number, length: number): User => ({
    ...alice,
    traits: { many: Array.from({ length: count }, (_, i) => `${i}`.padEnd(length, 'a')) },
  })

  test('in the number of values', () => {
    expect(value('user.spec.traits.many', rich(expressionLimits.values, 4))).toHaveLength(1000)
    expect(() => value('user.spec.traits.many', rich(expressionLimits.values + 1, 4))).toThrow(
      'f: the result for this user has 1001 values and 4004 characters, at most 1000 and 65536 are allowed',
    )
  })

  test('in characters, before a growing replacement is made', () => {
    const grow = `strings.replaceall(user.spec.traits.many, "a", "${'b'.repeat(900)}")`
    expect(value(grow, rich(1, 50))).toHaveLength(1)
    expect(() => value(grow, rich(100, 600))).toThrow(/at most 1000 and 65536 are allowed/)
  })
})
