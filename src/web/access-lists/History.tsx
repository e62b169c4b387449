/** @module What was done to a list and its members, newest first. */
import { Skeleton, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { listHistoryQuery } from '../api/access-lists.js'
import { startUpper } from '../ui/format.js'
import { MoreRows } from '../ui/MoreRows.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function History({ name }: { name: string }) {
  const history = useInfiniteQuery(listHistoryQuery(name))
  if (history.isPending) return <Skeleton h={200} role="status" aria-label="Loading the history" />
  if (!history.data) {
    return (
      <ErrorState
        error={history.error}
        what="The history could not be read"
        onRetry={() => void history.refetch()}
      />
    )
  }
  const items = history.data.pages.flatMap((page) => page.items)
  if (items.length === 0 && !history.hasNextPage) {
    return (
      <EmptyState title="Nothing was done to this list yet">
        Changes of the list and of its members stand here, each with who made it.
      </EmptyState>
    )
  }
  return (
    <>
      <ul className="gh-panel gh-rows" aria-label="History">
        {items.map(({ time, code, says }, at) => (
          <li key={`${time} ${at}`}>
            <div>{startUpper(says)}</div>
            <Text size="xs" c="dimmed">
              <RelativeTime at={time} /> · {code}
            </Text>
          </li>
        ))}
      </ul>
      <MoreRows list={history} />
    </>
  )
}
