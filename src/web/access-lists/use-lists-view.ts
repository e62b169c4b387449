/** @module Which access lists the page shows, kept in its URL, so that the view can be sent to a colleague. */
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { ListFilter, ListSort } from '../api/access-lists.js'
import type { AccessListsView } from '../path-builder.js'

export const filterTitles: Readonly<Record<ListFilter, string>> = {
  all: 'All',
  mine: 'You own',
  member: 'You are in',
  due: 'To review',
  aws: 'In AWS',
  joinable: 'You could join',
}
export const listFilters: readonly ListFilter[] = ['all', 'mine', 'member', 'due', 'aws', 'joinable']

export interface ListsView {
  readonly search: string
  readonly filter: ListFilter
  readonly sort: ListSort
  readonly isTable: boolean
  /** What stands in the search field; it is searched for after a pause. */
  readonly text: string
  readonly type: (text: string) => void
  readonly change: (change: AccessListsView) => void
}

const pauseMs = 200
/** What the URL leaves out. */
const first: Readonly<Record<string, string>> = { filter: 'all', sort: 'title' }

export function useListsView(): ListsView {
  const [url, setUrl] = useSearchParams()
  const search = url.get('q') ?? ''
  const [text, setText] = useState(search)
  function change(values: AccessListsView): void {
    setUrl(
      (before) => {
        const after = new URLSearchParams(before)
        for (const [name, value] of Object.entries(values)) {
          if (value === undefined || value === '' || value === first[name]) after.delete(name)
          else after.set(name, String(value))
        }
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  }
  const searchSoon = useDebouncedCallback((q: string) => change({ q }), pauseMs)
  return {
    search,
    filter: listFilters.find((one) => one === url.get('filter')) ?? 'all',
    sort: url.get('sort') === 'due' ? 'due' : 'title',
    isTable: url.get('view') === 'table',
    text,
    type: (typed) => {
      setText(typed)
      searchSoon(typed.trim())
    },
    change,
  }
}
