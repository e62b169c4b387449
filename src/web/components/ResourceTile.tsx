/** @module One application: what it is, what it asks for, and its Log In button or the reason why there is none. */
import { Badge, Button, Group, Text, Title } from '@mantine/core'
import type { AppAnswer } from '../../api/contract.js'
import { CopyText } from '../ui/CopyText.js'
import { ArrowIcon, LockIcon } from '../ui/Icons.js'

const requirements: Readonly<Record<AppAnswer['requires'][number], string>> = {
  session_mfa: 'Asks for a code',
  trusted_device: 'Needs a trusted device',
}

export function ResourceTile({ app }: { app: AppAnswer }) {
  const labels = Object.entries(app.labels)
  const reasonId = `why-${app.name}`
  return (
    <article className="gh-panel gh-tile" data-allowed={app.allowed} aria-label={app.title}>
      <div>
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>
            {app.title}
          </Title>
          {app.requires.map((requirement) => (
            <Badge key={requirement} color="amber" leftSection={<LockIcon />} style={{ flexShrink: 0 }}>
              {requirements[requirement]}
            </Badge>
          ))}
        </Group>
        {app.name === app.title ? null : (
          <Text size="xs" ff="monospace" c="dimmed">
            {app.name}
          </Text>
        )}
        {app.description ? <Text mt={6}>{app.description}</Text> : null}
      </div>
      <div>
        <Text size="xs" c="dimmed">
          Entity ID
        </Text>
        <CopyText value={app.entityId} name="entity ID" truncate />
      </div>
      {labels.length > 0 ? (
        <Group gap={6} component="ul" m={0} p={0} aria-label="Labels" style={{ listStyle: 'none' }}>
          {labels.map(([key, value]) => (
            <li key={key} style={{ maxWidth: '100%' }}>
              <Badge color="gray" ff="monospace" className="gh-label">
                {key}: {value}
              </Badge>
            </li>
          ))}
        </Group>
      ) : null}
      {app.allowed ? null : (
        <div className="gh-tile-reason" id={reasonId}>
          <Text fw={600}>You cannot sign in to this yet</Text>
          <Text>{app.because}</Text>
        </div>
      )}
      <Group mt="auto" justify="space-between">
        {app.allowed ? (
          <Button
            component="a"
            href={app.loginUrl}
            rightSection={<ArrowIcon />}
            aria-label={`Log In to ${app.title}`}
          >
            Log In
          </Button>
        ) : (
          <Button
            data-disabled
            aria-disabled="true"
            aria-label={`Log In to ${app.title}`}
            aria-describedby={reasonId}
            onClick={(event) => event.preventDefault()}
          >
            Log In
          </Button>
        )}
      </Group>
    </article>
  )
}
