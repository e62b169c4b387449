/** @module What the language of `app_labels_expression` and `where` says, and what it refuses. */
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { evaluatePredicate } from '../../../src/core/expression/evaluate-predicate.js'
import { parsePredicate } from '../../../src/core/expression/parse-predicate.js'
import {
  predicateLimits,
  type PredicateScope,
  type PredicateSubject,
} from '../../../src/core/expression/predicate.js'

const alice = {
  name: 'alice@example.com',
  roles: ['access', 'editor'],
  traits: { team: ['sre', 'dev'], 'cost-center': ['cc-42'], mails: ['Al@a.example', 'none'], empty: [] },
}
const labels = { env: 'prod', team: 'sre', 'team-b': 'ops', empty: '' }
const resource = {
  kind: 'user',
  version: 'v2',
  metadata: { name: 'bob', description: '', labels: { team: 'sre' } },
  spec: { roles: ['dev', 'access'], depth: { level: 3, on: true }, list: [{ name: 'x' }], nothing: null },
}

function answer(text: string, scope: PredicateScope = 'labels', subject?: PredicateSubject) {
  const given = subject ?? (scope === 'labels' ? { user: alice, labels } : { user: alice, resource })
  return evaluatePredicate(parsePredicate(text, 'f', scope), given)
}

