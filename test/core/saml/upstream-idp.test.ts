import { expect, test } from 'vitest'
import { isFetchDue, type MetadataCopy } from '../../../src/core/saml/upstream-idp.js'

const now = Date.UTC(2026, 2, 1)
const minute = 60_000
const day = 24 * 60 * minute
const copy: MetadataCopy = { fetchedAt: now, triedAt: now, validUntil: undefined }

test.each([
  ['where there is no copy', undefined, now, false, true],
  ['not again while the copy is young', copy, now + day - 1, false, false],
  ['once the copy is a day old', copy, now + day, false, true],
  ['once it is no longer valid', { ...copy, validUntil: now + 10 * minute }, now + 10 * minute, false, true],
  ['where a signature was by none of its keys', copy, now + 5 * minute, true, true],
  ['not within five minutes of the last attempt', copy, now + 5 * minute - 1, true, false],
  ['nor of a failed one', { ...copy, fetchedAt: undefined }, now + minute, false, false],
  ['and then again', { ...copy, fetchedAt: undefined }, now + 5 * minute, false, true],
])('metadata is fetched %s', (_, kept, at, doubted, due) => {
  expect(isFetchDue(kept, at, doubted)).toBe(due)
})
