/** @module To review: the requests that wait for a decision of this person, the newest first. */
import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { Link } from 'react-router'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { DecideMany, type Decided } from '../access-requests/DecideMany.js'
import { Outcomes, type Outcome } from '../access-requests/Outcomes.js'
import { ReviewQueue } from '../access-requests/ReviewQueue.js'
import { accessRequestsQuery } from '../api/access-requests.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function RequestsToReview() {
  const list = useInfiniteQuery(accessRequestsQuery({ of: 'review', state: '', search: '' }))
  const requests = list.data?.pages.flatMap(({ items }) => items) ?? []
  const { fetchNextPage } = list
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const reviews = useRight(rights.reviewRequests)
  // Here and not in the queue: of the last one that is decided the queue is gone.
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [deciding, setDeciding] = useState<{ how: Decided; of: readonly AccessRequestRow[] }>()
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([])
  return (
    <>
      <PageTitle
        title="To review"
        lead="Requests that wait for your decision. Open one to decide on its items one by one, to shorten it, or to move its start."
      />
      {outcomes.length > 0 ? <Outcomes outcomes={outcomes} onClose={() => setOutcomes([])} /> : null}
      {list.isPending ? (
        <Skeleton h={240} role="status" aria-label="Loading requests" />
      ) : !list.data ? (
        <ErrorState
          error={list.error}
          what="The requests could not be read"
          onRetry={() => void list.refetch()}
        />
      ) : requests.length === 0 ? (
        <EmptyState
          title={reviews ? 'Nothing waits for you' : 'You decide on no requests'}
          action={
            <Button component={Link} to={pagePaths.allRequests()} variant="default">
              See all requests
            </Button>
          }
        >
          {reviews
            ? 'Requests stand here that one of your roles lets you review, until you or others have decided.'
            : 'None of your roles lets you review requests. An administrator can give you a role with review_requests.'}
        </EmptyState>
      ) : (
        <ReviewQueue
          requests={requests}
          chosen={chosen}
          onChoose={setChosen}
          onDecide={(how, of) => setDeciding({ how, of })}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={more}
        />
      )}
      {deciding ? (
        <DecideMany
          how={deciding.how}
          requests={deciding.of}
          onClose={() => setDeciding(undefined)}
          onDone={(done) => {
            setDeciding(undefined)
            setOutcomes(done)
            // What was refused stays chosen, to be tried again.
            setChosen(
              new Set(done.flatMap(({ request, answer }) => ('refused' in answer ? [request.id] : []))),
            )
          }}
        />
      ) : null}
    </>
  )
}
