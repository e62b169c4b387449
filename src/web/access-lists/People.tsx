/** @module Everyone in a list through any path: by which lists each is in, and who is in and does not count. */
import { Badge, Skeleton, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { Link } from 'react-router'
import type { ListDetail, ListPeopleAnswer, WayIn as Way } from '../../api/contract/access-lists.js'
import { listPeopleQuery } from '../api/access-lists.js'
import { pagePaths } from '../path-builder.js'
import { SearchIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { VirtualTable, type Column } from '../ui/VirtualTable.js'
import { MemberName } from './MemberName.js'

type Person = ListPeopleAnswer['items'][number]
const pauseMs = 250

export function People({ detail: { name } }: { detail: ListDetail }) {
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), pauseMs)
  const people = useInfiniteQuery(listPeopleQuery(name, search))
  const { fetchNextPage } = people
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const rows = people.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <>
      <Text c="dimmed" mb="sm" maw="70ch">
        Everyone who is in it, by name or through lists within it. Who lacks what a list on the way asks for,
        or is locked, stays in and has nothing by it.
      </Text>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search people"
          placeholder="Search person or list"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '1 1 200px', maxWidth: 320 }}
        />
      </div>
      {people.isPending ? (
        <Skeleton h={200} role="status" aria-label="Loading people" />
      ) : !people.data ? (
        <ErrorState
          error={people.error}
          what="The people could not be read"
          onRetry={() => void people.refetch()}
        />
      ) : rows.length === 0 ? (
        <EmptyState title={search === '' ? 'Nobody is in this list yet' : 'Nobody matches'}>
          {search === ''
            ? 'People come in by name, or through a list that is a member.'
            : 'Search looks at user names and lists.'}
        </EmptyState>
      ) : (
        <VirtualTable
          label="People"
          rows={rows}
          rowKey={(person) => person.name}
          columns={columns}
          total={people.data.pages[0]?.total}
          hasMore={people.hasNextPage}
          loadingMore={people.isFetchingNextPage}
          onMore={more}
        />
      )}
    </>
  )
}

/** The way in: "directly", or the lists within this one. The first of a path is the list itself. */
export function WayIn({ path }: { path: Person['path'] }) {
  const through = path.slice(1)
  if (through.length === 0) return <>directly</>
  return (
    <>
      through{' '}
      {through.map((list, at) => (
        <span key={list.name ?? at}>
          {at === 0 ? '' : ' › '}
          {list.name === null ? (
            <Text span c="dimmed" fs="italic">
              {list.title}
            </Text>
          ) : (
            <Link to={pagePaths.accessList(list.name)} className="gh-row-link">
              {list.title}
            </Link>
          )}
        </span>
      ))}
    </>
  )
}

function Ways({ person: { ways: all, path, moreWays, ineligible } }: { person: Person }) {
  // Why all of them give nothing stands by the name already.
  const ways = all.map((way) => (way.ineligible === ineligible ? { ...way, ineligible: undefined } : way))
  const [first] = ways
  if (first === undefined) return <WayIn path={path} />
  if (ways.length === 1) return <OneWay way={first} />
  return (
    <ul className="gh-facts-list" aria-label="Ways in">
      {ways.map((way) => (
        <li key={way.path.map(({ name, title }) => name ?? title).join('/')}>
          <OneWay way={way} />
        </li>
      ))}
      {moreWays ? <li>and more</li> : null}
    </ul>
  )
}

/** One way in, with until when it lasts, who made it, and why it gives nothing if so. */
export function OneWay({ way: { path, until, addedBy, reason, ineligible } }: { way: Way }) {
  const facts = [
    ...(addedBy === undefined ? [] : [`added by ${addedBy}${reason ? `: ${reason}` : ''}`]),
    ...(ineligible === undefined ? [] : [`gives nothing: ${ineligible}`]),
  ]
  return (
    <>
      <WayIn path={path} />
      <Text span size="xs" c="dimmed">
        {until === undefined ? null : (
          <>
            , until <RelativeTime at={until} />
          </>
        )}
        {facts.map((one) => ` · ${one}`)}
      </Text>
    </>
  )
}

/** Why a person who is in does not count. */
export function WhyNot({ person }: { person: Pick<Person, 'isLocked' | 'ineligible'> }) {
  if (!person.isLocked && person.ineligible === undefined) return null
  return (
    <Text size="xs" component="div">
      <Badge color="amber" mr={6}>
        does not count
      </Badge>
      {[person.ineligible, ...(person.isLocked ? ['is locked'] : [])].filter(Boolean).join('; ')}
    </Text>
  )
}

function LastSignIn({ person: { lastAwsSignIn } }: { person: Person }) {
  return lastAwsSignIn === undefined ? <>never</> : <RelativeTime at={lastAwsSignIn} />
}

const columns: readonly Column<Person>[] = [
  {
    key: 'name',
    title: 'Person',
    width: 'minmax(0, 1.5fr)',
    cell: (person) => (
      <>
        <MemberName member={{ ...person, kind: 'user' }} />
        <WhyNot person={person} />
        <Text size="xs" c="dimmed" className="gh-row-details" component="div">
          <span>
            last sign-in to AWS: <LastSignIn person={person} />
          </span>
        </Text>
      </>
    ),
  },
  {
    key: 'path',
    title: 'How',
    width: 'minmax(0, 1.8fr)',
    cell: (person) => <Ways person={person} />,
  },
  {
    key: 'signed-in',
    title: 'Last sign-in to AWS',
    width: '160px',
    wide: true,
    cell: (person) => <LastSignIn person={person} />,
  },
]
