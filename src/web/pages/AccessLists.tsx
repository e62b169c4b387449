/** @module Access lists: people who share roles, with owners who answer for it. Everyone sees those that concern them. */
import { Button, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, type ReactNode } from 'react'
import { Link } from 'react-router'
import type { ListCard } from '../../api/contract/access-lists.js'
import { ListCardTile } from '../access-lists/ListCardTile.js'
import { ListFilters } from '../access-lists/ListFilters.js'
import { ListTable } from '../access-lists/ListTable.js'
import { useListsView, type ListsView } from '../access-lists/use-lists-view.js'
import { listCardsQuery, type ListFilter } from '../api/access-lists.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { VirtualCards } from '../ui/VirtualCards.js'

export function AccessLists() {
  const view = useListsView()
  const isWide = useMediaQuery('(min-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? true
  const lists = useInfiniteQuery(listCardsQuery(view))
  const first = lists.data?.pages[0]
  const cards = lists.data?.pages.flatMap(({ items }) => items) ?? []
  const { fetchNextPage } = lists
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const paging = {
    total: first?.total,
    hasMore: lists.hasNextPage,
    loadingMore: lists.isFetchingNextPage,
    onMore: more,
  }
  return (
    <>
      <PageTitle
        title="Access lists"
        lead="People who share roles, with owners who answer for it. Lists that reach AWS accounts are groups there."
        actions={
          first?.mayCreate ? (
            <Button component={Link} to={pagePaths.newAccessList()}>
              New access list
            </Button>
          ) : undefined
        }
      />
      <ListFilters view={view} counts={first?.counts} isWide={isWide} />
      {view.filter === 'due' && cards[0] ? <ReviewAll first={cards[0]} total={first?.total ?? 1} /> : null}
      {lists.isPending ? (
        <Skeleton h={320} role="status" aria-label="Loading access lists" />
      ) : !lists.data ? (
        <ErrorState
          error={lists.error}
          what="The access lists could not be read"
          onRetry={() => void lists.refetch()}
        />
      ) : cards.length === 0 ? (
        <Nothing view={view} mayCreate={first?.mayCreate ?? false} />
      ) : view.isTable && isWide ? (
        <ListTable cards={cards} {...paging} />
      ) : (
        <VirtualCards
          label="Access lists"
          items={cards}
          itemKey={({ name }) => name}
          minWidth={320}
          estimate={190}
          gap={12}
          {...paging}
        >
          {(card) => <ListCardTile card={card} />}
        </VirtualCards>
      )}
    </>
  )
}

/** Forty reviews are a quarter's work for one person: one leads to the next. */
function ReviewAll({ first, total }: { first: ListCard; total: number }) {
  return (
    <div className="gh-list-next">
      <Button component={Link} to={pagePaths.accessListReview(first.name)}>
        {total === 1
          ? `Review ${first.title}`
          : `Review all ${total.toLocaleString('en')}, one after another`}
      </Button>
    </div>
  )
}

const nothing: Readonly<Record<ListFilter, readonly [string, ReactNode]>> = {
  all: [
    'No access list concerns you yet',
    'Lists that you own, are in or could ask to join stand here. Owners put people in; ask the owner of the list that you need.',
  ],
  mine: ['You own no access list', 'Owners say who is in a list and review it from time to time.'],
  member: ['You are in no access list', 'Owners put people in; ask the owner of the list that you need.'],
  due: ['Nothing to review', 'Lists that you own stand here from the time that their review is asked for.'],
  aws: [
    'No access list is in AWS',
    'A list that grants a permission set in an account becomes a group in Identity Center.',
  ],
  joinable: [
    'There is no list that you could ask to join',
    'A list stands here if you meet what it asks for and your roles may request all that it grants.',
  ],
}

function Nothing({
  view: { search, filter, change, type },
  mayCreate,
}: {
  view: ListsView
  mayCreate: boolean
}) {
  if (search !== '') {
    return (
      <EmptyState
        title="No access list matches"
        action={
          <Button
            variant="default"
            onClick={() => {
              type('')
              change({ q: undefined, filter: undefined })
            }}
          >
            Show all lists
          </Button>
        }
      >
        Search looks at titles, names and descriptions; every word must be there.
      </EmptyState>
    )
  }
  if (filter === 'all' && mayCreate) {
    return (
      <EmptyState
        title="No access lists yet"
        action={
          <Button component={Link} to={pagePaths.newAccessList()}>
            Make the first access list
          </Button>
        }
      >
        A list says who shares which roles, and who answers for it. The set-up of Identity Center imports the
        groups that AWS has.
      </EmptyState>
    )
  }
  const [title, says] = nothing[filter]
  return <EmptyState title={title}>{says}</EmptyState>
}
