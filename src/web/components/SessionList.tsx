/** @module The sessions of the signed-in person; any but the present one can be ended here. */
import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SessionItem } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { mySessionsQuery } from '../api/queries.js'
import { apiPaths } from '../path-builder.js'
import { describeBrowser } from '../ui/format.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState, FormError } from '../ui/States.js'

export function SessionList() {
  const sessions = useQuery(mySessionsQuery)
  const client = useQueryClient()
  const end = useMutation({
    mutationFn: (id: string) => sendJson<unknown>('DELETE', apiPaths.meSession(id)),
    onSuccess: () => client.invalidateQueries({ queryKey: mySessionsQuery.queryKey }),
  })
  if (sessions.isPending) return <Skeleton h={80} role="status" aria-label="Loading sessions" />
  if (sessions.error) {
    return (
      <ErrorState
        error={sessions.error}
        what="Your sessions could not be read"
        onRetry={() => void sessions.refetch()}
      />
    )
  }
  return (
    <Stack gap="xs">
      <FormError error={end.error} />
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }} aria-label="Sessions">
        {sessions.data.map((session) => (
          <Group
            component="li"
            key={session.id}
            justify="space-between"
            wrap="nowrap"
            py="xs"
            style={{ borderTop: '1px solid var(--gh-line)' }}
          >
            <SessionFacts session={session} />
            {session.current ? null : (
              <Button
                variant="default"
                size="xs"
                style={{ flexShrink: 0 }}
                onClick={() => end.mutate(session.id)}
                loading={end.isPending && end.variables === session.id}
                aria-label={`End session from ${session.address}`}
              >
                End session
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Stack>
  )
}

function SessionFacts({ session }: { session: SessionItem }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Group gap="xs">
        <Text span fw={500} title={session.userAgent}>
          {describeBrowser(session.userAgent)}
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
