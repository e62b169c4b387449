/** @module A column heading that sorts, and the sort order as the URL writes it: `created`, or `-created` to turn it. */
import { Table, UnstyledButton } from '@mantine/core'

export interface Sort<Key extends string> {
  readonly key: Key
  readonly descending: boolean
}

interface SortHeaderProps<Key extends string> {
  title: string
  name: Key
  sort: Sort<Key>
  onSort: (value: string) => void
}

/** Columns beside the first are left out where the window is narrow. */
export function SortHeader<Key extends string>({ title, name, sort, onSort }: SortHeaderProps<Key>) {
  const active = sort.key === name
  const next = active && !sort.descending ? `-${name}` : name
  return (
    <Table.Th
      scope="col"
      aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      {...(name === 'name' ? {} : { visibleFrom: 'md' })}
    >
      <UnstyledButton className="gh-sort" onClick={() => onSort(next)}>
        {title}
        <span aria-hidden="true">{active ? (sort.descending ? '↓' : '↑') : ''}</span>
      </UnstyledButton>
    </Table.Th>
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
