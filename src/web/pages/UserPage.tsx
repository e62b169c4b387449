/** @module One person: roles and traits, what they may open and why, sessions, locks, links, and the document. */
import { Badge, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import type { KindAnswer, ResourceAnswer, ResourceItem } from '../../api/contract.js'
import { locksOn, locksQuery } from '../api/locks.js'
import { usersQuery } from '../api/queries.js'
import { kindsQuery } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { LiftLock } from '../components/LiftLock.js'
import { EffectiveAccess } from '../components/EffectiveAccess.js'
import { LockedInAws } from '../components/LockedInAws.js'
import { LockUser } from '../components/LockUser.js'
import { ResetLinkModal } from '../components/ResetLinkModal.js'
import { UserLocks } from '../components/UserLocks.js'
import { UserSessions } from '../components/UserSessions.js'
import { WithKind } from '../components/WithKind.js'
import { WithResource } from '../components/WithResource.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { UserForm } from '../forms/UserForm.js'
import { readUserFields } from '../forms/user-fields.js'
import { pagePaths } from '../path-builder.js'
import { LockIcon } from '../ui/Icons.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { describeSignIn } from '../ui/sign-in-state.js'

const form = (tools: FormTools) => <UserForm {...tools} />

export function UserPage() {
  const { name = '' } = useParams()
  return (
    <WithKind key={name} name="user">
      {(kind) => <Person kind={kind} name={name} />}
    </WithKind>
  )
}

function Person({ kind, name }: { kind: KindAnswer; name: string }) {
  return (
    <>
      <PageTitle
        title={name}
        parent={{ title: 'Users', to: pagePaths.users() }}
        lead={<Facts name={name} />}
        actions={<Actions name={name} />}
      />
      <LockedInAws user={name} />
      <WithResource kind={kind} name={name}>
        {(answer) => <Details kind={kind} answer={answer} />}
      </WithResource>
    </>
  )
}

function Details({ kind, answer }: { kind: KindAnswer; answer: ResourceAnswer }) {
  const navigate = useNavigate()
  const mayListSessions = useRight(rights.listSessions)
  const mayListLocks = useRight(rights.listLocks)
  const { name } = answer
  const read = readUserFields(answer.yaml)
  const roles = 'fields' in read ? read.fields.roles : []
  return (
    <Workbench
      kind={kind}
      answer={answer}
      form={form}
      formTitle="Roles and traits"
      more={[
        { value: 'access', title: 'Access', content: () => <EffectiveAccess of={{ kind: 'user', name }} /> },
        ...(mayListSessions
          ? [{ value: 'sessions', title: 'Sessions', content: () => <UserSessions user={name} /> }]
          : []),
        ...(mayListLocks
          ? [{ value: 'locks', title: 'Locks', content: () => <UserLocks user={name} roles={roles} /> }]
          : []),
      ]}
      onDeleted={() => void navigate(pagePaths.users())}
    />
  )
}

function usePerson(name: string) {
  const mayList = useRight(rights.listUsers)
  return useQuery({ ...usersQuery, enabled: mayList }).data?.find((user) => user.name === name)
}

function Facts({ name }: { name: string }) {
  const user = usePerson(name)
  const mayListLocks = useRight(rights.listLocks)
  const locks = useQuery({ ...locksQuery, enabled: mayListLocks })
  if (!user) return null
  const locked = locksOn(locks.data ?? [], { user: name, roles: user.roles }, Date.now())
  return (
    <Group gap="xs">
      {locked.map((lock) => (
        <LockFacts key={lock.name} lock={lock} user={name} />
      ))}
      <Text span>
        {user.origin === 'local' ? 'Local user' : `Signs in by ${user.origin}`} · {describeSignIn(user)} ·
        created <RelativeTime at={user.createdAt} />
      </Text>
    </Group>
  )
}

function LockFacts({ lock: { columns }, user }: { lock: ResourceItem; user: string }) {
  const { target, expires, message } = columns
  return (
    <Group gap="xs" w="100%">
      <Badge color="red" leftSection={<LockIcon />}>
        Locked
      </Badge>
      <Text span>
        {target === `user ${user}` ? null : `by ${target ?? 'a lock'} · `}
        {message ? `“${message}” · ` : null}
        {isEndless(expires) ? 'until somebody lifts it' : 'ends '}
        {isEndless(expires) ? null : <RelativeTime at={expires} />}
      </Text>
    </Group>
  )
}

function isEndless(expires: string | undefined): expires is 'never' | undefined {
  return expires === undefined || expires === 'never'
}

/** The lock on this very person, which is lifted here; one on a role of theirs holds others too. */
function useOwnLock(name: string): string | undefined {
  const mayListLocks = useRight(rights.listLocks)
  const locks = useQuery({ ...locksQuery, enabled: mayListLocks })
  const mayLift = useQuery(kindsQuery)
    .data?.find((kind) => kind.name === 'lock')
    ?.verbs.includes('delete')
  return mayLift ? locksOn(locks.data ?? [], { user: name, roles: [] }, Date.now())[0]?.name : undefined
}

function Actions({ name }: { name: string }) {
  const user = usePerson(name)
  const ownLock = useOwnLock(name)
  const [lifting, setLifting] = useState<string>()
  const mayReset = useRight(rights.resetUsers)
  const mayLock = useRight(rights.createLocks)
  const [search, setSearch] = useSearchParams()
  const [resetting, setResetting] = useState(false)
  const locking = search.get('do') === 'lock'
  function setLocking(open: boolean): void {
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (open) after.set('do', 'lock')
        else after.delete('do')
        return after
      },
      { replace: true },
    )
  }
  return (
    <Group gap="xs">
      <Button component={Link} to={pagePaths.explainAccess({ user: name })} variant="default">
        Explain access
      </Button>
      {mayReset && user ? (
        <Button
          variant="default"
          onClick={() => setResetting(true)}
          disabled={user.origin !== 'local'}
          title={
            user.origin === 'local'
              ? undefined
              : `${user.origin} signs this user in: no password is kept here`
          }
        >
          Reset link …
        </Button>
      ) : null}
      {ownLock !== undefined ? (
        <Button variant="default" onClick={() => setLifting(ownLock)} leftSection={<LockIcon />}>
          Lift the lock …
        </Button>
      ) : mayLock ? (
        <Button variant="default" color="red" onClick={() => setLocking(true)} leftSection={<LockIcon />}>
          Lock …
        </Button>
      ) : null}
      <ResetLinkModal user={resetting ? user : undefined} onClose={() => setResetting(false)} />
      <LiftLock name={lifting} onClose={() => setLifting(undefined)} />
      {mayLock ? <LockUser user={name} opened={locking} onClose={() => setLocking(false)} /> : null}
    </Group>
  )
}
