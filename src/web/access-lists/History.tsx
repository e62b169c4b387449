/** @module What was done to a list and its members, newest first; each entry opens to what exactly it was. */
import { Button, Skeleton, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { ListHistoryAnswer } from '../../api/contract/access-lists.js'
import { listHistoryQuery } from '../api/access-lists.js'
import { formatMinute, startUpper } from '../ui/format.js'
import { MoreRows } from '../ui/MoreRows.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { FinishedDecisions } from './FinishedDecisions.js'

type Entry = ListHistoryAnswer['items'][number]

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
        {items.map((entry) => (
          <HistoryEntry key={entry.reference} list={name} entry={entry} />
        ))}
      </ul>
      <MoreRows list={history} />
    </>
  )
}

function HistoryEntry({ list, entry }: { list: string; entry: Entry }) {
  const { time, code, says, by } = entry
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const sentence = startUpper(says)
  return (
    <li className="gh-history-entry">
      <div>
        <div>{sentence}</div>
        <Text size="xs" c="dimmed">
          <RelativeTime at={time} /> · {by} · {code}
        </Text>
      </div>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={`${isOpen ? 'Hide details' : 'Details'}: ${sentence}`}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Hide' : 'Details'}
      </Button>
      {isOpen ? (
        <div id={id} role="region" aria-label={`Details: ${sentence}`} className="gh-history-details">
          <Facts list={list} entry={entry} />
        </div>
      ) : null}
    </li>
  )
}

function Facts({ list, entry: { time, by, reference, facts, review } }: { list: string; entry: Entry }) {
  return (
    <dl className="gh-facts">
      <dt>When</dt>
      <dd>{formatMinute(Date.parse(time))}</dd>
      <dt>By</dt>
      <dd>{by === 'system' ? 'Gatehouse itself' : by}</dd>
      {facts.map(({ what, values, before, after }, at) => (
        <Fact key={at} what={what}>
          {values ? (
            <Values values={values} />
          ) : (
            <>
              <Side label="Before" values={before ?? []} />
              <Side label="After" values={after ?? []} />
            </>
          )}
        </Fact>
      ))}
      {review === undefined ? null : (
        <Fact what="Decisions">
          <FinishedDecisions list={list} review={review} />
        </Fact>
      )}
      <dt>Reference</dt>
      <dd>
        <Text span size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {reference}
        </Text>
      </dd>
    </dl>
  )
}

function Fact({ what, children }: { what: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{what}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Side({ label, values }: { label: string; values: readonly string[] }) {
  return (
    <div className="gh-history-side">
      <Text span size="xs" c="dimmed">
        {label}
      </Text>
      {values.length === 0 ? (
        <Text size="sm" c="dimmed">
          nothing
        </Text>
      ) : (
        <Values values={values} />
      )}
    </div>
  )
}

function Values({ values }: { values: readonly string[] }) {
  const [only] = values
  if (values.length === 1) return <span style={{ overflowWrap: 'anywhere' }}>{withDates(only)}</span>
  return (
    <ul className="gh-facts-list">
      {values.map((value, at) => (
        <li key={at}>{withDates(value)}</li>
      ))}
    </ul>
  )
}

/** Instants as people read them; all else as it is. */
function withDates(value = ''): string {
  return value.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => formatMinute(Date.parse(at)))
}
