/** @module Resources of one kind as a list that the server searches and pages; search and filter are in the URL. */
import { Badge, SegmentedControl, Skeleton, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useState, type ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { KindAnswer, ResourceItem } from '../../api/contract.js'
import { isProblem } from '../api/client.js'
import { resourceListQuery } from '../api/resources.js'
import { BreakableName } from '../ui/BreakableName.js'
import { SearchIcon } from '../ui/Icons.js'
import { pluralOf } from '../ui/kind-words.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { VirtualTable, type Column } from '../ui/VirtualTable.js'

interface ResourceTableProps {
  kind: KindAnswer
  hrefOf: (name: string) => string
  /** Told where there is nothing at all: what belongs here, and the first step. */
  empty: ReactNode
  /** Whether people tell their own from those that the gateway makes. */
  withOrigin?: boolean
  /** What else stands under the name. */
  below?: (item: ResourceItem) => ReactNode
  /** How wide the name is beside a column of 1; where columns hold more than the name, less. */
  nameShare?: number
}

const pauseMs = 200

export function ResourceTable({
  kind,
  hrefOf,
  empty,
  withOrigin = false,
  below,
  nameShare = 2.6,
}: ResourceTableProps) {
  const [search, setSearch] = useSearchParams()
  const q = search.get('q') ?? ''
  const origin = search.get('origin') ?? ''
  const [text, setText] = useState(q)
  const list = useInfiniteQuery(
    resourceListQuery(kind.name, { search: q || undefined, origin: origin || undefined }),
  )
  function change(name: 'q' | 'origin', value: string): void {
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  }
  const changeSearch = useDebouncedCallback((value: string) => change('q', value.trim()), pauseMs)
  const { fetchNextPage } = list
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  const filtered = q !== '' || origin !== ''
  if (isProblem(list.error, 'FORBIDDEN')) {
    return <ErrorState error={list.error} what={`The ${pluralOf(kind)} could not be read`} />
  }
  return (
    <>
      <div className="gh-list-tools">
        <TextInput
          aria-label={`Search ${pluralOf(kind)}`}
          placeholder="Search"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            changeSearch(event.currentTarget.value)
          }}
          style={{ flex: '0 1 320px' }}
        />
        {withOrigin ? (
          <SegmentedControl
            aria-label="Made by"
            value={origin}
            onChange={(value) => change('origin', value)}
            data={[
              { value: '', label: 'All' },
              { value: 'user', label: 'Made by people' },
              { value: 'system', label: 'Of accounts' },
            ]}
          />
        ) : null}
      </div>
      {list.isPending ? (
        <Skeleton h={320} role="status" aria-label={`Loading ${pluralOf(kind)}`} />
      ) : !list.data ? (
        <ErrorState
          error={list.error}
          what={`The ${pluralOf(kind)} could not be read`}
          onRetry={() => void list.refetch()}
        />
      ) : rows.length === 0 ? (
        filtered ? (
          <EmptyState title={`No ${kind.title} matches`}>
            Search looks at names, descriptions and columns; every word must be there.
          </EmptyState>
        ) : (
          <EmptyState title={`No ${kind.title} yet`}>{empty}</EmptyState>
        )
      ) : (
        <VirtualTable
          label={pluralOf(kind)}
          rows={rows}
          rowKey={({ name }) => name}
          columns={columnsOf(kind, hrefOf, below, nameShare)}
          total={list.data.pages[0]?.total}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={more}
        />
      )}
    </>
  )
}

function columnsOf(
  kind: KindAnswer,
  hrefOf: (name: string) => string,
  below: ResourceTableProps['below'],
  nameShare: number,
): Column<ResourceItem>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      width: `minmax(0, ${nameShare}fr)`,
      cell: (item) => (
        <>
          <NameCell item={item} to={hrefOf(item.name)} />
          {below?.(item)}
        </>
      ),
    },
    ...kind.columns.map(({ key, title }): Column<ResourceItem> => ({
      key: `column-${key}`,
      title,
      width: 'minmax(0, 1fr)',
      wide: true,
      cell: ({ columns }) => (
        <span className="gh-clamp" title={columns[key]}>
          {columns[key] || '–'}
        </span>
      ),
    })),
    {
      key: 'updated',
      title: 'Changed',
      width: '120px',
      wide: true,
      cell: ({ updatedAt, createdAt }) => {
        const at = updatedAt ?? createdAt
        return at === undefined ? '–' : <RelativeTime at={at} />
      },
    },
  ]
}

function NameCell({ item, to }: { item: ResourceItem; to: string }) {
  return (
    <>
      <Link to={to} className="gh-row-link">
        <BreakableName value={item.name} />
      </Link>
      {item.origin === 'system' ? (
        <Badge color="gray" ml={6}>
          system
        </Badge>
      ) : null}
      {item.problem ? (
        <Badge color="red" ml={6} title={item.problem}>
          cannot be used
        </Badge>
      ) : null}
      {item.description ? (
        <Text size="xs" c="dimmed" className="gh-clamp">
          {item.description}
        </Text>
      ) : null}
    </>
  )
}
