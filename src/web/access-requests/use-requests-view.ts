/** @module Which requests a page shows, kept in its URL. */
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { AccessRequestsAnswer } from '../../api/contract/access-requests.js'

export const stateFilters = ['all', 'pending', 'active', 'later', 'over'] as const
export type StateFilter = (typeof stateFilters)[number]

export const stateFilterTitles: Readonly<Record<StateFilter, string>> = {
  all: 'All',
  pending: 'Waiting',
  active: 'Active now',
  later: 'Approved',
  over: 'Over',
}

/** As the API filters. */
export const statesOf: Readonly<Record<StateFilter, string>> = {
  all: '',
  pending: 'pending',
  active: 'active',
  later: 'approved',
  over: 'denied,promoted,expired,cancelled,revoked',
}

/** How many there are, as far as they were counted: "1,204", "2,000+". */
export function countOf(filter: StateFilter, counts: AccessRequestsAnswer['counts']): string {
  if (counts === undefined) return '…'
  const count = counts[filter === 'later' ? 'approved' : filter]
  return `${count.toLocaleString('en')}${counts.hasMore ? '+' : ''}`
}

const pauseMs = 250

export interface RequestsView {
  readonly search: string
  readonly state: StateFilter
  readonly text: string
  readonly type: (text: string) => void
  readonly setState: (state: StateFilter) => void
}

export function useRequestsView(): RequestsView {
  const [url, setUrl] = useSearchParams()
  const search = url.get('q') ?? ''
  const [text, setText] = useState(search)
  const change = (name: 'q' | 'state', value: string) =>
    setUrl(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '' || value === 'all') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  const searchSoon = useDebouncedCallback((q: string) => change('q', q), pauseMs)
  return {
    search,
    state: stateFilters.find((one) => one === url.get('state')) ?? 'all',
    text,
    type: (typed) => {
      setText(typed)
      searchSoon(typed.trim())
    },
    setState: (state) => change('state', state),
  }
}
