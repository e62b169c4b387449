/** @module Who holds a role: people and tokens, by page. */
import { Badge, Button, Group, Skeleton, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { roleHoldersQuery } from '../api/access.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { formatCount } from '../ui/format.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { GrantRole } from './GrantRole.js'

export function HolderList({ role }: { role: string }) {
  const holders = useInfiniteQuery(roleHoldersQuery(role))
  if (holders.isPending) return <Skeleton h={140} role="status" aria-label="Loading holders" />
  if (!holders.data) {
    return (
      <ErrorState
        error={holders.error}
        what="The holders could not be read"
        onRetry={() => void holders.refetch()}
      />
    )
  }
  const grant = <GrantRole role={role} />
  const found = holders.data.pages.flatMap(({ items }) => items)
  if (found.length === 0) {
    return (
      <EmptyState title="Nobody holds this role" action={grant}>
        Grant it to a person; what the role gives begins at once.
      </EmptyState>
    )
  }
  return (
    <>
      <Group mb="sm" gap="md" align="flex-end">
        <Text c="dimmed" role="status">
          {formatCount(holders.data.pages[0]?.total ?? found.length, 'holder')}
        </Text>
        {grant}
      </Group>
      <ul className="gh-panel gh-rows" aria-label="Holders">
        {found.map(({ kind, name }) => (
          <li key={`${kind}/${name}`}>
            <Link
              className="gh-row-link"
              to={kind === 'user' ? pagePaths.user(name) : pagePaths.resource('token', name)}
            >
              <BreakableName value={name} />
            </Link>
            {kind === 'token' ? <Badge color="gray">token</Badge> : null}
          </li>
        ))}
      </ul>
      {holders.hasNextPage ? (
        <Button
          mt="sm"
          variant="default"
          size="xs"
          onClick={() => void holders.fetchNextPage()}
          loading={holders.isFetchingNextPage}
        >
          Load more
        </Button>
      ) : null}
    </>
  )
}
