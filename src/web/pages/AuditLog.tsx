/**
 * @module The audit log: filters in the URL, newest first, older on demand. What is new is counted and shown on
 * request, so that nothing moves under the reader.
 */
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { auditNewestQuery, auditQuery } from '../api/queries.js'
import { useAuditNews } from '../api/audit-news.js'
import { rights, useRight } from '../api/session.js'
import { AuditCharts } from '../components/AuditCharts.js'
import { AuditExport } from '../components/AuditExport.js'
import { AuditSinks } from '../components/AuditSinks.js'
import { AuditFilters } from '../components/AuditFilters.js'
import { AuditTable } from '../components/AuditTable.js'
import { ChainState } from '../components/ChainState.js'
import { EventDetails } from '../components/EventDetails.js'
import { noFilters, pagePaths, type AuditView } from '../path-builder.js'
import {
  countNewer,
  isReference,
  isSearch,
  parseStoredEvent,
  readAuditView,
  type StoredEvent,
} from '../ui/audit-view.js'
import { formatCount, formatMinute } from '../ui/format.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function AuditLog() {
  const [search, setSearch] = useSearchParams()
  const view = readAuditView(search)
  const mayRead = useRight(rights.readAudit)
  const [dismissed, setDismissed] = useState<string | undefined>()
  const askable = isReference(view.uid ?? '')
  const open = view.details ?? (view.uid === dismissed || !askable ? undefined : view.uid)

  // Two changes may come before the next render: the second builds on the first, not on what was shown.
  const latest = useRef(view)
  useEffect(() => {
    latest.current = view
  })
  function change(fields: AuditView, replace = false): void {
    const next = { ...latest.current, ...fields }
    latest.current = next
    setSearch(pagePaths.audit(next).split('?')[1] ?? '', { replace, preventScrollReset: true })
  }
  function close(): void {
    setDismissed(view.uid)
    change({ details: undefined }, true)
  }
  return (
    <>
      <PageTitle
        title="Audit log"
        lead="Every sign-in, decision and change, in the order it happened."
        actions={
          <Group gap="md">
            <ChainState />
            {mayRead ? <AuditExport view={view} /> : null}
          </Group>
        }
      />
      {mayRead ? <AuditFilters view={view} onChange={change} /> : null}
      {view.uid === undefined && !isSearch(view) ? <AuditCharts view={view} onChange={change} /> : null}
      {mayRead && view.uid === undefined && !isSearch(view) ? <AuditSinks /> : null}
      {askable ? <Events view={view} onChange={change} /> : <NoReference onClear={() => change(noFilters)} />}
      <EventDetails uid={open} onClose={close} />
    </>
  )
}

function NoReference({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title="This is no reference"
      action={
        <Button variant="default" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      Every refusal and every event has one, such as 5f7116c9-e57b-4c1e-9d1a-0b6d1f2a7c11. Copy all of it.
    </EmptyState>
  )
}

function Events({ view, onChange }: { view: AuditView; onChange: (change: AuditView) => void }) {
  const events = useInfiniteQuery(auditQuery(view))
  if (events.isPending) return <Skeleton h={360} role="status" aria-label="Loading events" />
  if (!events.data) {
    return (
      <ErrorState
        error={events.error}
        what="The audit log could not be read"
        onRetry={() => void events.refetch()}
      />
    )
  }
  const loaded = events.data.pages.flatMap(({ items }) => items).map(parseStoredEvent)
  const searchedTo = events.hasNextPage ? events.data.pages.at(-1)?.searchedTo?.time : undefined
  const filtered = Object.values(view).some((value) => value !== undefined)
  return (
    <Stack gap="sm">
      <NewEvents view={view} loaded={loaded} />
      {loaded.length > 0 ? (
        <AuditTable events={loaded} onOpen={(uid) => onChange({ details: uid })} />
      ) : (
        <EmptyState
          title={
            searchedTo
              ? 'No event matches so far'
              : filtered
                ? 'No event matches'
                : 'Nothing has happened yet'
          }
          action={
            filtered ? (
              <Button variant="default" onClick={() => onChange(noFilters)}>
                Clear filters
              </Button>
            ) : undefined
          }
        >
          {searchedTo
            ? `Searched back to ${formatMinute(Date.parse(searchedTo))}. There are older events: search on, or narrow the time.`
            : filtered
              ? 'Widen the time, or clear a filter. A reference finds exactly one event.'
              : 'Sign-ins, refusals and changes to users, roles and service providers appear here.'}
        </EmptyState>
      )}
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {formatCount(loaded.length, 'event')} shown
          {searchedTo ? `, searched back to ${formatMinute(Date.parse(searchedTo))}` : ''}
        </Text>
        {events.hasNextPage ? (
          <Button
            variant="default"
            onClick={() => void events.fetchNextPage()}
            loading={events.isFetchingNextPage}
          >
            {isSearch(view) ? 'Search further back' : 'Load older events'}
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            This is the oldest.
          </Text>
        )}
      </Group>
      {events.isFetchNextPageError ? (
        <ErrorState error={events.error} what="Older events could not be read" />
      ) : null}
    </Stack>
  )
}

function NewEvents({ view, loaded }: { view: AuditView; loaded: readonly StoredEvent[] }) {
  const client = useQueryClient()
  const newest = useQuery({ ...auditNewestQuery(view), enabled: view.uid === undefined && !isSearch(view) })
  useAuditNews(view, view.uid === undefined && !isSearch(view))
  const { count, more } = countNewer(newest.data, loaded[0]?.sequence ?? 0)
  function show(): void {
    void client.resetQueries({ queryKey: auditQuery(view).queryKey })
    void client.invalidateQueries({ queryKey: ['audit-summary'] })
  }
  return (
    <div className="gh-new-events" role="status">
      {count === 0 ? null : (
        <Button size="xs" onClick={show}>
          Show {more ? `more than ${formatCount(count, 'new event')}` : formatCount(count, 'new event')}
        </Button>
      )}
    </div>
  )
}
