/** @module What this gateway is connected to, how each is, and the way to connect, look after and remove it. */
import { Badge, Button, Group, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { IntegrationsAnswer } from '../../api/contract/identity-center.js'
import { integrationsQuery } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { DeleteResource } from '../components/DeleteResource.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { sayInPage } from '../ui/field-labels.js'
import { healthWords } from '../ui/identity-center-words.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

type Item = IntegrationsAnswer['items'][number]

export function Integrations() {
  const mayCreate = useRight(rights.createPlugins)
  return (
    <>
      <PageTitle
        title="Integrations"
        lead="What this gateway is connected to, and how each connection is."
        actions={
          mayCreate ? (
            <Button component={Link} to={pagePaths.newIntegration()}>
              Add new integration
            </Button>
          ) : undefined
        }
      />
      <List mayCreate={mayCreate} />
    </>
  )
}

function List({ mayCreate }: { mayCreate: boolean }) {
  const integrations = useQuery(integrationsQuery)
  const [deleting, setDeleting] = useState<string>()
  if (integrations.isPending) return <Skeleton h={200} role="status" aria-label="Loading integrations" />
  if (!integrations.data) {
    return (
      <ErrorState
        error={integrations.error}
        what="The integrations could not be read"
        onRetry={() => void integrations.refetch()}
      />
    )
  }
  if (integrations.data.length === 0) {
    return (
      <EmptyState
        title="Nothing is connected yet"
        action={
          mayCreate ? (
            <Button component={Link} to={pagePaths.newIntegration()} variant="default" mt="xs">
              Add new integration
            </Button>
          ) : undefined
        }
      >
        Connect AWS IAM Identity Center: its groups become access lists, and access in AWS follows what
        Gatehouse says.
      </EmptyState>
    )
  }
  return (
    <>
      <ul className="gh-panel gh-rows" aria-label="Integrations">
        {integrations.data.map((item) => (
          <Row key={`${item.kind} ${item.name}`} item={item} onDelete={() => setDeleting(item.name)} />
        ))}
      </ul>
      {deleting === undefined ? null : (
        <DeleteResource
          opened
          kind={{ name: 'integration', title: 'integration' }}
          name={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={() => setDeleting(undefined)}
        />
      )}
    </>
  )
}

function Row({ item, onDelete }: { item: Item; onDelete: () => void }) {
  const { kind, name, title, health, says, usedBy } = item
  const mayDelete = useRight(rights.deletePlugins)
  const isPlugin = kind === 'plugin'
  const words = healthWords[health]
  return (
    <li>
      <div>
        <Link
          to={isPlugin ? pagePaths.identityCenter({ plugin: name }) : pagePaths.resource('integration', name)}
          className="gh-row-link"
        >
          <BreakableName value={title} />
        </Link>
        <Badge color={words.color} ml={6}>
          {words.text}
        </Badge>
        {title === name ? null : (
          <Text size="xs" ff="monospace" c="dimmed">
            {name}
          </Text>
        )}
        <Text size="sm">{sayInPage(says)}</Text>
        {usedBy.length > 0 ? (
          <Text size="xs" c="dimmed">
            Used by {usedBy.join(', ')}
          </Text>
        ) : null}
      </div>
      <Group gap="xs">
        {isPlugin ? (
          <>
            <Button
              component={Link}
              variant={health === 'setting_up' ? 'filled' : 'default'}
              size="xs"
              to={pagePaths.identityCenterSetUp({
                plugin: name,
                step: health === 'setting_up' ? 'resume' : undefined,
              })}
              aria-label={`${health === 'setting_up' ? 'Resume the set-up' : 'Set-up'} of ${name}`}
            >
              {health === 'setting_up' ? 'Resume the set-up' : 'Set-up'}
            </Button>
            <Button
              component={Link}
              variant="default"
              size="xs"
              to={pagePaths.resource('plugin', name)}
              aria-label={`Settings of ${name}`}
            >
              Settings
            </Button>
            {mayDelete ? (
              <Button
                component={Link}
                variant="default"
                size="xs"
                to={pagePaths.identityCenterUninstall({ plugin: name })}
                aria-label={`Uninstall ${name}`}
              >
                Uninstall …
              </Button>
            ) : null}
          </>
        ) : mayDelete ? (
          <Button
            variant="default"
            size="xs"
            onClick={onDelete}
            disabled={usedBy.length > 0}
            title={usedBy.length > 0 ? `${usedBy.join(', ')} uses it: uninstall that first` : undefined}
            aria-label={`Delete integration ${name}`}
          >
            Delete …
          </Button>
        ) : null}
      </Group>
    </li>
  )
}
