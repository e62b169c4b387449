/** @module To review: the requests that wait for a decision of this person, the newest first. */
import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { Link } from 'react-router'
import { ReviewQueue } from '../access-requests/ReviewQueue.js'
import { accessRequestsQuery } from '../api/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function RequestsToReview() {
  const list = useInfiniteQuery(accessRequestsQuery({ of: 'review', state: '', search: '' }))
  const requests = list.data?.pages.flatMap(({ items }) => items) ?? []
  const { fetchNextPage } = list
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  return (
    <>
      <PageTitle
        title="To review"
        lead="Requests that wait for your decision. Open one to decide on its items one by one, to shorten it, or to move its start."
      />
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
          title="Nothing waits for you"
          action={
            <Button component={Link} to={pagePaths.allRequests()} variant="default">
              See all requests
            </Button>
          }
        >
          Requests stand here that one of your roles lets you review, until you or others have decided.
        </EmptyState>
      ) : (
        <ReviewQueue
          requests={requests}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={more}
        />
      )}
    </>
  )
}
