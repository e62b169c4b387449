/** @module Requests that wait for this person: opened, approved or denied by key, alone or several at once. */
import { Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { itemsTitle } from '../ui/request-words.js'
import { VirtualCards } from '../ui/VirtualCards.js'
import type { Decided } from './DecideMany.js'
import { ReviewRow } from './ReviewRow.js'

interface ReviewQueueProps {
  requests: readonly AccessRequestRow[]
  /** Ids of those that are decided together. */
  chosen: ReadonlySet<string>
  onChoose: (change: (before: ReadonlySet<string>) => ReadonlySet<string>) => void
  onDecide: (how: Decided, requests: readonly AccessRequestRow[]) => void
  hasMore: boolean
  loadingMore: boolean
  onMore: () => void
}

export function ReviewQueue({ requests, chosen, onChoose, onDecide, ...paging }: ReviewQueueProps) {
  const goTo = useNavigate()
  const { active, setActive, frame, move } = useActiveRow(requests.length)
  const picked = requests.filter(({ id }) => chosen.has(id))
  const toggle = (id: string) =>
    onChoose((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  function onKey(event: React.KeyboardEvent, index: number): void {
    const request = requests[index]
    if (event.ctrlKey || event.metaKey || event.altKey || request === undefined) return
    if (event.target instanceof HTMLElement && event.target.matches('a, button') && event.key === 'Enter')
      return
    const decide = (how: Decided) => () => onDecide(how, picked.length > 0 ? picked : [request])
    const acts: Readonly<Record<string, () => void>> = {
      a: decide('approve'),
      d: decide('deny'),
      x: () => toggle(request.id),
      o: () => void goTo(pagePaths.accessRequest(request.id)),
      enter: () => void goTo(pagePaths.accessRequest(request.id)),
      arrowdown: () => move(index + 1),
      arrowup: () => move(index - 1),
    }
    const act = acts[event.key.toLowerCase()]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs" className="gh-keys">
        On a request: <kbd>A</kbd> approves, <kbd>D</kbd> denies, <kbd>X</kbd> chooses, <kbd>O</kbd> opens,{' '}
        <kbd>↑</kbd> <kbd>↓</kbd> move.
      </Text>
      <div ref={frame}>
        <VirtualCards
          label="Requests to review"
          items={requests}
          itemKey={({ id }) => id}
          estimate={150}
          gap={6}
          {...paging}
        >
          {(request, index) => (
            <div
              role="group"
              aria-label={`${request.user}: ${itemsTitle(request.items, request.itemCount)}`}
              className="gh-panel gh-review-row"
              data-row={index}
              tabIndex={index === Math.min(active, requests.length - 1) ? 0 : -1}
              onFocus={() => setActive(index)}
              onKeyDown={(event) => onKey(event, index)}
            >
              <ReviewRow
                request={request}
                isChosen={chosen.has(request.id)}
                onToggle={() => toggle(request.id)}
                onDecide={(how) => onDecide(how, [request])}
              />
            </div>
          )}
        </VirtualCards>
      </div>
      {picked.length > 0 ? (
        <div className="gh-panel gh-chosen-bar" role="region" aria-label="Chosen requests">
          <Text fw={500} role="status">
            {picked.length.toLocaleString('en')} chosen
          </Text>
          <button
            type="button"
            className="gh-decision"
            onClick={() => onChoose(() => new Set(requests.map(({ id }) => id)))}
          >
            Choose all {requests.length.toLocaleString('en')}
          </button>
          <button type="button" className="gh-decision" onClick={() => onDecide('approve', picked)}>
            Approve {picked.length}
          </button>
          <button type="button" className="gh-decision" onClick={() => onDecide('deny', picked)}>
            Deny {picked.length}
          </button>
          <button type="button" className="gh-decision" onClick={() => onChoose(() => new Set())}>
            Choose none
          </button>
        </div>
      ) : null}
    </>
  )
}

/** One row is reached by Tab, the others by arrows; the focus follows. */
function useActiveRow(count: number) {
  const [active, setActive] = useState(0)
  const frame = useRef<HTMLDivElement>(null)
  const follows = useRef(false)
  useEffect(() => {
    if (!follows.current) return
    follows.current = false
    const row = frame.current?.querySelector<HTMLElement>(`[data-row="${active}"]`)
    row?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return {
    active,
    setActive,
    frame,
    move: (to: number) => {
      const next = Math.min(Math.max(to, 0), count - 1)
      if (next === active) return
      follows.current = true
      setActive(next)
    },
  }
}
