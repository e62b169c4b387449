import { expect, test } from 'vitest'
import { parseSort, sortBy } from '../../src/web/ui/SortHeader.js'

const keys = { name: 1, created: 1 }

test.each([
  ['created', { key: 'created', descending: false }],
  ['-created', { key: 'created', descending: true }],
  [null, { key: 'name', descending: false }],
  ['', { key: 'name', descending: false }],
  ['-password', { key: 'name', descending: false }],
  ['toString', { key: 'name', descending: false }],
])('the order %j in the URL is read as %j', (text, expected) => {
  expect(parseSort(text, keys, 'name')).toEqual(expected)
})

test('names sort as people count, and turn round', () => {
  const names = ['user-10', 'user-9', 'ann']
  expect(sortBy(names, (name) => name, false)).toEqual(['ann', 'user-9', 'user-10'])
  expect(sortBy(names, (name) => name, true)).toEqual(['user-10', 'user-9', 'ann'])
  expect(names).toEqual(['user-10', 'user-9', 'ann'])
})
