/** @module Whom a finished review kept and whom it removed, with who decided each and why; read when it is opened. */
import { SegmentedControl, Skeleton, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { finishedDecisionsQuery } from '../api/list-reviews.js'
import { SearchIcon } from '../ui/Icons.js'
import { MoreRows } from '../ui/MoreRows.js'
import { ErrorState } from '../ui/States.js'

type Show = 'all' | 'keep' | 'remove'
const shows: readonly { readonly value: Show; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'keep', label: 'Kept' },
  { value: 'remove', label: 'Removed' },
]
const pauseMs = 250
/** From so many on there is something to search. */
const many = 10

export function FinishedDecisions({ list, review }: { list: string; review: string }) {
  const [show, setShow] = useState<Show>('all')
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), pauseMs)
  const decisions = useInfiniteQuery(finishedDecisionsQuery(list, review, { search, show }))
  const items = decisions.data?.pages.flatMap((page) => page.items) ?? []
  const total = decisions.data?.pages[0]?.total ?? 0
  const isWhole = show === 'all' && search === ''
  if (decisions.isPending) return <Skeleton h={80} role="status" aria-label="Loading decisions" />
  if (!decisions.data) {
    return (
      <ErrorState
        error={decisions.error}
        what="The decisions could not be read"
        onRetry={() => void decisions.refetch()}
      />
    )
  }
  if (isWhole && total === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nobody was in the list, or the review is from before Gatehouse kept whom a review kept.
      </Text>
    )
  }
  return (
    <div>
      <div className="gh-list-tools">
        <SegmentedControl
          size="xs"
          aria-label="Which decisions"
          value={show}
          onChange={(value) => setShow(shows.find((one) => one.value === value)?.value ?? 'all')}
          data={[...shows]}
        />
        {total > many || !isWhole ? (
          <TextInput
            size="xs"
            aria-label="Search decisions"
            placeholder="Search name or note"
            leftSection={<SearchIcon />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        ) : null}
      </div>
      {items.length === 0 ? (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      ) : (
        <ul className="gh-facts-list" aria-label="Decisions">
          {items.map(({ kind, name, title, decision, note, by }) => (
            <li key={`${kind} ${name}`}>
              <Text size="sm">
                <b>{decision === 'keep' ? 'Kept' : 'Removed'}</b>{' '}
                {kind === 'list' ? `list ${title ?? name}` : name}
                {note ? ` (“${note}”)` : ''}{' '}
                <Text span size="xs" c="dimmed">
                  by {by}
                </Text>
              </Text>
            </li>
          ))}
        </ul>
      )}
      <MoreRows list={decisions} />
    </div>
  )
}
