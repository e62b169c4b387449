/** Reviews of a list in words: owners read the date and what follows from it, members what is in force alone. */
import { expect, test } from 'vitest'
import type { ListCard } from '../../../src/api/contract.js'
import { describeReviewState } from '../../../src/cli/acl/list-text.js'

const dueAt = '2026-10-01T00:00:00Z'

test.each<[Partial<ListCard['review']>, string]>([
  [{ state: 'later', dueAt, inForce: 'nothing' }, '2026-10-01'],
  [{ state: 'soon', dueAt, inForce: 'nothing' }, 'due 2026-10-01'],
  [{ state: 'overdue', dueAt, inForce: 'nothing' }, 'overdue since 2026-10-01'],
  [{ state: 'overdue', dueAt, inForce: 'frozen' }, 'overdue since 2026-10-01: nobody can be added'],
  [{ state: 'overdue', dueAt, inForce: 'grants_removed' }, 'overdue since 2026-10-01: it gives nothing'],
  [{ state: 'none', inForce: 'nothing' }, ''],
  [{ state: 'none', inForce: 'frozen' }, 'nobody can be added'],
  [{ state: 'none', inForce: 'grants_removed' }, 'overdue: it gives nothing'],
])('%j', (review, words) => {
  expect(describeReviewState(review as ListCard['review'])).toBe(words)
})
