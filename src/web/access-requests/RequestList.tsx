/** @module Requests as a list that keeps itself current, filtered by state and searched at the server. */
import { Button, Skeleton, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, type ReactNode } from 'react'
import { accessRequestsQuery, requestCountsQuery } from '../api/access-requests.js'
import { SearchIcon } from '../ui/Icons.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { VirtualCards } from '../ui/VirtualCards.js'
import { RequestRow } from './RequestRow.js'
import { countOf, stateFilters, stateFilterTitles, statesOf, useRequestsView } from './use-requests-view.js'

interface RequestListProps {
  of: 'mine' | 'all'
  /** Stands where there is no request at all. */
  empty: ReactNode
}

export function RequestList({ of, empty }: RequestListProps) {
  const view = useRequestsView()
  const list = useInfiniteQuery(accessRequestsQuery({ of, state: statesOf[view.state], search: view.search }))
  const counts = useQuery(requestCountsQuery({ of, search: view.search }))
  const requests = list.data?.pages.flatMap(({ items }) => items) ?? []
  const { fetchNextPage } = list
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const isFiltered = view.search !== '' || view.state !== 'all'
  return (
    <>
      <div className="gh-chips" role="group" aria-label="Which requests">
        {stateFilters.map((state) => (
          <button
            key={state}
            type="button"
            className="gh-chip"
            aria-pressed={view.state === state}
            onClick={() => view.setState(state)}
          >
            {stateFilterTitles[state]} <span className="gh-chip-count">{countOf(state, counts.data)}</span>
          </button>
        ))}
      </div>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search requests"
          placeholder={
            of === 'all' ? 'Person, account, permission set or reason' : 'Account, permission set or reason'
          }
          leftSection={<SearchIcon />}
          value={view.text}
          onChange={(event) => view.type(event.currentTarget.value)}
          style={{ flex: '1 1 220px', maxWidth: 380 }}
        />
      </div>
      {list.isPending ? (
        <Skeleton h={240} role="status" aria-label="Loading requests" />
      ) : !list.data ? (
        <ErrorState
          error={list.error}
          what="The requests could not be read"
          onRetry={() => void list.refetch()}
        />
      ) : requests.length === 0 ? (
        isFiltered ? (
          <EmptyState
            title="No request matches"
            action={
              <Button
                variant="default"
                onClick={() => {
                  view.type('')
                  view.setState('all')
                }}
              >
                Show all requests
              </Button>
            }
          >
            There is none of this state with these words.
          </EmptyState>
        ) : (
          empty
        )
      ) : (
        <VirtualCards
          label="Requests"
          items={requests}
          itemKey={({ id }) => id}
          estimate={68}
          gap={6}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={more}
        >
          {(request) => <RequestRow request={request} withUser={of === 'all'} />}
        </VirtualCards>
      )}
    </>
  )
}
