/** @module What the page that asks for access shows, kept in its URL, so that it can be sent to a colleague. */
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { PickerShow } from '../api/access-requests.js'
import type { PickerView as UrlView } from '../path-builder.js'

export type PickerOf = 'accounts' | 'roles' | 'apps'
const pickerOf: readonly PickerOf[] = ['accounts', 'roles', 'apps']
const shows: readonly PickerShow[] = ['requestable', 'have', 'all']

export interface PickerView {
  readonly of: PickerOf
  readonly show: PickerShow
  readonly search: string
  /** What stands in the search field; it is searched for after a pause. */
  readonly text: string
  readonly type: (text: string) => void
  readonly change: (change: Readonly<Partial<Record<keyof UrlView, string | undefined>>>) => void
}

const pauseMs = 200
/** What the URL leaves out. */
const first: Readonly<Record<string, string>> = { of: 'accounts', show: 'requestable' }

export function usePickerView(): PickerView {
  const [url, setUrl] = useSearchParams()
  const search = url.get('q') ?? ''
  const [text, setText] = useState(search)
  const change: PickerView['change'] = (values) => {
    setUrl(
      (before) => {
        const after = new URLSearchParams(before)
        for (const [name, value] of Object.entries(values)) {
          if (value === undefined || value === '' || value === first[name]) after.delete(name)
          else after.set(name, value)
        }
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  }
  const searchSoon = useDebouncedCallback((q: string) => change({ q }), pauseMs)
  return {
    of: pickerOf.find((one) => one === url.get('of')) ?? 'accounts',
    show: shows.find((one) => one === url.get('show')) ?? 'requestable',
    search,
    text,
    type: (typed) => {
      setText(typed)
      searchSoon(typed.trim())
    },
    change,
  }
}
