import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sayProblem } from '../../../src/api/resource/problem-words.js'

function say(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value, { error: sayProblem })
  return (result.error?.issues ?? []).map(({ message }) => message)
}

describe('what is wrong is said in our words', () => {
  test.each<[string, z.ZodType, unknown, string]>([
    ['a missing text', z.object({ a: z.string() }), {}, 'is missing'],
    ['a missing list', z.object({ a: z.array(z.string()) }), {}, 'is missing; write a: with a list'],
    [
      'a missing map',
      z.object({ a: z.record(z.string(), z.string()) }),
      {},
      'is missing; write a: with a map of names to values',
    ],
    ['an empty item', z.array(z.object({})), [null], 'must be a map, and is empty'],
    ['text for a number', z.number(), '1', 'must be a number, and is text'],
    ['a number for text', z.string(), 1, 'must be text, and is a number'],
    ['a list for text', z.string(), [], 'must be text, and is a list'],
    ['half a number', z.int(), 1.5, 'must be a whole number'],
    ['no number', z.number(), Number.NaN, 'must be a number'],
    ['text for yes or no', z.boolean(), 'x', 'must be true or false, and is text'],
    ['a word of several', z.enum(['a', 'b']), 'c', 'must be one of a, b'],
    ['a word of one', z.literal('a'), 'c', 'must be a'],
    ['a short text', z.string().min(2), 'x', 'must have at least 2 characters'],
    ['a text that is empty', z.string().min(1), '', 'must have at least 1 character'],
    ['a long text', z.string().max(2), 'xxx', 'must have at most 2 characters'],
    ['a long list', z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 item'],
    ['a small number', z.number().min(2), 1, 'must be at least 2'],
    ['a great number', z.number().max(2), 3, 'must be at most 2'],
    ['a number above a bound', z.number().lt(2), 2, 'must be less than 2'],
    ['a number below a bound', z.number().gt(2), 2, 'must be more than 2'],
    ['a pattern', z.string().regex(/^a$/), 'b', 'must be written in another form'],
    ['an instant', z.iso.datetime(), 'b', 'must be an instant such as 2027-01-31T08:00:00Z'],
    ['a URL', z.url(), 'b', 'must be a URL'],
    ['an odd number', z.number().multipleOf(2), 3, 'must be a multiple of 2'],
    ['an unknown field', z.strictObject({}), { a: 1 }, 'this field is not known: a'],
    ['unknown fields', z.strictObject({}), { a: 1, b: 2 }, 'these fields are not known: a, b'],
    [
      'no form of several',
      z.union([z.string(), z.number()]),
      [],
      'has none of the forms that are allowed here',
    ],
    ['a key', z.record(z.string().max(1), z.string()), { ab: 'x' }, 'has a key that is not allowed here'],
    ['anything where nothing may be', z.never(), 1, 'is not allowed here'],
    ['a rule without words', z.string().refine(() => false), 'x', 'is not allowed here'],
  ])('%s', (_, schema, value, expected) => {
    expect(say(schema, value)).toEqual([expected])
  })

  test('the words of a schema go before', () => {
    expect(say(z.string('must be a name'), 1)).toEqual(['must be a name'])
    expect(say(z.string(), 'right')).toEqual([])
  })
})
