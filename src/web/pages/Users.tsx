/** @module Users: who is known, with which roles and factors, and the one-time links that let them in. */
import { Badge, Button, Group, Skeleton, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { UserItem } from '../../api/contract.js'
import { usersQuery } from '../api/queries.js'
import { rights, useRight } from '../api/session.js'
import { InviteDrawer } from '../components/InviteDrawer.js'
import { ResetLinkModal } from '../components/ResetLinkModal.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'

const rowsAtOnce = 200

export function Users() {
  const users = useQuery(usersQuery)
  const mayInvite = useRight(rights.inviteUsers)
  const [inviting, setInviting] = useState(false)
  return (
    <>
      <PageTitle
        title="Users"
        lead="People known to this gateway, and the roles that decide what they may do."
        actions={
          mayInvite ? <Button onClick={() => setInviting(true)}>Invite a person</Button> : undefined
        }
      />
      {users.isPending ? (
        <Skeleton h={240} role="status" aria-label="Loading users" />
      ) : users.error ? (
        <ErrorState error={users.error} what="The users could not be read" onRetry={() => void users.refetch()} />
      ) : users.data.length === 0 ? (
        <EmptyState title="Nobody here yet">Invite a person to create the first user.</EmptyState>
      ) : (
        <UserTable users={users.data} />
      )}
      <InviteDrawer opened={inviting} onClose={() => setInviting(false)} />
    </>
  )
}

function UserTable({ users }: { users: readonly UserItem[] }) {
  const [search, setSearch] = useSearchParams()
  const mayReset = useRight(rights.resetUsers)
  const [reset, setReset] = useState<UserItem | undefined>()
  const [limit, setLimit] = useState(rowsAtOnce)
  const text = search.get('q') ?? ''
  const wanted = text.trim().toLowerCase()
  const found = users.filter(({ name, roles }) => [name, ...roles].join(' ').toLowerCase().includes(wanted))
  return (
    <>
      <Group mb="sm" gap="md">
        <TextInput
          aria-label="Search users"
          placeholder="Search name or role"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            const q = event.currentTarget.value
            setSearch(q === '' ? {} : { q }, { replace: true })
          }}
          style={{ flex: '0 1 320px' }}
        />
        <Text c="dimmed" role="status">
          {wanted === '' ? formatCount(users.length, 'user') : `${found.length} of ${formatCount(users.length, 'user')}`}
        </Text>
      </Group>
      <div className="gh-panel gh-table-frame">
        <Table highlightOnHover verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Name</Table.Th>
              <Table.Th scope="col" visibleFrom="md">
                Roles
              </Table.Th>
              <Table.Th scope="col" visibleFrom="md">
                Origin
              </Table.Th>
              <Table.Th scope="col" visibleFrom="md">
                Sign-in
              </Table.Th>
              <Table.Th scope="col" visibleFrom="md">
                Created
              </Table.Th>
              {mayReset ? <Table.Th scope="col">Actions</Table.Th> : null}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.slice(0, limit).map((user) => (
              <Table.Tr key={user.name}>
                <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
                  {user.name}
                  <Text component="div" size="xs" c="dimmed" fw={400} className="gh-row-details">
                    <span>{user.roles.join(', ') || 'no roles'}</span>
                    <span>{signInState(user)}</span>
                    <span>
                      created <RelativeTime at={user.createdAt} />
                    </span>
                  </Text>
                </Table.Th>
                <Table.Td visibleFrom="md">
                  <Roles roles={user.roles} />
                </Table.Td>
                <Table.Td visibleFrom="md">{user.origin}</Table.Td>
                <Table.Td visibleFrom="md">{signInState(user)}</Table.Td>
                <Table.Td visibleFrom="md">
                  <RelativeTime at={user.createdAt} />
                </Table.Td>
                {mayReset ? (
                  <Table.Td>
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => setReset(user)}
                      aria-label={`Reset link for ${user.name}`}
                    >
                      Reset link
                    </Button>
                  </Table.Td>
                ) : null}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {found.length > limit ? (
        <Button variant="default" mt="sm" onClick={() => setLimit(limit + rowsAtOnce)}>
          Show {Math.min(rowsAtOnce, found.length - limit)} more
        </Button>
      ) : null}
      <ResetLinkModal user={reset} onClose={() => setReset(undefined)} />
    </>
  )
}

function Roles({ roles }: { roles: readonly string[] }) {
  if (roles.length === 0) return <Text c="dimmed">none</Text>
  return (
    <Group gap={4}>
      {roles.map((role) => (
        <Badge key={role} color="gray" ff="monospace">
          {role}
        </Badge>
      ))}
    </Group>
  )
}

function signInState({ origin, hasPassword, factors }: UserItem): string {
  if (!hasPassword) return origin === 'local' ? 'invited, no password yet' : 'by connector'
  return factors === 0 ? 'password only' : `password and ${formatCount(factors, 'factor')}`
}
