import { expect, test } from 'vitest'
import { tellsOfRead } from '../../../src/core/directory/reads.js'

test('the first read is told of, then each tenfold', () => {
  const told = Array.from({ length: 1000 }, (_, at) => at + 1).filter(tellsOfRead)
  expect(told).toEqual([1, 10, 100, 1000])
})
