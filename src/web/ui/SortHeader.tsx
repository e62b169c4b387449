/** @module A column heading that sorts, and the sort order as the URL writes it: `created`, or `-created` to turn it. */
import { UnstyledButton } from '@mantine/core'

export interface Sort<Key extends string> {
  readonly key: Key
  readonly descending: boolean
}

export type SortOrder = 'ascending' | 'descending' | 'none'

const arrows: Readonly<Record<SortOrder, string>> = { ascending: '↑', descending: '↓', none: '' }

interface SortHeaderProps {
  title: string
  order: SortOrder
  onSort: () => void
}

/** Stands in a column header, which tells the order as `aria-sort`. */
export function SortHeader({ title, order, onSort }: SortHeaderProps) {
  return (
    <UnstyledButton className="gh-sort" onClick={onSort}>
      {title}
      <span aria-hidden="true">{arrows[order]}</span>
    </UnstyledButton>
  )
}

/** Reads the order out of the URL; a column that does not exist counts as `fallback`. */
export function parseSort<Key extends string>(
  text: string | null,
  keys: Readonly<Record<Key, unknown>>,
  fallback: Key,
): Sort<Key> {
  const name = text?.replace(/^-/, '') ?? ''
  const key = (Object.keys(keys) as Key[]).find((known) => known === name) // Object.keys forgets the key type.
  return key === undefined
    ? { key: fallback, descending: false }
    : { key, descending: text?.startsWith('-') ?? false }
}

export function sortBy<T>(items: readonly T[], key: (item: T) => string, descending: boolean): T[] {
  const turn = descending ? -1 : 1
  return [...items].sort((a, b) => turn * key(a).localeCompare(key(b), 'en', { numeric: true }))
}
