import { describe, expect, test } from 'vitest'
import type { ReviewAnswer } from '../../src/api/contract/access-lists.js'
import { decideIn, keepRestIn } from '../../src/web/access-lists/review/decisions.js'

type Member = ReviewAnswer['items'][number]
const member = (name: string, more: Partial<Member> = {}): Member => ({
  kind: 'user',
  name,
  hasUser: true,
  joinedAt: '2026-01-01T00:00:00Z',
  addedBy: 'admin',
  reason: '',
  isLocked: false,
  ...more,
})
const page = (
  items: Member[],
  counts: { kept: number; removed: number; toDecide: number },
): ReviewAnswer => ({
  list: { name: 'team', title: 'Team', type: 'standard' },
  review: { state: 'soon', inForce: 'nothing', decided: 0, toDecide: counts.toDecide },
  items,
  total: counts.toDecide,
  kept: counts.kept,
  removed: counts.removed,
  lastFinished: null,
  digest: 'as it was',
})
const pagesOf = (...pages: ReviewAnswer[]) => ({ pages, pageParams: [undefined] })
const namesBy = (pages: { pages: ReviewAnswer[] }) =>
  pages.pages.flatMap(({ items }) => items.map(({ name, decision }) => `${name} ${decision ?? 'open'}`))

describe('decisions before the server answered', () => {
  const counts = { kept: 1, removed: 0, toDecide: 9 }
  const pages = pagesOf(
    page([member('a', { decision: 'keep', note: 'leads it', decidedBy: 'x' }), member('b')], counts),
    page([member('c')], counts),
  )

  test('are shown with their counts on every page', () => {
    const after = decideIn(pages, [member('b'), member('c')], 'remove')
    expect(namesBy(after)).toEqual(['a keep', 'b remove', 'c remove'])
    expect(after.pages.map(({ kept, removed }) => [kept, removed])).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  test('count once when they are made again, and move when they change', () => {
    const again = decideIn(pages, [member('a')], 'keep')
    expect(again.pages[0]).toMatchObject({ kept: 1, removed: 0 })
    expect(decideIn(pages, [member('a')], 'remove').pages[0]).toMatchObject({ kept: 0, removed: 1 })
  })

  test('keep their note until another is written, and lose it when they are taken back', () => {
    expect(decideIn(pages, [member('a')], 'remove').pages[0]?.items[0]).toMatchObject({ note: 'leads it' })
    expect(decideIn(pages, [member('a')], 'keep', '').pages[0]?.items[0]).not.toHaveProperty('note')
    const open = decideIn(pages, [member('a')], 'open').pages[0]
    expect(open?.items[0]).not.toHaveProperty('note')
    expect(open).toMatchObject({ kept: 0, removed: 0 })
  })

  test('do not take a list for the person of its name', () => {
    const after = decideIn(pages, [{ kind: 'list', name: 'b' }], 'remove')
    expect(namesBy(after)).toEqual(namesBy(pages))
  })

  test('that keep the rest count those on pages that were never read', () => {
    const after = keepRestIn(decideIn(pages, [member('b')], 'remove'), 9)
    expect(namesBy(after)).toEqual(['a keep', 'b remove', 'c keep'])
    expect(after.pages[0]).toMatchObject({ kept: 8, removed: 1 })
  })
})
