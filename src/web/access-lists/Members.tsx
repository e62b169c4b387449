/** @module The direct members of a list: who, why and until when; added one by one or many at once, taken out together. */
import { Button, Checkbox, Group, Skeleton, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { membersQuery, type MemberItem } from '../api/access-lists.js'
import { apiPaths } from '../path-builder.js'
import { SearchIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { VirtualTable, type Column } from '../ui/VirtualTable.js'
import { AddMany } from './AddMany.js'
import { AddMember } from './AddMember.js'
import { EditMember } from './EditMember.js'
import { keyOfMember } from './member-key.js'
import { MemberName } from './MemberName.js'
import { RemoveMembers } from './RemoveMembers.js'
import { WhoManages } from './WhoManages.js'

const pauseMs = 250

export function Members({ detail }: { detail: ListDetail }) {
  const { name, may } = detail
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), pauseMs)
  const members = useInfiniteQuery(membersQuery(name, search))
  const [chosen, setChosen] = useState<ReadonlyMap<string, MemberItem>>(new Map())
  const [removing, setRemoving] = useState<readonly MemberItem[]>()
  const [editing, setEditing] = useState<MemberItem>()
  const [addingMany, setAddingMany] = useState(false)
  const [done, setDone] = useState('')
  const frame = useRef<HTMLDivElement>(null)
  const { fetchNextPage } = members
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const rows = members.data?.pages.flatMap(({ items }) => items) ?? []
  const total = members.data?.pages[0]?.total
  const mayAdd = may.members && detail.review.inForce !== 'frozen'
  const choose = (member: MemberItem, isChosen: boolean) =>
    setChosen((before) => {
      const after = new Map(before)
      if (isChosen) after.set(keyOfMember(member), member)
      else after.delete(keyOfMember(member))
      return after
    })
  return (
    <div ref={frame}>
      {mayAdd ? <AddMember list={name} /> : null}
      {may.members ? null : <WhoManages detail={detail} what="members" />}
      <div className="gh-list-tools">
        <TextInput
          type="search"
          aria-label="Search members"
          placeholder="Search members"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '1 1 200px', maxWidth: 320 }}
        />
        {mayAdd ? (
          <Button variant="default" onClick={() => setAddingMany(true)}>
            Add many …
          </Button>
        ) : null}
        <Button component="a" variant="default" href={apiPaths.listMembersCsv(name)} download>
          Download CSV
        </Button>
        <Text size="sm" role="status" aria-label="Done">
          {done}
        </Text>
      </div>
      {members.isPending ? (
        <Skeleton h={200} role="status" aria-label="Loading members" />
      ) : !members.data ? (
        <ErrorState
          error={members.error}
          what="The members could not be read"
          onRetry={() => void members.refetch()}
        />
      ) : rows.length === 0 ? (
        <EmptyState title={search === '' ? 'Nobody is in this list yet' : 'Nobody matches'}>
          {search === ''
            ? 'People and other lists can be members. What the list grants begins as soon as somebody is in it.'
            : 'Search looks at names and reasons.'}
        </EmptyState>
      ) : (
        <VirtualTable
          label="Members"
          rows={rows}
          rowKey={keyOfMember}
          columns={columnsOf(
            may.members
              ? { chosen, choose, onEdit: setEditing, onRemove: (one) => setRemoving([one]) }
              : undefined,
          )}
          total={total}
          hasMore={members.hasNextPage}
          loadingMore={members.isFetchingNextPage}
          onMore={more}
        />
      )}
      {chosen.size > 0 ? (
        <div className="gh-panel gh-path-panel" role="region" aria-label="Chosen members">
          <Text>{chosen.size.toLocaleString('en')} chosen</Text>
          <Group gap="xs">
            <Button color="red" onClick={() => setRemoving([...chosen.values()])}>
              Remove {chosen.size.toLocaleString('en')} …
            </Button>
            <Button variant="default" onClick={() => setChosen(new Map())}>
              Clear the choice
            </Button>
          </Group>
        </div>
      ) : null}
      {removing ? (
        <RemoveMembers
          detail={detail}
          members={removing}
          onClose={() => setRemoving(undefined)}
          onDone={(says) => {
            focusBeside(frame.current, rows, removing)
            setDone(says)
            setRemoving(undefined)
            setChosen(new Map())
          }}
        />
      ) : null}
      {editing ? (
        <EditMember
          list={name}
          member={editing}
          onClose={() => setEditing(undefined)}
          onDone={(says) => {
            setDone(says)
            setEditing(undefined)
          }}
        />
      ) : null}
      {addingMany ? (
        <AddMany
          list={name}
          onClose={() => setAddingMany(false)}
          onDone={(says) => {
            setDone(says)
            setAddingMany(false)
          }}
        />
      ) : null}
    </div>
  )
}

