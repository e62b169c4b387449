/** @module Every change that was made in AWS, with its reason and its outcome; newest first, by page. */
import { SegmentedControl, Skeleton, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { changesQuery, type ChangesAnswer, type ChangeState } from '../api/identity-center.js'
import { formatCount } from '../ui/format.js'
import { CheckIcon, CrossIcon, InfoIcon } from '../ui/Icons.js'
import { MoreRows } from '../ui/MoreRows.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState } from '../ui/States.js'

const states: readonly { readonly value: ChangeState; readonly label: string }[] = [
  { value: 'failed', label: 'Failed' },
  { value: 'open', label: 'Under way' },
  { value: 'unknown', label: 'Answer lost' },
]

export function ChangeLog({ plugin }: { plugin: string }) {
  const [search, setSearch] = useSearchParams()
  const state = states.find(({ value }) => value === search.get('changes'))?.value
  const changes = useInfiniteQuery(changesQuery(plugin, state))
  const rows = changes.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <section aria-label="Changes in AWS">
      <div className="gh-part-head">
        <Title order={2}>Changes in AWS</Title>
        <SegmentedControl
          aria-label="Which changes"
          size="xs"
          data={[{ value: 'all', label: 'All' }, ...states]}
          value={state ?? 'all'}
          onChange={(value) =>
            setSearch(
              (before) => {
                const after = new URLSearchParams(before)
                if (value === 'all') after.delete('changes')
                else after.set('changes', value)
                return after
              },
              { replace: true, preventScrollReset: true },
            )
          }
        />
      </div>
      {changes.isPending ? (
        <Skeleton h={160} role="status" aria-label="Loading changes" />
      ) : !changes.data ? (
        <ErrorState
          error={changes.error}
          what="The changes could not be read"
          onRetry={() => void changes.refetch()}
        />
      ) : rows.length === 0 ? (
        <Text c="dimmed">{state ? 'None.' : 'Gatehouse has changed nothing in AWS yet.'}</Text>
      ) : (
        <ul className="gh-panel gh-rows" aria-label="Changes">
          {rows.map((change) => (
            <li key={change.id}>
              <div>
                <Text>{change.says}</Text>
                <Text size="xs" c="dimmed">
                  {change.because}
                  {change.attempts === undefined ? null : ` · ${formatCount(change.attempts, 'attempt')}`}
                </Text>
                {change.error ? <Text size="sm">{change.error}</Text> : null}
                {change.remedy ? (
                  <Text size="sm" c="dimmed">
                    {change.remedy}
                  </Text>
                ) : null}
              </div>
              <State change={change} />
              <RelativeTime at={change.endedAt ?? change.begunAt} />
            </li>
          ))}
        </ul>
      )}
      <MoreRows list={changes} />
    </section>
  )
}

function State({ change: { state } }: { change: ChangesAnswer['items'][number] }) {
  if (state === 'succeeded' || state === 'failed') {
    return (
      <span className="gh-outcome" data-success={state === 'succeeded'}>
        {state === 'succeeded' ? <CheckIcon /> : <CrossIcon />}
        {state === 'succeeded' ? 'Done' : 'Failed'}
      </span>
    )
  }
  return (
    <span className="gh-outcome">
      <InfoIcon />
      {state === 'open' ? 'Under way' : 'AWS did not show it; made again while it is needed'}
    </span>
  )
}
