/** @module Members of an access list: who, until when and by whom; people are added and removed one by one. */
import { Badge, Button, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { addMember, membersQuery, removeMember, type MemberItem } from '../api/access-lists.js'
import { forgetResources } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { NameField } from '../forms/NameField.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'
import { MoreRows } from '../ui/MoreRows.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState, FormError } from '../ui/States.js'

interface MemberListProps {
  list: string
  mayChange: boolean
}

const pauseMs = 250

export function MemberList({ list, mayChange }: MemberListProps) {
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), pauseMs)
  const members = useInfiniteQuery(membersQuery(list, search))
  const [removing, setRemoving] = useState<MemberItem>()
  const rows = members.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search members"
          placeholder="Search members"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '0 1 320px' }}
        />
        <Text size="sm" c="dimmed" role="status">
          {members.data ? formatCount(members.data.pages[0]?.total ?? rows.length, 'member') : ''}
        </Text>
      </div>
      {mayChange ? <AddMember list={list} /> : null}
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
            ? 'Add a person; what the list grants begins at once.'
            : 'Search looks at user names.'}
        </EmptyState>
      ) : (
        <>
          <ul className="gh-panel gh-rows" aria-label="Members">
            {rows.map((member) => (
              <Row
                key={`${member.kind} ${member.name}`}
                member={member}
                onRemove={mayChange ? () => setRemoving(member) : undefined}
              />
            ))}
          </ul>
          <MoreRows list={members} />
        </>
      )}
      {removing ? <Remove list={list} member={removing} onClose={() => setRemoving(undefined)} /> : null}
    </>
  )
}

function Row({ member, onRemove }: { member: MemberItem; onRemove: (() => void) | undefined }) {
  const { kind, name, hasUser, joinedAt, expiresAt, addedBy, reason } = member
  const mayReadUsers = useRight(rights.readUsers)
  return (
    <li>
      <div>
        {kind === 'list' ? (
          <Link to={pagePaths.accessList(name)} className="gh-row-link">
            <BreakableName value={name} />
          </Link>
        ) : hasUser && mayReadUsers ? (
          <Link to={pagePaths.user(name)} className="gh-row-link">
            <BreakableName value={name} />
          </Link>
        ) : (
          <BreakableName value={name} />
        )}
        {kind === 'list' ? (
          <Badge color="gray" ml={6}>
            list
          </Badge>
        ) : hasUser ? null : (
          <Badge
            color="amber"
            ml={6}
            title="In AWS and in this list; a Gatehouse user of exactly this name takes the place over."
          >
            no user yet
          </Badge>
        )}
        <Text size="xs" c="dimmed">
          joined <RelativeTime at={joinedAt} />, added by {addedBy}
          {expiresAt ? (
            <>
              ; ends <RelativeTime at={expiresAt} />
            </>
          ) : null}
          {reason === '' ? '' : `; ${reason}`}
        </Text>
      </div>
      {onRemove ? (
        <Button variant="default" size="xs" onClick={onRemove} aria-label={`Remove ${name}`}>
          Remove …
        </Button>
      ) : null}
    </li>
  )
}

function AddMember({ list }: { list: string }) {
  const client = useQueryClient()
  const [person, setPerson] = useState('')
  const [reason, setReason] = useState('')
  const add = useMutation({
    mutationFn: () => addMember(list, { kind: 'user', name: person.trim(), reason: reason.trim() }),
    onSuccess: async () => {
      setPerson('')
      setReason('')
      await client.invalidateQueries({ queryKey: ['members', list] })
      void forgetResources()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (person.trim() !== '') add.mutate()
      }}
      style={{ marginBottom: 16 }}
    >
      <Group gap="sm" align="flex-end">
        <div style={{ flex: '1 1 220px', maxWidth: 320 }}>
          <NameField kind="user" label="Person to add" value={person} onChange={setPerson} />
        </div>
        <TextInput
          label="Reason (optional)"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          style={{ flex: '1 1 200px', maxWidth: 320 }}
        />
        <Button type="submit" loading={add.isPending} disabled={person.trim() === ''}>
          Add to the list
        </Button>
      </Group>
      {add.error ? (
        <div style={{ marginTop: 8 }}>
          <FormError error={add.error} />
        </div>
      ) : null}
    </form>
  )
}

function Remove({ list, member, onClose }: { list: string; member: MemberItem; onClose: () => void }) {
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => removeMember(list, member),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['members', list] })
      void forgetResources()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Remove ${member.name}?`}>
      <Stack>
        <Text>
          {member.name} loses what {list} grants, here at once and in AWS as soon as the sync gets there. What
          other lists and roles give stays.
        </Text>
        <FormError error={remove.error} />
        <Group>
          <Button color="red" onClick={() => remove.mutate()} loading={remove.isPending}>
            Remove {member.name}
          </Button>
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
