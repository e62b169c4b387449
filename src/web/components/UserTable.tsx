/** @module The users as a table that is searched and sorted; both are in the URL. */
import { Badge, Button, Group, Table, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { UserItem } from '../../api/contract.js'
import { rights, useRight } from '../api/session.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { parseSort, SortHeader, sortBy } from '../ui/SortHeader.js'
import { ResetLinkModal } from './ResetLinkModal.js'

const rowsAtOnce = 200

const sortKeys = {
  name: (user: UserItem) => user.name,
  roles: (user: UserItem) => user.roles.join(' '),
  origin: (user: UserItem) => user.origin,
  'sign-in': signInState,
  created: (user: UserItem) => user.createdAt,
}

export function UserTable({ users }: { users: readonly UserItem[] }) {
  const [search, setSearch] = useSearchParams()
  const mayReset = useRight(rights.resetUsers)
  const [reset, setReset] = useState<UserItem | undefined>()
  const [limit, setLimit] = useState(rowsAtOnce)
  const text = search.get('q') ?? ''
  const wanted = text.trim().toLowerCase()
  const sort = parseSort(search.get('sort'), sortKeys, 'name')
  const matching = users.filter(({ name, roles }) =>
    [name, ...roles].join(' ').toLowerCase().includes(wanted),
  )
  const found = sortBy(matching, sortKeys[sort.key], sort.descending)
  function change(name: 'q' | 'sort', value: string): void {
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true },
    )
  }
  const header = (title: string, key: keyof typeof sortKeys) => (
    <SortHeader title={title} name={key} sort={sort} onSort={(value) => change('sort', value)} />
  )
  return (
    <>
      <Group mb="sm" gap="md">
        <TextInput
          aria-label="Search users"
          placeholder="Search name or role"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => change('q', event.currentTarget.value)}
          style={{ flex: '0 1 320px' }}
        />
        <Text c="dimmed" role="status">
          {wanted === ''
            ? formatCount(users.length, 'user')
            : `${found.length} of ${formatCount(users.length, 'user')}`}
        </Text>
      </Group>
      <div className="gh-panel gh-table-frame">
        <Table highlightOnHover verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              {header('Name', 'name')}
              {header('Roles', 'roles')}
              {header('Origin', 'origin')}
              {header('Sign-in', 'sign-in')}
              {header('Created', 'created')}
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
                      disabled={user.origin !== 'local'}
                      title={
                        user.origin === 'local'
                          ? undefined
                          : `${user.origin} signs this user in: no password is kept here`
                      }
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
  if (!hasPassword) return origin === 'local' ? 'no password yet' : 'by connector'
  return factors === 0 ? 'password only' : `password and ${formatCount(factors, 'factor')}`
}
