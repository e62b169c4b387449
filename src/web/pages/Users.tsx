/** @module Users: who is known, with which roles and factors, and the one-time links that let them in. */
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { usersQuery } from '../api/queries.js'
import { rights, useRight } from '../api/session.js'
import { InviteDrawer } from '../components/InviteDrawer.js'
import { UserTable } from '../components/UserTable.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function Users() {
  const users = useQuery(usersQuery)
  const mayInvite = useRight(rights.inviteUsers)
  const [search, setSearch] = useSearchParams()
  // Other pages link to the invitation of somebody whom they name.
  const named = search.get('invite') ?? undefined
  const [inviting, setInviting] = useState(named !== undefined)
  return (
    <>
      <PageTitle
        title="Users"
        lead="People known to this gateway, and the roles that decide what they may do."
        actions={mayInvite ? <Button onClick={() => setInviting(true)}>Invite a person</Button> : undefined}
      />
      {users.isPending ? (
        <Skeleton h={240} role="status" aria-label="Loading users" />
      ) : users.error ? (
        <ErrorState
          error={users.error}
          what="The users could not be read"
          onRetry={() => void users.refetch()}
        />
      ) : users.data.length === 0 ? (
        <EmptyState title="Nobody here yet">Invite a person to create the first user.</EmptyState>
      ) : (
        <UserTable users={users.data} />
      )}
      <InviteDrawer
        opened={inviting && mayInvite}
        name={named}
        onClose={() => {
          setInviting(false)
          setSearch(
            (before) => {
              const after = new URLSearchParams(before)
              after.delete('invite')
              return after
            },
            { replace: true, preventScrollReset: true },
          )
        }}
      />
    </>
  )
}
