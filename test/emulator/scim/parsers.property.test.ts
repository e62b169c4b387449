/**
 * The parsers of what strangers write: they give a value or refuse in their own way, whatever they are given.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ScimError } from '../../../src/emulator/scim/error.js'
import { parseFilter } from '../../../src/emulator/scim/filter.js'
import { parseJson } from '../../../src/emulator/scim/json.js'
import { parsePath } from '../../../src/emulator/scim/patch-path.js'
import { enterpriseUrn } from './scim-world.js'

const attribute = fc.stringMatching(/^[A-Za-z][\w.:$-]{0,20}$/)
const sub = fc.stringMatching(/^[A-Za-z$][\w$-]{0,20}$/)
const space = fc.stringMatching(/^[ \t]{1,3}$/)
const text = fc.string({ unit: 'grapheme', maxLength: 40 })

/** Texts made of what a filter or a path is made of, in any order. */
const broken = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'eq',
        'and',
        'or',
        '"',
        '\\',
        '[',
        ']',
        '.',
        ' ',
        '(',
        ')',
        'members',
        '__proto__',
        '\u0000',
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

/** A value, or undefined where the parser refused in its own way. */
function attempt<Value>(parse: () => Value): Value | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    expect(error.status).toBe(400)
    return undefined
  }
}

describe('filters', () => {
  test('any text gives terms or a refusal', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ maxLength: 200 })), (filter) => {
        const terms = attempt(() => parseFilter(filter))
        if (terms !== undefined) accepted += 1
        expect(terms?.length ?? 1).toBeGreaterThan(0)
      }),
      { numRuns: 2000, examples: [['a eq ""'], ['a eq "x" and b eq "y"']] },
    )
    expect(accepted).toBeGreaterThan(0)
  })

  test('what is written is what is read', () => {
    const term = fc.record({ attribute, value: text })
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 1, maxLength: 4 }),
        space,
        fc.constantFrom('eq', 'EQ'),
        (terms, gap, eq) => {
          const written = terms.map((one) => `${one.attribute}${gap}${eq}${gap}${JSON.stringify(one.value)}`)
          expect(parseFilter(written.join(`${gap}and${gap}`))).toEqual(terms)
          expect(attempt(() => parseFilter(written.join(`${gap}or${gap}`)))).toEqual(
            terms.length === 1 ? terms : undefined,
          )
        },
      ),
    )
  })

  test.each([
    ['backslashes', '\\'.repeat(8000)],
    ['quotes', '"'.repeat(8000)],
    ['an open text', `a eq "${'a'.repeat(8000)}`],
    ['an open text of escapes', `a eq "${'\\"'.repeat(4000)}`],
    ['spaces', ' '.repeat(8000)],
    ['a long name', 'a.'.repeat(4000)],
    ['no operator', 'and '.repeat(2000)],
  ])('%s are read in no time', (_what, filter) => {
    const start = process.cpuUsage()
    for (let n = 0; n < 20; n++) attempt(() => parseFilter(filter))
    // Twenty times 8,000 characters; a quadratic pattern needs seconds.
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(400)
  })
})

describe('paths', () => {
  test('any text gives steps or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ maxLength: 200 })), (path) => {
        const steps = attempt(() => parsePath(path))?.steps ?? []
        for (const { name } of steps) expect(path).toContain(name)
        expect(steps.map(({ name }) => name)).not.toContain('__proto__')
      }),
      { numRuns: 2000, examples: [['__proto__.active'], ['name.__proto__'], ['emails[__proto__ eq true]']] },
    )
  })

  test('what is written is what is read', () => {
    const value = fc.oneof(text, fc.boolean())
    fc.assert(
      fc.property(sub, sub, sub, value, fc.boolean(), (name, of, rest, chosen, isExtension) => {
        const prefix = isExtension ? `${enterpriseUrn}:` : ''
        const before = isExtension ? [{ name: enterpriseUrn }] : []
        expect(parsePath(`${prefix}${name}`).steps).toEqual([...before, { name }])
        expect(parsePath(`${prefix}${name}.${rest}`).steps).toEqual([...before, { name }, { name: rest }])
        const where = { name: of, value: chosen }
        const filtered = `${prefix}${name}[${of} eq ${JSON.stringify(chosen)}]`
        expect(parsePath(filtered).steps).toEqual([...before, { name, where }])
        expect(parsePath(`${filtered}.${rest}`).steps).toEqual([...before, { name, where }, { name: rest }])
        expect(attempt(() => parsePath(filtered.replace(' eq ', ' ne ')))).toBeUndefined()
      }),
    )
  })
})

test('any bytes give an object or a refusal', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((json) => new TextEncoder().encode(json)),
      ),
      (bytes) => {
        const parsed = attempt(() => parseJson(Buffer.from(bytes)))
        expect(typeof (parsed ?? {})).toBe('object')
      },
    ),
  )
})
