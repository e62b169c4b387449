import { describe, expect, test } from 'vitest'
import { readYamlDocuments } from '../../../src/api/resource/documents.js'
import { GatewayError } from '../../../src/core/error.js'

function problems(text: string): [number | undefined, string][] {
  try {
    readYamlDocuments(text, 'f')
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const told = error.details['problems'] as { line?: number; message: string }[]
    return told.map(({ line, message }) => [line, message])
  }
  return []
}

describe('what is never closed is told where it begins', () => {
  test.each([
    ['kind: role\nspec:\n  allow:\n    app_labels: [a\n', [[4, '[ is not closed; add ]']]],
    ['a: {b: 1\n\n\n', [[1, '{ is not closed; add }']]],
    ['x: 1\na: "b\nc: 2\n', [[2, '" is not closed; add "']]],
    ["x: 1\na: 'b\n", [[2, "' is not closed; add '"]]],
    [
      'x: 1\na: {b:\n  [c\n',
      [
        [3, '[ is not closed; add ]'],
        [2, '{ is not closed; add }'],
      ],
    ],
  ])('%j', (text, told) => {
    expect(problems(text)).toEqual(told)
  })

  test('and what is closed is no problem', () => {
    expect(problems('a: [1, {b: "c"}, \'d\']\n')).toEqual([])
  })
})

test.each(['a: [b\n', 'a: "b\n\n\n', 'a: b: c\n\n', 'a:\n\t- b\n', '{\n\n', '- [\n- "\n', 'x: [a]]\n\n\n'])(
  'no line behind the end of the file is told: %j',
  (text) => {
    const lines = text.trimEnd().split('\n').length
    const told = problems(text)
    expect(told).not.toEqual([])
    for (const [line] of told) expect(line).toBeLessThanOrEqual(lines)
  },
)
