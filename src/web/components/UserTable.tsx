/** @module The users as a table that is searched and sorted; both are in the URL. Each leads to the person's page. */
import { Badge, Button, Group, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import type { ResourceItem, UserItem } from '../../api/contract.js'
import { locksOn, locksQuery } from '../api/locks.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { formatCount } from '../ui/format.js'
import { LockIcon, SearchIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { describeSignIn } from '../ui/sign-in-state.js'
import { parseSort, sortBy } from '../ui/SortHeader.js'
import { EmptyState } from '../ui/States.js'
import { VirtualTable, type Column } from '../ui/VirtualTable.js'

const sortKeys = {
  name: (user: UserItem) => user.name,
  roles: (user: UserItem) => user.roles.join(' '),
  origin: (user: UserItem) => user.origin,
  'sign-in': describeSignIn,
  created: (user: UserItem) => user.createdAt,
}
const noLocks: readonly ResourceItem[] = []

export function UserTable({ users }: { users: readonly UserItem[] }) {
  const [search, setSearch] = useSearchParams()
  const mayListLocks = useRight(rights.listLocks)
  const locks = useQuery({ ...locksQuery, enabled: mayListLocks }).data ?? noLocks
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
      { replace: true, preventScrollReset: true },
    )
  }
  const sorting = (key: keyof typeof sortKeys): NonNullable<Column<UserItem>['sort']> => ({
    order: sort.key !== key ? 'none' : sort.descending ? 'descending' : 'ascending',
    onSort: () => change('sort', sort.key === key && !sort.descending ? `-${key}` : key),
  })
  const columns: readonly Column<UserItem>[] = [
    {
      key: 'name',
      title: 'Name',
      width: 'minmax(0, 2fr)',
      sort: sorting('name'),
      cell: (user) => <NameCell user={user} locks={locks} />,
    },
    {
      key: 'roles',
      title: 'Roles',
      width: 'minmax(0, 2fr)',
      wide: true,
      sort: sorting('roles'),
      cell: ({ roles }) => <Roles roles={roles} />,
    },
    {
      key: 'origin',
      title: 'Origin',
      width: '90px',
      wide: true,
      sort: sorting('origin'),
      cell: ({ origin }) => origin,
    },
    {
      key: 'sign-in',
      title: 'Sign-in',
      width: '170px',
      wide: true,
      sort: sorting('sign-in'),
      cell: describeSignIn,
    },
    {
      key: 'created',
      title: 'Created',
      width: '120px',
      wide: true,
      sort: sorting('created'),
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
  ]
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
      {found.length === 0 ? (
        <EmptyState
          title={`Nobody matches “${text.trim()}”`}
          action={
            <Button variant="default" onClick={() => change('q', '')}>
              Clear
            </Button>
          }
        >
          Search looks at names and roles.
        </EmptyState>
      ) : (
        <VirtualTable
          label="Users"
          rows={found}
          rowKey={({ name }) => name}
          columns={columns}
          hasMore={false}
          loadingMore={false}
          onMore={nothing}
        />
      )}
    </>
  )
}

function nothing(): void {
  // All users are here already.
}

function NameCell({ user, locks }: { user: UserItem; locks: readonly ResourceItem[] }) {
  const locked = locksOn(locks, { user: user.name, roles: user.roles }, Date.now()).length > 0
  return (
    <>
      <Link to={pagePaths.user(user.name)} className="gh-row-link">
        <BreakableName value={user.name} />
      </Link>
      {locked ? (
        <Badge color="red" ml={6} leftSection={<LockIcon />}>
          Locked
        </Badge>
      ) : null}
      <Text component="div" size="xs" c="dimmed" fw={400} className="gh-row-details">
        <span>{user.roles.join(', ') || 'no roles'}</span>
        <span>{describeSignIn(user)}</span>
        <span>
          created <RelativeTime at={user.createdAt} />
        </span>
      </Text>
    </>
  )
}

/** Roles shown in a row; the page of the person has all. */
const rolesAtOnce = 4

function Roles({ roles }: { roles: readonly string[] }) {
  if (roles.length === 0) return <Text c="dimmed">none</Text>
  return (
    <Group gap={4}>
      {roles.slice(0, rolesAtOnce).map((role) => (
        <Badge key={role} color="gray" ff="monospace" className="gh-label">
          {role}
        </Badge>
      ))}
      {roles.length > rolesAtOnce ? (
        <Text size="xs" c="dimmed">
          and {roles.length - rolesAtOnce} more
        </Text>
      ) : null}
    </Group>
  )
}
