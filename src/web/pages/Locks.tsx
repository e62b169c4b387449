/** @module Locks: who and what is shut out now, until when and why; making one and lifting one. */
import { Anchor, Badge, Button, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { KindAnswer, ResourceItem } from '../../api/contract.js'
import { lockHitsQuery } from '../api/lock-hits.js'
import { isEnded, locksQuery, parseTarget } from '../api/locks.js'
import { rights, useRight } from '../api/session.js'
import { describeTarget, LiftLock } from '../components/LiftLock.js'
import { NewLock } from '../components/LockForm.js'
import { LockedInAws } from '../components/LockedInAws.js'
import { WithKind } from '../components/WithKind.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { formatCount, startUpper } from '../ui/format.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function Locks() {
  return <WithKind name="lock">{(kind) => <Shown kind={kind} />}</WithKind>
}

function Shown({ kind }: { kind: KindAnswer }) {
  const [search, setSearch] = useSearchParams()
  const mayLock = kind.verbs.includes('create')
  const open = () => setSearch({ do: 'lock' }, { replace: true })
  return (
    <>
      <PageTitle
        title="Locks"
        lead="A lock shuts out a person, everyone with a role, a token or a session, at once. No role lifts it."
        actions={mayLock ? <Button onClick={open}>New lock</Button> : undefined}
      />
      <LockedInAws />
      <LockList kind={kind} onNew={mayLock ? open : undefined} />
      <NewLock
        opened={mayLock && search.get('do') === 'lock'}
        onClose={() => setSearch({}, { replace: true })}
      />
    </>
  )
}

function LockList({ kind, onNew }: { kind: KindAnswer; onNew: (() => void) | undefined }) {
  const locks = useQuery(locksQuery)
  const [lifting, setLifting] = useState<string>()
  if (locks.isPending) return <Skeleton h={200} role="status" aria-label="Loading locks" />
  if (locks.error) {
    return (
      <ErrorState
        error={locks.error}
        what="The locks could not be read"
        onRetry={() => void locks.refetch()}
      />
    )
  }
  if (locks.data.length === 0) {
    return (
      <EmptyState
        title="Nothing is locked"
        action={
          onNew ? (
            <Button variant="default" mt="xs" onClick={onNew}>
              New lock
            </Button>
          ) : undefined
        }
      >
        Lock a person whose laptop is lost, or a role while something is looked into. Sessions end at once,
        and signing in is refused until the lock ends.
      </EmptyState>
    )
  }
  return (
    <>
      <ul className="gh-panel gh-rows" aria-label="Locks">
        {locks.data.map((lock) => (
          <li key={lock.name}>
            <Lock lock={lock} />
            {kind.verbs.includes('delete') ? (
              <Button
                variant="default"
                size="xs"
                onClick={() => setLifting(lock.name)}
                aria-label={`Lift the lock on ${describeTarget(lock.columns['target']) ?? lock.name}`}
              >
                Lift …
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <LiftLock name={lifting} onClose={() => setLifting(undefined)} />
    </>
  )
}

function Lock({ lock: { name, columns, createdAt, problem } }: { lock: ResourceItem }) {
  const target = parseTarget(columns['target'] ?? '')
  const end = columns['expires'] ?? 'never'
  const ended = isEnded({ columns }, Date.now())
  return (
    <div>
      <Link to={pagePaths.resource('lock', name)} className="gh-row-link">
        {target ? (
          <>
            {startUpper(target.kind)} <BreakableName value={target.name} />
          </>
        ) : (
          name
        )}
      </Link>
      {ended ? (
        <Badge color="gray" ml={6}>
          ended
        </Badge>
      ) : null}
      {problem ? <Text size="sm">{startUpper(problem)}</Text> : null}
      {columns['message'] ? <Text size="sm">“{columns['message']}”</Text> : null}
      <Text size="xs" c="dimmed">
        {ended ? 'ended ' : end === 'never' ? 'until somebody lifts it' : 'ends '}
        {end === 'never' ? null : <RelativeTime at={end} />}
        {createdAt ? (
          <>
            {' · since '}
            <RelativeTime at={createdAt} />
          </>
        ) : null}
        {target && !ended ? <Hits target={target} /> : null}
      </Text>
    </div>
  )
}

/** Who is hit now, as far as this person may read it. */
function Hits({ target: { kind, name } }: { target: NonNullable<ReturnType<typeof parseTarget>> }) {
  const mayListRoles = useRight(rights.listRoles)
  const holders = useQuery({ ...lockHitsQuery(name), enabled: kind === 'role' && mayListRoles })
  if (kind === 'user') {
    return (
      <>
        {' · '}
        <Anchor component={Link} to={pagePaths.user(name)} inherit>
          see the person
        </Anchor>
      </>
    )
  }
  if (kind !== 'role' || !holders.data) return null
  return (
    <>
      {' · hits '}
      <Anchor component={Link} to={pagePaths.role(name, { tab: 'holders' })} inherit>
        {formatCount(holders.data.total, 'holder')}
      </Anchor>{' '}
      now
    </>
  )
}