function refusal(text: string, scope: PredicateScope = 'labels'): GatewayError {
  try {
    parsePredicate(text, 'where', scope)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

describe('an expression about labels', () => {
  test.each<[string, boolean]>([
    ['labels["env"] == "prod"', true],
    ['labels.env == "prod"', true],
    ['"prod" == labels.env', true],
    ['labels["env"] == "test"', false],
    ['labels["env"] != "test"', true],
    ['labels["env"] != "prod"', false],
    ['equals(labels["env"], "prod")', true],
    ['labels["env"] == set("prod", "test")', false],
    ['set("dev", "sre") == user.spec.traits["team"]', true],
    ['labels["team"] == user.spec.traits.team', false],
    ['contains(user.spec.traits["team"], labels["team"])', true],
    ['contains(user.spec.traits["team"], labels["env"])', false],
    ['user.spec.traits.team.contains(labels.team)', true],
    ['set("prod", "test").contains(labels["env"])', true],
    ['contains_any(user.spec.traits.team, set("x", "dev"))', true],
    ['contains_all(user.spec.traits.team, set("x", "dev"))', false],
    ['contains_all(user.spec.traits.team, set("sre", "dev"))', true],
    ['contains(user.spec.roles, "editor") && labels.env == "prod"', true],
    ['contains(user.spec.roles, "nobody") && labels.env == "prod"', false],
    ['contains(user.spec.roles, "nobody") || labels.env == "prod"', true],
    ['!contains(user.spec.roles, "nobody")', true],
    ['!(labels.env == "prod" && labels.team == "sre")', false],
    ['labels.env == "x" || labels.env == "y" && labels.env == "prod"', false],
    ['(labels.env == "prod" || labels.env == "y") && labels.team == "x"', false],
    ['user.metadata.name == "alice@example.com"', true],
    ['email.local(user.metadata.name) == "alice"', true],
    ['email.local(user.spec.traits.mails) == "Al"', true],
    ['strings.upper(labels.env) == "PROD"', true],
    ['strings.lower(user.spec.traits.mails).contains("al@a.example")', true],
    ['regexp.match(labels.env, "^(prod|stage)$")', true],
    ['regexp.match(labels.env, "p*d")', true],
    ['regexp.match(labels.env, "p")', false],
    ['regexp.match(user.spec.traits.team, "^d.*$")', true],
    ['regexp.match(user.spec.traits["cost-center"], `^cc-\\d+$`)', true],
    ['regexp.match(user.spec.traits["cost-center"], "^cc-\\\\d+$")', true],
    ['regexp.replace(user.spec.traits["cost-center"], "^cc-(.*)$", "$1") == "42"', true],
    ['regexp.replace(labels.env, "^cc-(.*)$", "$1") == "prod"', false],
    ['contains(union(user.spec.roles, "x"), "x")', true],
    ['contains(labels_matching("team*"), "ops")', true],
    ['labels_matching("team*") == set("sre", "ops")', true],
    ['is_empty(labels_matching("nothing*"))', true],
  ])('%s is %s', (text, expected) => {
    expect(answer(text)).toMatchObject({ holds: expected, failed: false })
  })

  test.each([
    'labels["x"] == labels["y"]',
    'labels["x"] == "prod"',
    'labels["empty"] == labels["x"]',
    'equals(user.spec.traits.none, labels["x"])',
    'contains(user.spec.traits["team"], labels["x"])',
    'contains(user.spec.traits["none"], labels["x"])',
    'contains_all(user.spec.traits["team"], user.spec.traits["none"])',
    'contains_any(user.spec.traits["none"], user.spec.traits["none"])',
    'regexp.match(labels["x"], "*")',
    'regexp.match(labels["x"], "^.*$")',
    'is_empty(labels["env"])',
    'labels["constructor"] == labels["constructor"]',
    'labels["__proto__"] == labels["__proto__"]',
    'user.spec.traits["toString"] == "x"',
  ])('is not made true by what is missing: %s, and its opposite is', (text) => {
    expect(answer(text)).toMatchObject({ holds: false, failed: false })
    expect(answer(`!(${text})`)).toMatchObject({ holds: true, failed: false })
  })

  test('asks for what is missing by is_empty, and != holds for it', () => {
    expect(answer('is_empty(labels["x"])').holds).toBe(true)
    expect(answer('is_empty(labels["empty"])').holds).toBe(true)
    expect(answer('labels["x"] != "prod"').holds).toBe(true)
    expect(answer('labels["x"] != "prod" && !is_empty(labels["x"])').holds).toBe(false)
  })

  test('knows an own trait that is called like an inherited property', () => {
    const user = { ...alice, traits: { constructor: ['x'] } }
    expect(answer('user.spec.traits.constructor == "x"', 'labels', { user, labels }).holds).toBe(true)
  })
})

describe('an expression about a resource', () => {
  test.each<[string, boolean]>([
    ['resource.kind == "user"', true],
    ['resource.version == "v2"', true],
    ['resource.metadata.name == "bob"', true],
    ['resource.metadata.name == user.metadata.name', false],
    ['is_empty(resource.metadata.description)', true],
    ['resource.metadata.labels["team"] == "sre"', true],
    ['contains(user.spec.traits.team, resource.metadata.labels["team"])', true],
    ['resource.metadata.labels["x"] == "sre"', false],
    ['contains(resource.spec.roles, "dev")', true],
    ['resource.spec.depth.level == "3"', true],
    ['resource.spec.depth.on == "true"', true],
    ['resource.spec["depth"]["level"] == "4"', false],
    ['is_empty(resource.spec.nothing)', true],
    ['is_empty(resource.spec.not.there)', true],
  ])('%s is %s', (text, expected) => {
    expect(answer(text, 'resource')).toMatchObject({ holds: expected, failed: false })
  })

  test.each([
    ['contains(resource.spec.depth, "level")', '"resource.spec.depth" is neither a text nor a list of texts'],
    ['resource.spec.list.name == "x"', '"resource.spec.list.name" is neither a text nor a list of texts'],
    ['!(resource.spec.roles.x == "x")', '"resource.spec.roles.x" is neither a text nor a list of texts'],
  ])('that reads no text has no answer: %s', (text, says) => {
    expect(answer(text, 'resource')).toEqual({
      holds: false,
      failed: true,
      says: `it cannot be evaluated: ${says}`,
    })
  })

  test('has no answer without the person or the resource that it asks for', () => {
    expect(answer('user.metadata.name == "x"', 'resource', { resource })).toMatchObject({ failed: true })
    expect(answer('resource.kind == "x"', 'resource', { user: alice })).toMatchObject({ failed: true })
    expect(answer('labels_matching("*") == "x"', 'labels', { user: alice })).toMatchObject({ failed: true })
  })
})

describe('an expression about a request', () => {
  test.each([
    'contains(reviewer.roles, "approver") && regexp.match(request.reason, "^Ticket [0-9]+.*$")',
    '!equals(request.reason, "x") && contains(request.roles, "prod")',
    'contains(reviewer.traits["team"], "sre") || review.annotations["ok"].contains("yes")',
    'request.system_annotations["mfa"] == "yes" && is_empty(review.reason)',
  ])('is read: %s', (text) => {
    expect(parsePredicate(text, 'f', 'request').text).toBe(text)
  })

  test('is evaluated for plain data', () => {
    const subject = { request: { reason: 'Ticket 7', roles: ['prod'] }, reviewer: { roles: ['approver'] } }
    const text = 'contains(reviewer.roles, "approver") && regexp.match(request.reason, "Ticket*")'
    expect(answer(text, 'request', subject).holds).toBe(true)
    expect(answer(text, 'request', { ...subject, reviewer: { roles: [] } }).holds).toBe(false)
  })
})

describe('a reason names what decided:', () => {
  test.each([
    ['labels["env"] == "staging"', 'labels["env"] is "prod", and the expression wants "staging"'],
    ['labels["env"] == "prod"', 'labels["env"] is "prod", as the expression wants'],
    ['labels["x"] == "prod"', 'labels["x"] has no value, and the expression wants "prod"'],
    ['labels["env"] != "prod"', 'labels["env"] is "prod", and the expression wants anything but "prod"'],
    ['!(labels["env"] == "x")', 'labels["env"] is "prod", and the expression wants anything but "x"'],
    [
      'labels["env"] == "prod" && labels["team"] == "x"',
      'labels["team"] is "sre", and the expression wants "x"',
    ],
    [
      'labels["env"] == "x" || labels["team"] == "y"',
      'labels["env"] is "prod", and the expression wants "x"; labels["team"] is "sre", and the expression wants "y"',
    ],
    [
      'contains(user.spec.traits["team"], labels["env"])',
      'user.spec.traits["team"] is "sre", "dev" and labels["env"] is "prod", and the expression wants contains(user.spec.traits["team"], labels["env"])',
    ],
    [
      '!contains(user.spec.roles, "editor")',
      'user.spec.roles is "access", "editor", and the expression wants !(contains(user.spec.roles, "editor"))',
    ],
  ])('%s', (text, says) => {
    expect(answer(text).says).toBe(says)
  })

  test('and stays short, whatever the values are', () => {
    const user = { ...alice, traits: { team: Array.from({ length: 900 }, (_, i) => `${i}`.padEnd(60, 'x')) } }
    const { says, failed } = answer('contains(user.spec.traits.team, "a")', 'labels', { user, labels })
    expect(failed).toBe(false)
    expect(says.length).toBeLessThan(600)
    expect(says).toContain('895 more')
  })
})

describe('an expression is refused with its place and how to mend it:', () => {
  test.each<[string, number, string]>([
    ['', 1, 'exactly one condition is expected; join several by && or ||'],
    ['labels.a == "x" labels.b == "y"', 1, 'exactly one condition is expected'],
    ['labels.env === "prod"', 12, '=== is not part of the language'],
    ['labels.env < "prod"', 12, '< is not part of the language'],
    ['labels.env', 1, '"labels.env" is no condition; write a comparison such as labels["env"] == "prod"'],
    ['labels.a == "x" && true', 20, '"true" is no condition'],
    ['labels.env == prod', 15, '"prod" is unknown'],
    ['label.env == "prod"', 1, '"label.env" is unknown'],
    ['labels == "prod"', 1, 'write labels["KEY"]'],
    ['labels.a.b == "prod"', 1, 'write labels["KEY"]'],
    ['labels.env == ""', 15, 'nothing equals or contains an empty text; write is_empty(...)'],
    ['labels.env == 5', 15, '5 is no text; write "5"'],
    ['labels.env == ["a"]', 15, 'write set("a", "b") instead of a list in brackets'],
    ['labels[user.metadata.name] == "x"', 1, 'only names joined by dots, or a["b"], can be read'],
    ['labels?.env == "x"', 1, 'only names joined by dots'],
    ['user.spec.trait.team == "x"', 1, '"user.spec.trait.team" is unknown (did you mean user.spec.traits?)'],
    ['user.spec.traits == "x"', 1, 'write user.spec.traits["KEY"]'],
    ['user.constructor.name == "x"', 1, '"user.constructor.name" is unknown'],
    ['contains(labels.env)', 1, 'contains takes 2 arguments, not 1'],
    ['fetch("x") == "y"', 1, 'there is no function "fetch"'],
    ['fetch("x")', 1, '"fetch("x")" is no condition'],
    ['set() == labels.env', 1, 'set() is empty'],
    ['contains(set("a"), labels.a == "b")', 20, 'a value is expected here, not a condition'],
    ['labels.a == contains(set("a"), "b")', 13, 'a value is expected here, not a condition'],
    ['regexp.match(labels.a, labels.b)', 24, 'regexp.match takes a text in quotes here'],
    ['regexp.match(labels.a, "^(?=a)$")', 24, 'the pattern "^(?=a)$" is not usable: RE2 says'],
    ['regexp.match(labels.a, "prod-.*")', 24, 'without ^ and $ only * is special in the pattern "prod-.*"'],
    ['regexp.match(labels.a, "")', 24, 'it is empty'],
    ['regexp.match(labels.a, "^\\d$")', 26, '"\\d" is no escape of quoted text; write "\\\\d"'],
    ['regexp.replace(labels.a, "(", "x") == "y"', 26, 'the pattern "(" is not usable'],
    ['labels.a == "x" ? labels.b == "y" : labels.c == "z"', 17, 'there is no "a ? b : c"'],
    ['-labels.a', 1, '"-labels.a" is no condition'],
    ['labels.a == "open', 18, 'Unclosed quote'],
    ['regexp.match(labels.a, `open)', 24, 'Unclosed quote'],
    ['this == "x"', 1, 'a value is expected here'],
    ['labels.a == "x" && (labels.b == "y"', 36, 'Unclosed ('],
  ])('%s', (text, position, problem) => {
    const error = refusal(text)
    expect(error.code).toBe('INVALID_EXPRESSION')
    expect(error.message).toContain(`where: at character ${position}: `)
    expect(error.message).toContain(problem)
    expect(error.message).toContain('an expression is made of labels["KEY"], user.metadata.name')
    expect(error.details).toMatchObject({ field: 'where', position })
  })

  test('one equals sign is told alone, first and short', () => {
    const { message, details } = refusal('labels.env = "prod"')
    expect(message).toBe('where: at character 12: Unexpected "="; to compare write ==')
    expect(details).toMatchObject({ field: 'where', position: 12 })
  })

  test.each<[string, PredicateScope]>([
    ['labels.env == "x"', 'resource'],
    ['contains(labels_matching("*"), "x")', 'resource'],
    ['resource.kind == "x"', 'labels'],
    ['resource.status.x == "x"', 'resource'],
    ['resource.spec == "x"', 'resource'],
    ['user.metadata.name == "x"', 'request'],
  ])('a name of another scope: %s in %s', (text, scope) => {
    expect(refusal(text, scope).message).toMatch(/at character \d+: .*(unknown|no function|write resource)/)
  })

  test('a text that is too long or too deep or has too many parts; twins at the limit are accepted', () => {
    const long = (length: number) => `labels.a == "${'x'.repeat(length - 14)}"`
    expect(parsePredicate(long(predicateLimits.length), 'f', 'labels').text).toHaveLength(4096)
    expect(refusal(long(predicateLimits.length + 1)).message).toContain('has 4097 characters, at most 4096')
    const deep = (depth: number) => `${'('.repeat(depth)}labels.a == "x"${')'.repeat(depth)}`
    expect(parsePredicate(deep(predicateLimits.depth - 1), 'f', 'labels').reads.has('labels')).toBe(true)
    expect(refusal(deep(predicateLimits.depth)).message).toContain('nested more than 40 deep')
    expect(refusal('!'.repeat(4000)).message).toContain('nested more than 40 deep')
    // Each comparison is three parts, each && one more.
    const wide = (count: number) => Array.from({ length: count }, () => 'labels.a=="x"').join('&&')
    expect(parsePredicate(wide(100), 'f', 'labels').reads.size).toBe(1)
    expect(refusal(wide(101)).message).toContain('has more than 400 parts')
  })
})

describe('evaluation is bounded:', () => {
  const rich = (count: number, length: number): PredicateSubject => ({
    user: { ...alice, traits: { many: Array.from({ length: count }, (_, i) => `${i}`.padEnd(length, 'a')) } },
    labels,
  })

  test('in values and characters', () => {
    const text = 'contains(user.spec.traits.many, "x")'
    expect(answer(text, 'labels', rich(1000, 5)).failed).toBe(false)
    expect(answer(text, 'labels', rich(1001, 5))).toMatchObject({
      failed: true,
      says: 'it cannot be evaluated: a result has 1001 values and 5005 characters, at most 1000 and 65536 are allowed',
    })
    expect(answer(text, 'labels', rich(1000, 65)).failed).toBe(false)
    expect(answer(text, 'labels', rich(1000, 66)).failed).toBe(true)
  })

  test('in work', () => {
    const match = 'regexp.match(user.spec.traits.many, "^(a|b){300}x$")'
    expect(answer(match, 'labels', rich(10, 60)).failed).toBe(false)
    const often = Array.from({ length: 30 }, () => match).join(' || ')
    expect(answer(often, 'labels', rich(1000, 60))).toMatchObject({
      holds: false,
      failed: true,
      says: expect.stringContaining('it takes too much work') as string,
    })
  })
})
