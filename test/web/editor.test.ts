import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readUnifiedDiff, sideBySide } from '../../src/web/editor/diff.js'
import { toStored, withoutRevision } from '../../src/web/editor/document.js'
import { draftKey, dropDraft, findDraft, keepDraft } from '../../src/web/editor/drafts.js'

describe('the revision in a document', () => {
  test('is taken out of the text that people edit', () => {
    const yaml = 'kind: role\nmetadata:\n  name: x\n  revision: "abc"\nspec: {}\n'
    expect(toStored({ revision: 'abc', yaml })).toEqual({
      revision: 'abc',
      text: 'kind: role\nmetadata:\n  name: x\nspec: {}\n',
    })
  })

  test.each([
    ['a label of that name', 'metadata:\n  labels:\n    revision: "1"\nspec: {}\n'],
    ['a field of spec', 'metadata:\n  name: x\nspec:\n  revision: "1"\n'],
    ['a document without metadata', 'kind: role\n  revision: x\n'],
  ])('stays where it is %s', (_, yaml) => {
    expect(withoutRevision(yaml)).toBe(yaml)
  })
})

describe('two texts side by side', () => {
  test('show lines that were changed on one row, and gaps where one side has none', () => {
    expect(sideBySide('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual([
      { left: 'a', right: 'a', same: true },
      { left: 'b', right: 'B', same: false },
      { left: 'c', right: 'c', same: true },
      { left: undefined, right: 'd', same: false },
    ])
  })

  test('lose no line of either', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ' d'), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(text, text, (left, right) => {
        const rows = sideBySide(`${left.join('\n')}\n`, `${right.join('\n')}\n`)
        expect(rows.flatMap((row) => row.left ?? [])).toEqual(left)
        expect(rows.flatMap((row) => row.right ?? [])).toEqual(right)
      }),
    )
  })
})

test('a unified diff is read without its file names, with a gap between places', () => {
  const diff =
    '--- a\n+++ b\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n@@ -9 +9 @@\n-x\n\\ No newline at end of file\n'
  expect(readUnifiedDiff(diff)).toEqual([
    { kind: 'same', text: 'same' },
    { kind: 'removed', text: 'old' },
    { kind: 'added', text: 'new' },
    { kind: 'gap', text: '' },
    { kind: 'removed', text: 'x' },
  ])
})

describe('a draft', () => {
  test('is found again by whoever typed it, of that resource only', () => {
    const key = draftKey('alice', 'role', 'x', undefined)
    keepDraft(key, { text: 'typed', base: undefined })
    expect(findDraft(key)?.text).toBe('typed')
    expect(findDraft(draftKey('bob', 'role', 'x', undefined))).toBeUndefined()
    expect(findDraft(draftKey('alice', 'role', undefined, 'x'))).toBeUndefined()
    dropDraft(key)
    expect(findDraft(key)).toBeUndefined()
  })
})
