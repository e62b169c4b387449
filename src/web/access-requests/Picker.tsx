/** @module The AWS accounts of the picker: any number of them, searched at the server, with a way on where there is none. */
import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { requestPickerQuery } from '../api/access-requests.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { VirtualCards } from '../ui/VirtualCards.js'
import { AccountCard, type Chosen } from './AccountCard.js'
import type { PickerView } from './use-picker-view.js'

export function Picker({ view, chosen }: { view: PickerView; chosen: Chosen }) {
  const { search, show } = view
  const picker = useInfiniteQuery(requestPickerQuery({ search, show }))
  const accounts = picker.data?.pages.flatMap(({ items }) => items) ?? []
  const total = picker.data?.pages[0]?.total
  const { fetchNextPage } = picker
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  if (picker.isPending) return <Skeleton h={320} role="status" aria-label="Loading accounts" />
  if (!picker.data) {
    return (
      <ErrorState
        error={picker.error}
        what="The accounts could not be read"
        onRetry={() => void picker.refetch()}
      />
    )
  }
  if (accounts.length === 0) return <Nothing view={view} />
  return (
    <>
      <p className="gh-picker-count" role="status">
        {total === undefined
          ? ''
          : `${total.pairs.toLocaleString('en')} permission ${total.pairs === 1 ? 'set' : 'sets'} in ${total.accounts.toLocaleString('en')} ${total.accounts === 1 ? 'account' : 'accounts'}`}
      </p>
      <VirtualCards
        label="AWS accounts"
        items={accounts}
        itemKey={({ account }) => account.id}
        estimate={190}
        gap={10}
        total={total?.accounts}
        hasMore={picker.hasNextPage}
        loadingMore={picker.isFetchingNextPage}
        onMore={more}
      >
        {(entry) => <AccountCard entry={entry} chosen={chosen} />}
      </VirtualCards>
    </>
  )
}

function Nothing({ view: { search, show, change, type } }: { view: PickerView }) {
  if (search !== '') {
    return (
      <EmptyState
        title="No account or permission set matches"
        action={
          <Button
            variant="default"
            onClick={() => {
              type('')
              change({ q: undefined })
            }}
          >
            Clear the search
          </Button>
        }
      >
        Search looks at names and ids of accounts, their organisational units and tags, and at permission
        sets; every word must be there.
      </EmptyState>
    )
  }
  if (show === 'have') {
    return (
      <EmptyState
        title="You have no access to AWS accounts"
        action={
          <Button variant="default" onClick={() => change({ show: undefined })}>
            Show what you may ask for
          </Button>
        }
      >
        What roles, access lists and requests give you stands here, each with a link into AWS.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="There is no AWS account that you may ask for"
      action={
        show === 'all' ? undefined : (
          <Button variant="default" onClick={() => change({ show: 'all' })}>
            Show all, and why not
          </Button>
        )
      }
    >
      None of your roles lets you ask for an account. An administrator can give you a role with request, or
      the owner of an access list can take you in.
    </EmptyState>
  )
}
