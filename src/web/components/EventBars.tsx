/**
 * @module Events over time as bars: succeeded below, failed above with stripes, so that no colour alone tells them
 * apart. One bar is in the tab order and the arrows move between them; the same numbers stand in a table.
 */
import { Table, UnstyledButton } from '@mantine/core'
import { useRef, useState, type KeyboardEvent } from 'react'
import type { AuditSummaryAnswer } from '../../api/contract.js'
import { formatBarStart, niceCeiling } from '../ui/chart-span.js'
import { formatCount } from '../ui/format.js'

interface EventBarsProps {
  summary: Pick<AuditSummaryAnswer, 'bucketMs' | 'buckets'>
  onSpan: (from: string, to: string) => void
}

type Bar = AuditSummaryAnswer['buckets'][number]

const width = 960
const height = 120
const gap = 2

export function EventBars({ summary, onSpan }: EventBarsProps) {
  const { bucketMs, buckets } = summary
  const bars = useRef<(SVGGElement | null)[]>([])
  const [focused, setFocused] = useState(0)
  const current = Math.min(focused, buckets.length - 1)
  const top = niceCeiling(Math.max(0, ...buckets.map(({ succeeded, failed }) => succeeded + failed)))
  const step = width / Math.max(1, buckets.length)
  const open = ({ from }: Bar) => onSpan(from, new Date(Date.parse(from) + bucketMs).toISOString())
  function move(event: KeyboardEvent, at: number): void {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buckets.length - 1 }[event.key]
    const bar = buckets[at]
    if ((event.key === 'Enter' || event.key === ' ') && bar) open(bar)
    else if (to === undefined || to < 0 || to >= buckets.length) return
    else {
      setFocused(to)
      bars.current[to]?.focus()
    }
    event.preventDefault()
  }
  return (
    <div className="gh-bars">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="group"
        aria-label="Events over time; arrows move between bars, Enter shows the events of one"
      >
        <defs>
          <pattern
            id="gh-failed"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="6" height="6" className="gh-bar-failed" />
            <rect width="2" height="6" className="gh-bar-stripe" />
          </pattern>
        </defs>
        {buckets.map((bar, at) => (
          <g
            key={bar.from}
            ref={(element) => {
              bars.current[at] = element
            }}
            role="button"
            tabIndex={at === current ? 0 : -1}
            aria-label={describeBar(bar, bucketMs)}
            className="gh-bar"
            onClick={() => open(bar)}
            onFocus={() => setFocused(at)}
            onKeyDown={(event) => move(event, at)}
          >
            <title>{describeBar(bar, bucketMs)}</title>
            <rect x={at * step} y={0} width={step} height={height} className="gh-bar-room" />
            <Column x={at * step + gap / 2} width={Math.max(1, step - gap)} bar={bar} top={top} />
          </g>
        ))}
      </svg>
      <div className="gh-bars-axis" aria-hidden="true">
        <span>{buckets[0] ? formatBarStart(Date.parse(buckets[0].from), bucketMs) : null}</span>
        <span>scale to {top.toLocaleString('en')}</span>
        <span>{lastEnd(summary)}</span>
      </div>
      <details className="gh-bars-table">
        <summary>As a table</summary>
        <BarTable summary={summary} onOpen={open} />
      </details>
    </div>
  )
}

function lastEnd({ buckets, bucketMs }: EventBarsProps['summary']): string | null {
  const last = buckets.at(-1)
  return last ? formatBarStart(Date.parse(last.from) + bucketMs, bucketMs) : null
}

function Column({ x, width: wide, bar, top }: { x: number; width: number; bar: Bar; top: number }) {
  const scale = (count: number) => (count === 0 ? 0 : Math.max(2, (count / top) * (height - 2)))
  const [good, bad] = [scale(bar.succeeded), scale(bar.failed)]
  return (
    <>
      <rect x={x} y={height - good} width={wide} height={good} className="gh-bar-succeeded" />
      <rect x={x} y={height - good - bad} width={wide} height={bad} fill="url(#gh-failed)" />
    </>
  )
}

function describeBar({ from, succeeded, failed }: Bar, bucketMs: number): string {
  return `From ${formatBarStart(Date.parse(from), bucketMs)}: ${succeeded} succeeded, ${failed} failed`
}

function BarTable({ summary, onOpen }: { summary: EventBarsProps['summary']; onOpen: (bar: Bar) => void }) {
  const busy = summary.buckets.filter(({ succeeded, failed }) => succeeded + failed > 0)
  return (
    <div className="gh-bars-rows" tabIndex={0} role="region" aria-label="Events over time as a table">
      <Table verticalSpacing={4}>
        <Table.Caption>
          {formatCount(summary.buckets.length - busy.length, 'span')} without an event left out
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">From</Table.Th>
            <Table.Th scope="col">Succeeded</Table.Th>
            <Table.Th scope="col">Failed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {busy.map((bar) => (
            <Table.Tr key={bar.from}>
              <Table.Td>
                <UnstyledButton className="gh-link-button" onClick={() => onOpen(bar)}>
                  {formatBarStart(Date.parse(bar.from), summary.bucketMs)}
                </UnstyledButton>
              </Table.Td>
              <Table.Td>{bar.succeeded}</Table.Td>
              <Table.Td>{bar.failed}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
