/** @module Whatever is written, a condition is refused as one or answered within bounds, and logic is logic. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { evaluatePredicate } from '../../../src/core/expression/evaluate-predicate.js'
import { parsePredicate } from '../../../src/core/expression/parse-predicate.js'
import type { PredicateSubject } from '../../../src/core/expression/predicate.js'

const word = fc.constantFrom(
  ...[
    'labels',
    '["env"]',
    '.env',
    'user',
    '.metadata',
    '.name',
    '.spec',
    '.roles',
    '.traits',
    '.team',
    '"a"',
  ],
  ...[
    'contains(',
    'equals(',
    'is_empty(',
    'regexp.match(',
    'set(',
    '.contains(',
    ')',
    ')',
    ',',
    '==',
    '!=',
    '&&',
  ],
  ...[
    '||',
    '!',
    '(',
    '"^.*$"',
    '`',
    "'",
    '"',
    '\\',
    '[',
    ']',
    '?',
    ':',
    ';',
    '1',
    'true',
    '.constructor',
    '.',
  ],
  ...['__proto__', 'resource', '.labels', 'labels_matching(', '{', '}', '=>', '+', ' ', 'regexp.replace('],
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
)

const name = fc.constantFrom(
  'labels["env"]',
  'labels.team',
  'labels["none"]',
  'user.spec.traits["team"]',
  'user.spec.traits.none',
  'user.spec.roles',
  'user.metadata.name',
)
const value = fc.constantFrom('"a"', '"b"', '"c"', 'set("a", "b")')
const term = fc.oneof(name, value)
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(term, fc.constantFrom('==', '!='), term).map(([a, op, b]) => `${a} ${op} ${b}`),
    fc.tuple(term, term).map(([a, b]) => `contains(${a}, ${b})`),
    fc.tuple(term, term).map(([a, b]) => `contains_any(${a}, ${b})`),
    name.map((a) => `is_empty(${a})`),
    name.map((a) => `regexp.match(${a}, "^[ab]$")`),
    tie('condition').map((a) => `!(${a})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
  ),
}))

const few = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 3 })
const subject: fc.Arbitrary<PredicateSubject> = fc
  .record({
    labels: fc.dictionary(fc.constantFrom('env', 'team'), fc.constantFrom('a', 'b', 'c', '')),
    team: few,
    roles: few,
    name: fc.constantFrom('a', 'x'),
  })
  .map(({ labels, team, roles, name: person }) => ({
    labels,
    user: { name: person, roles, traits: { team } },
  }))

const ask = (text: string, given: PredicateSubject) =>
  evaluatePredicate(parsePredicate(text, 'f', 'labels'), given)

describe('conditions', () => {
  test('are answered or refused as such, whatever is written', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(anyText, condition), subject, (text, given) => {
        try {
          const { holds, failed, says } = ask(text, given)
          accepted += 1
          expect(holds && failed).toBe(false)
          expect(says.length).toBeGreaterThan(0)
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error
          expect(error.code).toBe('INVALID_EXPRESSION')
        }
      }),
      { numRuns: 5000 },
    )
    expect(accepted).toBeGreaterThan(500)
  })

  test('follow the laws of logic', () => {
    fc.assert(
      fc.property(condition, condition, subject, (a, b, given) => {
        const [left, right] = [ask(a, given).holds, ask(b, given).holds]
        expect(ask(`!(${a})`, given).holds).toBe(!left)
        expect(ask(`(${a}) && (${b})`, given).holds).toBe(left && right)
        expect(ask(`(${a}) || (${b})`, given).holds).toBe(left || right)
        expect(ask(`!(!(${a}) && !(${b}))`, given).holds).toBe(left || right)
      }),
      { numRuns: 2000 },
    )
  })

  test('never hold by a comparison of what is missing', () => {
    const missing = fc.constantFrom('labels["gone"]', 'user.spec.traits["gone"]', 'labels_matching("gone*")')
    fc.assert(
      fc.property(missing, term, subject, (gone, other, given) => {
        for (const text of [
          `${gone} == ${other}`,
          `${other} == ${gone}`,
          `equals(${gone}, ${other})`,
          `contains(${gone}, ${other})`,
          `contains(${other}, ${gone})`,
          `contains_any(${other}, ${gone})`,
          `contains_all(${other}, ${gone})`,
          `regexp.match(${gone}, "*")`,
        ]) {
          expect([text, ask(text, given).holds]).toEqual([text, false])
        }
        expect(ask(`is_empty(${gone})`, given).holds).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
