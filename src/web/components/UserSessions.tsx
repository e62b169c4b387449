/** @module Where a person is signed in, and the end of it: one session, or all of them. */
import { Badge, Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { userSessionsQuery, type OthersSession } from '../api/access.js'
import { sendJson } from '../api/client.js'
import { rights, useRight } from '../api/session.js'
import { apiPaths } from '../path-builder.js'
import { describeBrowser, formatCount } from '../ui/format.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState, FormError } from '../ui/States.js'

export function UserSessions({ user }: { user: string }) {
  const sessions = useQuery(userSessionsQuery(user))
  const client = useQueryClient()
  const mayEnd = useRight(rights.endSessions)
  const [endingAll, setEndingAll] = useState(false)
  const end = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await sendJson<unknown>('DELETE', apiPaths.userSession(user, id))
    },
    // Also after a refusal half-way: some of them may have ended.
    onSettled: () => client.invalidateQueries({ queryKey: userSessionsQuery(user).queryKey }),
    onSuccess: () => setEndingAll(false),
  })
  if (sessions.isPending) return <Skeleton h={140} role="status" aria-label="Loading sessions" />
  if (sessions.error) {
    return (
      <ErrorState
        error={sessions.error}
        what="The sessions could not be read"
        onRetry={() => void sessions.refetch()}
      />
    )
  }
  if (sessions.data.length === 0)
    return <EmptyState title="Not signed in">{user} has no session at the moment.</EmptyState>
  return (
    <Stack gap="sm">
      {endingAll ? null : <FormError error={end.error} />}
      <ul className="gh-panel gh-rows" aria-label="Sessions">
        {sessions.data.map((session) => (
          <li key={session.id}>
            <Facts session={session} />
            {mayEnd && !session.current ? (
              <Button
                variant="default"
                size="xs"
                onClick={() => end.mutate([session.id])}
                loading={end.isPending && end.variables.includes(session.id)}
                aria-label={`End session from ${session.address}`}
              >
                End session
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayEnd ? (
        <div>
          <Button variant="default" onClick={() => setEndingAll(true)}>
            End all sessions …
          </Button>
        </div>
      ) : null}
      <Modal opened={endingAll} onClose={() => setEndingAll(false)} title={`Sign ${user} out everywhere?`}>
        <Stack>
          <Text>
            {formatCount(sessions.data.length, 'session')} of {user} will end at once. Roles and password
            stay, so they can sign in again; a lock would prevent that. AWS sessions that have begun last
            until they end.
          </Text>
          <FormError error={end.error} />
          <Group>
            <Button onClick={() => end.mutate(ownLast(sessions.data))} loading={end.isPending} color="red">
              End {formatCount(sessions.data.length, 'session')}
            </Button>
            <Button variant="default" onClick={() => setEndingAll(false)}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  )
}

/** Whoever ends their own session first could not end the others. */
function ownLast(sessions: readonly OthersSession[]): string[] {
  return [...sessions].sort((a, b) => Number(a.current) - Number(b.current)).map(({ id }) => id)
}

function Facts({ session }: { session: OthersSession }) {
  return (
    <div>
      <Group gap="xs">
        <Text span fw={500} title={session.userAgent}>
          {session.client === 'cli' ? 'Command line' : describeBrowser(session.userAgent)}
        </Text>
        {session.current ? <Badge>This session</Badge> : null}
      </Group>
      <Text size="xs" c="dimmed">
        {session.address} · signed in <RelativeTime at={session.createdAt} /> · last seen{' '}
        <RelativeTime at={session.lastSeenAt} /> · ends <RelativeTime at={session.expiresAt} />
      </Text>
    </div>
  )
}
