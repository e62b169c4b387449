/** @module What happened when, how often and by whom, for the same filters as the list below. Each part filters. */
import { Skeleton, Text, Title, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { isProblem } from '../api/client.js'
import { auditSummaryQuery } from '../api/audit-summary.js'
import type { AuditView } from '../path-builder.js'
import { chartSpan } from '../ui/chart-span.js'
import { formatCount } from '../ui/format.js'
import { ErrorState } from '../ui/States.js'
import { EventBars } from './EventBars.js'

interface AuditChartsProps {
  view: AuditView
  onChange: (change: AuditView) => void
}

const topCount = 5

export function AuditCharts({ view, onChange }: AuditChartsProps) {
  const now = Date.now()
  const span = chartSpan(view, now, -new Date(now).getTimezoneOffset() * 60_000)
  const summary = useQuery(auditSummaryQuery(view, span))
  if (summary.isPending) return <Skeleton h={190} mb="md" role="status" aria-label="Loading charts" />
  // The list below says so already.
  if (isProblem(summary.error, 'FORBIDDEN')) return null
  if (!summary.data) {
    return (
      <ErrorState
        error={summary.error}
        what="The charts could not be read"
        onRetry={() => void summary.refetch()}
      />
    )
  }
  const { buckets, types, users } = summary.data
  const succeeded = buckets.reduce((sum, one) => sum + one.succeeded, 0)
  const failed = buckets.reduce((sum, one) => sum + one.failed, 0)
  return (
    <section aria-label="Charts" className="gh-panel gh-charts">
      <div className="gh-chart-time">
        <div className="gh-chart-head">
          <Title order={2}>{view.from || view.to ? 'In this time' : 'Last 7 days'}</Title>
          <Text size="sm" className="gh-legend" role="status">
            <span data-outcome="succeeded">{formatNumber(succeeded)} succeeded</span>
            <span data-outcome="failed">{formatNumber(failed)} failed</span>
          </Text>
        </div>
        <EventBars summary={summary.data} onSpan={(from, to) => onChange({ from, to })} />
      </div>
      <Ranking
        title="Events"
        none="No event"
        rows={types.slice(0, topCount).map(({ type, count }) => ({ name: type, count }))}
        onPick={(type) => onChange({ type: [type] })}
      />
      <Ranking
        title="Users"
        none="No user"
        rows={users.slice(0, topCount).map(({ user, count }) => ({ name: user, count }))}
        onPick={(user) => onChange({ user })}
      />
    </section>
  )
}

function formatNumber(count: number): string {
  return count.toLocaleString('en')
}

interface RankingProps {
  title: string
  none: string
  rows: readonly { readonly name: string; readonly count: number }[]
  onPick: (name: string) => void
}

function Ranking({ title, none, rows, onPick }: RankingProps) {
  const most = rows[0]?.count ?? 1
  return (
    <section aria-label={`Most frequent: ${title}`} className="gh-ranking">
      <Title order={2}>{title}</Title>
      {rows.length === 0 ? <Text c="dimmed">{none}</Text> : null}
      <ol>
        {rows.map(({ name, count }) => (
          <li key={name}>
            <UnstyledButton
              className="gh-ranking-row"
              onClick={() => onPick(name)}
              aria-label={`Only ${name}: ${formatCount(count, 'event')}`}
              title={name}
            >
              <span className="gh-ranking-name">{name}</span>
              <span>{formatNumber(count)}</span>
              <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect width={Math.max(1, (count / most) * 100)} height="4" className="gh-bar-succeeded" />
              </svg>
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </section>
  )
}
