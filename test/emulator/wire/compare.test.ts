/**
 * The comparison behind the wire fixtures: each thing that it lets pass has a twin that it does not.
 */
import { describe, expect, test } from 'vitest'
import { compareJson, compareXml } from './compare.js'
import { parseFixture } from './fixture.js'
import { fill, matches, type Bindings } from './placeholders.js'

const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e'
const other = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const none = (): Bindings => new Map()

describe('JSON of a fixture', () => {
  test.each([
    ['equal members in another order', { a: 1, b: [true, null] }, { b: [true, null], a: 1 }],
    ['a placeholder of the right form', { id: '{{uuid}}' }, { id: uuid }],
    ['a placeholder within a text', { arn: 'ps-{{hex16}}' }, { arn: 'ps-0123456789abcdef' }],
    ['any number where one is asked for', { at: '{{number}}' }, { at: 1.5 }],
    ['anything where that is said', { any: '{{any}}' }, { any: [1] }],
    ['more members where that is said', { a: 1, '{{...}}': 'why' }, { a: 1, b: 2 }],
  ])('agrees with %s', (_what, expected, actual) => {
    expect(compareJson(expected, actual, none())).toEqual([])
  })

  test.each([
    ['a missing member', { a: 1, b: 2 }, { a: 1 }, 'body.b is missing'],
    ['one member more', { a: 1 }, { a: 1, b: null }, 'body.b: expected "no such member", got null'],
    ['a number as text', { a: 1 }, { a: '1' }, 'body.a: expected 1, got "1"'],
    [
      'a text where a number is asked for',
      { a: '{{number}}' },
      { a: '1' },
      'body.a: expected "a number", got "1"',
    ],
    ['null for an absent member', { a: {} }, { a: null }, 'body.a: expected "an object", got null'],
    ['another order of a list', { a: ['x', 'y'] }, { a: ['y', 'x'] }, 'body.a[0]: expected "x", got "y"'],
    ['a longer list', { a: [] }, { a: [1] }, 'body.a.length: expected 0, got 1'],
    ['an object for a list', { a: [] }, { a: {} }, 'body.a: expected "a list", got {}'],
    ['another form', { a: '{{uuid}}' }, { a: 'x' }, 'body.a: expected "{{uuid}}", got "x"'],
  ])('differs from %s', (_what, expected, actual, problem) => {
    expect(compareJson(expected, actual, none())).toContain(problem)
  })
})

describe('XML of a fixture', () => {
  const wrap = (inner: string): string => `<R xmlns="https://example.com/">${inner}</R>`

  test.each([
    ['members of a structure in another order', '<A>1</A><B>2</B>', '<B>2</B><A>1</A>'],
    ['blanks between elements', '\n  <A>1</A>\n', '<A>1</A>'],
    ['an empty element in its other form', '<A/>', '<A></A>'],
    ['a placeholder', '<A>{{uuid}}</A>', `<A>${uuid}</A>`],
    ['more members where that is said', '<A>1</A>{{...}}', '<A>1</A><B>2</B>'],
  ])('agrees with %s', (_what, expected, actual) => {
    expect(compareXml(wrap(expected), wrap(actual), none())).toEqual([])
  })

  test.each([
    ['another order of a list', '<m>1</m><m>2</m>', '<m>2</m><m>1</m>'],
    ['a missing member', '<A>1</A><B>2</B>', '<A>1</A>'],
    ['one member more', '<A>1</A>', '<A>1</A><B/>'],
    ['the same member twice', '<A>1</A>', '<A>1</A><A>1</A>'],
    ['blanks in a text', '<A>1</A>', '<A> 1</A>'],
    ['text beside elements', '<A>1</A>', 'x<A>1</A>'],
    ['an attribute', '<A>1</A>', '<A x="1">1</A>'],
    ['elements in the place of a text', '<A>1</A>', '<A><B/></A>'],
  ])('differs from %s', (_what, expected, actual) => {
    expect(compareXml(wrap(expected), wrap(actual), none())).not.toEqual([])
  })

  test('differs from the same names in another namespace', () => {
    expect(compareXml(wrap('<A/>'), wrap('<A/>').replace('example.com', 'example.org'), none())).toHaveLength(
      1,
    )
  })

  test('refuses what is not well-formed', () => {
    expect(() => compareXml(wrap('<A/>'), wrap('<A>'), none())).toThrow('not well-formed XML')
  })
})

describe('placeholders', () => {
  test('a name stands for the same text from then on', () => {
    const bindings = none()
    expect(matches('{{uuid:a}}', uuid, bindings)).toBe(true)
    expect(matches('{{uuid:a}}', uuid, bindings)).toBe(true)
    expect(matches('{{uuid:a}}', other, bindings)).toBe(false)
    expect(fill('x/{{uuid:a}}', bindings)).toBe(`x/${uuid}`)
  })

  test('a name that is there twice stands for one text', () => {
    expect(matches('{{uuid:a}} {{uuid:a}}', `${uuid} ${uuid}`, none())).toBe(true)
    expect(matches('{{uuid:a}} {{uuid:a}}', `${uuid} ${other}`, none())).toBe(false)
  })

  test('a text that does not match binds nothing', () => {
    const bindings = none()
    expect(matches('{{uuid:a}}!', uuid, bindings)).toBe(false)
    expect(() => fill('{{uuid:a}}', bindings)).toThrow('nothing is bound to {{uuid:a}}')
  })

  test('signs that mean something to regular expressions stand for themselves', () => {
    expect(matches('a.b', 'a.b', none())).toBe(true)
    expect(matches('a.b', 'axb', none())).toBe(false)
  })

  test('a kind that does not exist is refused', () => {
    expect(() => matches('{{uuuid}}', uuid, none())).toThrow('no placeholder is called uuuid')
  })
})

describe('a fixture', () => {
  const text = '# why\n@clock +1s\nGET / HTTP/1.1\nA: b\n\n{}\n-----\nHTTP/1.1 200 OK\n\n{"x": 1}\n'

  test('is read into its parts', () => {
    expect(parseFixture('Op.case.http', text)).toEqual({
      name: 'Op.case.http',
      operation: 'Op',
      directives: [{ verb: 'clock', text: '+1s' }],
      request: { start: 'GET / HTTP/1.1', headers: [['A', 'b']], body: '{}' },
      answer: { start: 'HTTP/1.1 200 OK', headers: [], body: '{"x": 1}' },
    })
  })

  test.each([
    ['an unknown directive', text.replace('@clock', '@clocks'), 'no such directive: @clocks +1s'],
    ['no answer', text.replace('-----', '---'), 'needs one line "-----"'],
    ['another start line', text.replace('GET /', 'get /'), 'not a start line: get / HTTP/1.1'],
    ['a broken header', text.replace('A: b', 'A b'), 'not a header: A b'],
  ])('with %s is refused', (_what, broken, message) => {
    expect(() => parseFixture('Op.case.http', broken)).toThrow(message)
  })
})
