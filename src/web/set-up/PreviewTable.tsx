/** @module What AWS has, by kind: what each becomes here, or why it is left out. Kind, search and choice are in the URL. */
import { Badge, SegmentedControl, Skeleton, Tabs, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { PreviewAnswer } from '../../api/contract/identity-center.js'
import { previewQuery, type PreviewKind, type PreviewView } from '../api/identity-center.js'
import { BreakableName } from '../ui/BreakableName.js'
import { SearchIcon } from '../ui/Icons.js'
import { MoreRows } from '../ui/MoreRows.js'
import { EmptyState, ErrorState } from '../ui/States.js'

const kinds: readonly { readonly kind: PreviewKind; readonly title: string }[] = [
  { kind: 'groups', title: 'Groups' },
  { kind: 'members', title: 'Members' },
  { kind: 'users', title: 'Users' },
  { kind: 'accounts', title: 'Accounts' },
  { kind: 'permission_sets', title: 'Permission sets' },
  { kind: 'assignments', title: 'Assignments' },
]
const shows: readonly { value: PreviewView['show']; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'imported', label: 'Taken over' },
  { value: 'skipped', label: 'Left out' },
]
const pauseMs = 250

export function PreviewTable({ plugin, filters }: { plugin: string; filters: string | undefined }) {
  const [search, setSearch] = useSearchParams()
  const kind = kinds.find((one) => one.kind === search.get('of'))?.kind ?? 'groups'
  const show = shows.find(({ value }) => value === search.get('show'))?.value ?? 'all'
  const q = search.get('q') ?? ''
  const [text, setText] = useState(q)
  const preview = useInfiniteQuery(previewQuery(plugin, { kind, search: q, show, filters }))
  const change = (name: string, value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  const changeSearch = useDebouncedCallback((value: string) => change('q', value.trim()), pauseMs)
  const counts = preview.data?.pages[0]?.counts
  return (
    <section aria-label="Preview">
      <Tabs value={kind} onChange={(value) => change('of', value ?? '')} keepMounted={false}>
        <Tabs.List mb="sm" aria-label="What AWS has">
          {kinds.map((one) => (
            <Tabs.Tab key={one.kind} value={one.kind}>
              {one.title} {counts?.[one.kind] ? <Count {...counts[one.kind]} /> : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind}>
          <div className="gh-list-tools">
            <TextInput
              aria-label="Search the preview"
              placeholder="Search"
              leftSection={<SearchIcon />}
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value)
                changeSearch(event.currentTarget.value)
              }}
              style={{ flex: '0 1 320px' }}
            />
            <SegmentedControl
              aria-label="Which of them"
              data={[...shows]}
              value={show}
              onChange={(value) => change('show', value === 'all' ? '' : value)}
            />
          </div>
          {preview.isPending ? (
            <Skeleton h={240} role="status" aria-label="Loading the preview" />
          ) : !preview.data ? (
            <ErrorState
              error={preview.error}
              what="The preview could not be made"
              onRetry={() => void preview.refetch()}
            />
          ) : (
            <Rows pages={preview.data.pages} filtered={q !== '' || show !== 'all'}>
              <MoreRows list={preview} />
            </Rows>
          )}
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}

function Count({ found, imported }: { found: number; imported: number }) {
  return (
    <Text span size="xs" c="dimmed">
      {imported === found
        ? found.toLocaleString('en')
        : `${imported.toLocaleString('en')} of ${found.toLocaleString('en')}`}
    </Text>
  )
}

interface RowsProps {
  pages: readonly PreviewAnswer[]
  filtered: boolean
  children: React.ReactNode
}

function Rows({ pages, filtered, children }: RowsProps) {
  const items = pages.flatMap((page) => page.items)
  if (items.length === 0) {
    return (
      <EmptyState title={filtered ? 'Nothing matches' : 'AWS has none of these'}>
        {filtered ? 'Search looks at names and IDs.' : 'There is nothing to take over.'}
      </EmptyState>
    )
  }
  return (
    <>
      <ul className="gh-panel gh-rows" aria-label="Preview">
        {items.map((item) => (
          <li key={item.id}>
            <div>
              <Text fw={500}>
                <BreakableName value={item.name} />
              </Text>
              <Text size="xs" c="dimmed">
                {item.facts}
              </Text>
              {item.members && item.members.length > 0 ? (
                <Members members={item.members} more={item.moreMembers ?? 0} />
              ) : null}
            </div>
            <div className="gh-preview-says">
              <Badge color={item.imported ? 'green' : 'gray'}>
                {item.imported ? 'taken over' : 'left out'}
              </Badge>
              <Text size="sm">{item.says}</Text>
            </div>
          </li>
        ))}
      </ul>
      {children}
    </>
  )
}

interface MembersProps {
  members: NonNullable<PreviewAnswer['items'][number]['members']>
  more: number
}

function Members({ members, more }: MembersProps) {
  const without = members.filter(({ hasUser }) => !hasUser).length
  return (
    <details>
      <summary>Members{without > 0 ? `, ${without} without a Gatehouse user` : ''}</summary>
      <ul className="gh-plain-list">
        {members.map(({ userName, hasUser }) => (
          <li key={userName}>
            <BreakableName value={userName} />
            {hasUser ? null : (
              <Badge color="amber" ml={6}>
                no user yet
              </Badge>
            )}
          </li>
        ))}
        {more > 0 ? <li>and {more.toLocaleString('en')} more</li> : null}
      </ul>
    </details>
  )
}