/** Whose row goes loses the focus; it goes on at the next one that stays, or at the search field. */
function focusBeside(
  frame: HTMLElement | null,
  rows: readonly MemberItem[],
  removed: readonly MemberItem[],
): void {
  const gone = new Set(removed.map(keyOfMember))
  const first = rows.findIndex((row) => gone.has(keyOfMember(row)))
  const stays = (row: MemberItem) => !gone.has(keyOfMember(row))
  const next = rows.slice(first).find(stays) ?? rows.slice(0, Math.max(first, 0)).findLast(stays)
  const buttons = [...(frame?.querySelectorAll<HTMLElement>('button[data-removes]') ?? [])]
  const button = buttons.find(({ dataset }) => next !== undefined && dataset['removes'] === keyOfMember(next))
  const target = button ?? frame?.querySelector<HTMLElement>('input[type="search"]')
  target?.focus({ preventScroll: true })
}

interface RowTools {
  readonly chosen: ReadonlyMap<string, MemberItem>
  readonly choose: (member: MemberItem, isChosen: boolean) => void
  readonly onEdit: (member: MemberItem) => void
  readonly onRemove: (member: MemberItem) => void
}

function columnsOf(tools: RowTools | undefined): readonly Column<MemberItem>[] {
  return [
    {
      key: 'name',
      title: 'Member',
      width: 'minmax(0, 1.6fr)',
      cell: (member) => (
        <Group gap={10} wrap="nowrap">
          {tools ? (
            <Checkbox
              size="xs"
              aria-label={`Choose ${member.name}`}
              checked={tools.chosen.has(keyOfMember(member))}
              onChange={(event) => tools.choose(member, event.currentTarget.checked)}
            />
          ) : null}
          <div style={{ minWidth: 0 }}>
            <MemberName member={member} />
            <Text size="xs" c="dimmed" className="gh-row-details" component="div">
              {member.reason ? <span>{member.reason}</span> : null}
              {member.expiresAt ? <Ends member={member} /> : null}
            </Text>
          </div>
        </Group>
      ),
    },
    {
      key: 'reason',
      title: 'Reason',
      width: 'minmax(0, 1.2fr)',
      wide: true,
      cell: ({ reason }) => <span className="gh-clamp">{reason || '–'}</span>,
    },
    {
      key: 'joined',
      title: 'Joined',
      width: 'minmax(0, 1fr)',
      wide: true,
      cell: ({ joinedAt, addedBy }) => (
        <>
          <RelativeTime at={joinedAt} />
          <Text size="xs" c="dimmed" className="gh-clamp">
            by {addedBy}
          </Text>
        </>
      ),
    },
    {
      key: 'ends',
      title: 'Ends',
      width: '120px',
      wide: true,
      cell: (member) => <Ends member={member} />,
    },
    ...(tools === undefined
      ? []
      : [
          {
            key: 'tools',
            title: 'Change',
            width: '142px',
            cell: (member: MemberItem) => (
              <Group gap={6} wrap="nowrap">
                <Button
                  variant="default"
                  size="compact-xs"
                  onClick={() => tools.onEdit(member)}
                  aria-label={`Edit membership of ${member.name}`}
                >
                  Edit
                </Button>
                <Button
                  variant="default"
                  size="compact-xs"
                  onClick={() => tools.onRemove(member)}
                  data-removes={keyOfMember(member)}
                  aria-label={`Remove ${member.name}`}
                >
                  Remove …
                </Button>
              </Group>
            ),
          },
        ]),
  ]
}

function Ends({ member: { expiresAt } }: { member: MemberItem }) {
  if (expiresAt === undefined)
    return (
      <Text span c="dimmed" size="sm">
        no end
      </Text>
    )
  const isOver = Date.parse(expiresAt) <= Date.now()
  return (
    <Text span size="sm" {...(isOver && { c: 'red' })}>
      {isOver ? 'ended ' : 'ends '}
      <RelativeTime at={expiresAt} />
    </Text>
  )
}
