/** @module One audit event: where it stands in the chain, and its JSON exactly as stored. */
import { Button, CopyButton, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { auditEventQuery } from '../api/queries.js'
import { pagePaths } from '../path-builder.js'
import { parseStoredEvent, type StoredEvent } from '../ui/audit-view.js'
import { CopyText } from '../ui/CopyText.js'
import { describeEvent } from '../../core/audit/describe.js'
import { formatExact } from '../ui/format.js'
import { CheckIcon, CopyIcon, LinkIcon } from '../ui/Icons.js'
import { Outcome } from '../ui/Outcome.js'
import { ErrorState } from '../ui/States.js'

export function EventDetails({ uid, onClose }: { uid: string | undefined; onClose: () => void }) {
  return (
    <Drawer opened={uid !== undefined} onClose={onClose} position="right" size="lg" title="Event details">
      {uid ? <Loaded uid={uid} /> : null}
    </Drawer>
  )
}

function Loaded({ uid }: { uid: string }) {
  const found = useQuery(auditEventQuery(uid))
  if (found.isPending) return <Skeleton h={300} role="status" aria-label="Loading the event" />
  if (found.error) {
    return (
      <ErrorState
        error={found.error}
        what="The event could not be read"
        onRetry={() => void found.refetch()}
      />
    )
  }
  const item = found.data.items[0]
  if (!item) {
    return (
      <Text>
        No event has the reference {uid}. It may be a moment away: events join the log just after they happen.
      </Text>
    )
  }
  return <Details stored={parseStoredEvent(item)} />
}

function Details({ stored }: { stored: StoredEvent }) {
  const { event, json, sequence, hash } = stored
  const link = window.location.origin + pagePaths.audit({ uid: event.uid })
  return (
    <Stack gap="md">
      <Text fw={600}>{describeEvent(event)}</Text>
      <dl className="gh-facts">
        <dt>Outcome</dt>
        <dd>
          <Outcome success={event.success} />
        </dd>
        <dt>Time</dt>
        <dd>{formatExact(Date.parse(event.time))}</dd>
        <dt>Reference</dt>
        <dd>
          <CopyText value={event.uid} name="reference" />
        </dd>
        <dt>In the chain</dt>
        <dd>
          <Group gap={6}>
            number {sequence.toLocaleString('en')}, hash
            <CopyText value={hash} shown={`${hash.slice(0, 12)}…`} name="hash" />
          </Group>
        </dd>
      </dl>
      <Group gap="xs">
        <CopyButton value={json} timeout={2000}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="xs"
              onClick={copy}
              leftSection={copied ? <CheckIcon /> : <CopyIcon />}
            >
              {copied ? 'JSON copied' : 'Copy JSON'}
            </Button>
          )}
        </CopyButton>
        <CopyButton value={link} timeout={2000}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="xs"
              onClick={copy}
              leftSection={copied ? <CheckIcon /> : <LinkIcon />}
            >
              {copied ? 'Link copied' : 'Copy link to this event'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <pre className="gh-json" tabIndex={0} role="region" aria-label="Event as JSON">
        {JSON.stringify(event, null, 2)}
      </pre>
      <Text size="xs" c="dimmed">
        Spaced for reading. Copy JSON gives the stored text, over which the hash runs.
      </Text>
    </Stack>
  )
}
