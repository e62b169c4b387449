/** @module The locks that hit a person, directly or through a role, and lifting them. */
import { Button, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { locksOn, locksQuery } from '../api/locks.js'
import { kindsQuery } from '../api/resources.js'
import { pagePaths } from '../path-builder.js'
import { startUpper } from '../ui/format.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { describeTarget, LiftLock } from './LiftLock.js'
import { LockUser } from './LockUser.js'

interface UserLocksProps {
  user: string
  roles: readonly string[]
}

export function UserLocks({ user, roles }: UserLocksProps) {
  const locks = useQuery(locksQuery)
  const kinds = useQuery(kindsQuery)
  const kind = kinds.data?.find(({ name }) => name === 'lock')
  const [locking, setLocking] = useState(false)
  const [lifting, setLifting] = useState<string>()
  if (locks.isPending) return <Skeleton h={120} role="status" aria-label="Loading locks" />
  if (locks.error) {
    return (
      <ErrorState
        error={locks.error}
        what="The locks could not be read"
        onRetry={() => void locks.refetch()}
      />
    )
  }
  const found = locksOn(locks.data, { user, roles }, Date.now())
  const mayLock = kind?.verbs.includes('create') ?? false
  return (
    <>
      {found.length === 0 ? (
        <EmptyState
          title="Not locked"
          action={
            mayLock ? (
              <Button variant="default" mt="xs" onClick={() => setLocking(true)}>
                Lock {user} …
              </Button>
            ) : undefined
          }
        >
          A lock shuts a person out at once, everywhere, and stands above all roles.
        </EmptyState>
      ) : (
        <ul className="gh-panel gh-rows" aria-label="Locks">
          {found.map(({ name, columns, createdAt }) => (
            <li key={name}>
              <div>
                <Link to={pagePaths.resource('lock', name)} className="gh-row-link">
                  {startUpper(columns['target'] ?? name)} is locked
                </Link>
                {columns['message'] ? <Text size="sm">“{columns['message']}”</Text> : null}
                <Text size="xs" c="dimmed">
                  {createdAt ? (
                    <>
                      since <RelativeTime at={createdAt} /> ·{' '}
                    </>
                  ) : null}
                  {columns['expires'] === 'never' || !columns['expires'] ? (
                    'until somebody lifts it'
                  ) : (
                    <>
                      ends <RelativeTime at={columns['expires']} />
                    </>
                  )}
                </Text>
              </div>
              {kind?.verbs.includes('delete') ? (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setLifting(name)}
                  aria-label={`Lift the lock on ${describeTarget(columns['target']) ?? name}`}
                >
                  Lift …
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <LockUser user={user} opened={locking} onClose={() => setLocking(false)} />
      <LiftLock name={lifting} onClose={() => setLifting(undefined)} />
    </>
  )
}
