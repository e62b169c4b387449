/** @module Whatever is written, an expression is refused as one or yields a bounded set of texts. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/error.js'
import { evaluateExpression } from '../../../src/core/expression/evaluate.js'
import { expressionLimits } from '../../../src/core/expression/expression.js'
import { parseExpression } from '../../../src/core/expression/parse.js'

const word = fc.constantFrom(
  ...['uid', 'user', '.metadata', '.name', '.spec', '.roles', '.traits', '.team', '["team"]', '.constructor'],
  ...['__proto__', 'set(', 'union(', 'ifelse(', 'strings.upper(', 'strings.replaceall(', 'strings.split('],
  ...['email.local(', '.add(', '.remove(', '.contains(', ')', ')', ',', '"a"', "'b'", '"', '==', '!=', '&&'],
  ...['||', '!', '1', '[', ']', '?', ':', ';', '\\', ' ', 'eduPersonAffiliation', 'true', 'this', '`', '=>'],
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
)
const texts = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 5 })
const anyUser = fc.record({
  name: fc.string({ unit: 'binary' }),
  roles: texts,
  traits: fc.dictionary(fc.oneof(fc.constantFrom('team', '__proto__', 'constructor'), fc.string()), texts),
  origin: fc.constant({ kind: 'local' as const }),
})

/** Expressions that are right by construction, as deep as the generator likes. */
const { values } = fc.letrec<{ values: string; condition: string }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('uid', 'user.spec.roles', 'user.spec.traits.team', '"x"', "'@'", 'set()'),
    fc.tuple(tie('values'), tie('values')).map(([a, b]) => `union(${a}, ${b})`),
    fc.tuple(tie('values'), tie('values')).map(([a, b]) => `${a}.add(${b})`),
    fc.tuple(tie('values'), tie('values')).map(([a, b]) => `${a}.remove(${b})`),
    tie('values').map((a) => `strings.upper(${a})`),
    tie('values').map((a) => `strings.replaceall(${a}, "a", "bb")`),
    tie('values').map((a) => `strings.split(${a}, "-")`),
    tie('values').map((a) => `email.local(${a})`),
    fc.tuple(tie('condition'), tie('values'), tie('values')).map(([c, a, b]) => `ifelse(${c}, ${a}, ${b})`),
  ),
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(tie('values'), tie('values')).map(([a, b]) => `${a} == ${b}`),
    fc.tuple(tie('values'), tie('values')).map(([a, b]) => `${a}.contains(${b})`),
    tie('condition').map((c) => `!(${c})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a}) && (${b})`),
  ),
}))

test('any text is refused with INVALID_EXPRESSION or yields a bounded set of texts', () => {
  fc.assert(
    fc.property(anyText, anyUser, (text, user) => {
      try {
        const result = evaluateExpression(parseExpression(text, 'f'), { user })
        expect(new Set(result).size).toBe(result.length)
        expect(result.every((value) => typeof value === 'string')).toBe(true)
        expect(result.length).toBeLessThanOrEqual(expressionLimits.values)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        expect(error.code).toBe('INVALID_EXPRESSION')
      }
    }),
    { numRuns: 3000 },
  )
})

test('every expression of the grammar is accepted or too large, and its parts are sets', () => {
  fc.assert(
    fc.property(values, anyUser, (text, user) => {
      try {
        const result = evaluateExpression(parseExpression(text, 'f'), { user })
        expect(new Set(result).size).toBe(result.length)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        expect(error.message).toMatch(/characters, at most|has more than 200 parts|at most 1000 and/)
      }
    }),
    { numRuns: 1000 },
  )
})
