/**
 * @module Decisions of a review in progress: shown at once, saved one after another in the order they were made. What a
 * filter hides or shows is asked anew only when the filter changes, so that no row moves below a person's hands.
 */
import {
  useInfiniteQuery,
  useIsMutating,
  useMutation,
  useQueryClient,
  type InfiniteData,
} from '@tanstack/react-query'
import { useState } from 'react'
import type { ReviewAnswer } from '../../../api/contract/access-lists.js'
import type { MemberKey } from '../../api/access-lists.js'
import { isProblem, type ApiProblem } from '../../api/client.js'
import {
  decide,
  reviewQuery,
  type Decision,
  type Decisions,
  type ReviewMember,
  type Shown,
} from '../../api/list-reviews.js'
import { decideIn, keepRestIn, type Counts } from './decisions.js'

export interface DecisionTools {
  readonly members: readonly ReviewMember[]
  readonly total: number | undefined
  readonly counts: Counts
  readonly query: ReturnType<typeof useReviewPages>
  readonly decide: (members: readonly MemberKey[], decision: Decision, note?: string) => void
  readonly keepRest: () => void
  /** Removes these and keeps all others that are open. */
  readonly keepAllBut: (members: readonly MemberKey[]) => void
  readonly startOver: () => void
  readonly isSaving: boolean
  readonly error: unknown
}

type Pages = InfiniteData<ReviewAnswer, string | undefined>

function useReviewPages(list: string, view: { search: string; show: Shown }) {
  return useInfiniteQuery(reviewQuery(list, view))
}

interface Reviewing {
  readonly list: string
  /** How many it has, of which a filter shows a part. */
  readonly count: number
  /** Somebody else finished the review; what was decided here since then is in no review. */
  readonly onFinished: (problem: ApiProblem, unsaved: Decisions) => void
}

export function useDecisions(
  { list, count, onFinished }: Reviewing,
  view: { search: string; show: Shown },
): DecisionTools {
  const [all, setAll] = useState(count)
  const client = useQueryClient()
  const query = useReviewPages(list, view)
  const { queryKey } = reviewQuery(list, view)
  const mutationKey = ['review', list]
  const pending = useIsMutating({ mutationKey })
  const save = useMutation({
    mutationKey,
    // One after another: two answers on the same person arrive in the order that they were given.
    scope: { id: `review ${list}` },
    // The first page is the oldest: what changed since it was read is told, also where later pages show it.
    mutationFn: (decisions: Decisions) => {
      const first = client.getQueryData<Pages>(queryKey)?.pages[0]
      return decide(list, {
        ...decisions,
        ...(first !== undefined && { digest: first.digest, lastFinished: first.lastFinished }),
      })
    },
    onSuccess: ({ kept, removed, open, digest }, { keepRest, startOver }) => {
      if (digest !== undefined) {
        patch((pages) => ({ ...pages, pages: pages.pages.map((page) => ({ ...page, digest })) }))
      }
      const isLast = client.isMutating({ mutationKey }) === 1
      if (isLast) {
        setAll(kept + removed + open)
        patch((pages) => ({
          ...pages,
          pages: pages.pages.map((page) => ({ ...page, kept, removed })),
        }))
      }
      // Other views of the review, and the list itself, are read anew when somebody looks at them.
      const refetchType = isLast && (keepRest === true || startOver === true) ? 'active' : 'none'
      void client.invalidateQueries({ queryKey: ['access-lists'], refetchType })
    },
    onError: (error, decisions) => {
      // What is shown stays, so that whatever follows is refused too and told with it.
      if (isProblem(error, 'REVIEW_FINISHED')) onFinished(error, decisions)
      else void client.invalidateQueries({ queryKey: ['access-lists', 'review', list] })
    },
  })
  function patch(change: (pages: Pages) => Pages): void {
    client.setQueryData<Pages>(queryKey, (before) => before && change(before))
  }
  const first = query.data?.pages[0]
  return {
    members: query.data?.pages.flatMap(({ items }) => items) ?? [],
    total: first?.total,
    counts: countsOf(first, all),
    query,
    decide: (members, decision, note) => {
      patch((pages) => decideIn(pages, members, decision, note))
      const told = note === undefined ? {} : { note }
      save.mutate({ decisions: members.map(({ kind, name }) => ({ kind, name, decision, ...told })) })
    },
    keepRest: () => {
      patch((pages) => keepRestIn(pages, all))
      save.mutate({ keepRest: true })
    },
    keepAllBut: (members) => {
      patch((pages) => keepRestIn(decideIn(pages, members, 'remove'), all))
      save.mutate({
        decisions: members.map(({ kind, name }) => ({ kind, name, decision: 'remove' })),
        keepRest: true,
      })
    },
    startOver: () => save.mutate({ startOver: true }),
    isSaving: pending > 0,
    error: save.error,
  }
}

function countsOf(page: Pick<ReviewAnswer, 'kept' | 'removed'> | undefined, all: number): Counts {
  const { kept, removed } = page ?? { kept: 0, removed: 0 }
  return { kept, removed, open: Math.max(all - kept - removed, 0) }
}
