import { expect, test } from 'vitest'
import { parsePageData } from '../../src/web/page-data.js'

test('reads the refusal that the server embedded', () => {
  const data = {
    kind: 'refusal',
    reference: 'r',
    user: 'ivy',
    serviceProvider: 'aws',
    title: 't',
    reasons: [],
    advice: [],
  }
  expect(parsePageData(JSON.stringify(data))).toEqual(data)
})

test.each([
  ['no element', undefined],
  ['empty text', ''],
  ['broken JSON', '{"kind":'],
  ['null', 'null'],
  ['a number', '7'],
  ['another kind', '{"kind":"greeting"}'],
])('shows the page as usual for %s', (_, text) => {
  expect(parsePageData(text)).toBeUndefined()
})
