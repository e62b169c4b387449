/** @module What decisions change in the pages of a review that are at hand, before the server has answered. */
import type { InfiniteData } from '@tanstack/react-query'
import type { ReviewAnswer } from '../../../api/contract/access-lists.js'
import type { MemberKey } from '../../api/access-lists.js'
import type { Decision } from '../../api/list-reviews.js'

export interface Counts {
  readonly kept: number
  readonly removed: number
  readonly open: number
}

type Pages = InfiniteData<ReviewAnswer, string | undefined>
type Member = ReviewAnswer['items'][number]

const keyOf = ({ kind, name }: MemberKey) => `${kind} ${name}`

/** A decision on some; without `note` theirs stays. */
export function decideIn(
  pages: Pages,
  members: readonly MemberKey[],
  decision: Decision,
  note?: string,
): Pages {
  const decided = new Set(members.map(keyOf))
  return changeIn(pages, (member) => (decided.has(keyOf(member)) ? decideOn(member, decision, note) : member))
}

/** Keeps all who are open, also those whose page is not at hand: of `all` members whoever is not removed. */
export function keepRestIn(pages: Pages, all: number): Pages {
  const kept = changeIn(pages, (member) => (member.decision ? member : decideOn(member, 'keep')))
  return {
    ...kept,
    pages: kept.pages.map((page) => ({ ...page, kept: Math.max(all - page.removed, 0) })),
  }
}

function decideOn(member: Member, decision: Decision, note?: string): Member {
  const { decision: _, note: before, decidedBy: __, lapsed: ___, ...rest } = member
  if (decision === 'open') return rest
  const kept = note ?? before
  return { ...rest, decision, ...(kept !== undefined && kept !== '' && { note: kept }) }
}

/** Counts stand on every page alike. */
function changeIn(pages: Pages, change: (member: Member) => Member): Pages {
  let kept = 0
  let removed = 0
  const changed = pages.pages.map((page) => ({
    ...page,
    items: page.items.map((member) => {
      const after = change(member)
      kept += count(after, 'keep') - count(member, 'keep')
      removed += count(after, 'remove') - count(member, 'remove')
      return after
    }),
  }))
  return {
    ...pages,
    pages: changed.map((page) => ({ ...page, kept: page.kept + kept, removed: page.removed + removed })),
  }
}

function count({ decision }: Member, wanted: 'keep' | 'remove'): number {
  return decision === wanted ? 1 : 0
}
