/** @module Step 7: the start page of AWS, opened through this gateway; then where things are from now on. */
import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { appsQuery } from '../api/queries.js'
import { ResourceTile } from '../components/ResourceTile.js'
import { WithResource } from '../components/WithResource.js'
import { readPluginFields } from '../forms/plugin-fields.js'
import { pagePaths } from '../path-builder.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function Start({ setUp: { plugin } }: { setUp: SetupAnswer }) {
  return (
    <Stack gap="lg">
      <WithResource kind={{ name: 'plugin', title: 'plugin' }} name={plugin}>
        {({ yaml }) => <Portal plugin={plugin} name={readPluginFields(yaml)?.serviceProvider ?? ''} />}
      </WithResource>
      <section className="gh-panel gh-part" aria-label="From now on">
        <Title order={2} mb="xs">
          From now on
        </Title>
        <Text c="dimmed" mb="md" maw="80ch">
          People find the portal under Resources. Status tells whether AWS is what Gatehouse says, and what to
          do where it is not.
        </Text>
        <Group gap="sm">
          <Button component={Link} variant="default" to={pagePaths.identityCenter({ plugin })}>
            Open Status
          </Button>
          <Button component={Link} variant="default" to={pagePaths.accessLists()}>
            Open Access lists
          </Button>
        </Group>
      </section>
    </Stack>
  )
}

function Portal({ plugin, name }: { plugin: string; name: string }) {
  const apps = useQuery(appsQuery)
  if (name === '') {
    return (
      <EmptyState
        title="No identity source yet"
        action={
          <Button
            component={Link}
            variant="default"
            mt="xs"
            to={pagePaths.identityCenterSetUp({ step: 'identity_source', plugin })}
          >
            Open Identity source
          </Button>
        }
      >
        Another identity provider signs people in to AWS. They open its start page; access in the accounts
        still comes from here.
      </EmptyState>
    )
  }
  if (apps.isPending) return <Skeleton h={180} role="status" aria-label="Loading the portal" />
  if (!apps.data) {
    return (
      <ErrorState
        error={apps.error}
        what="Your resources could not be read"
        onRetry={() => void apps.refetch()}
      />
    )
  }
  const app = apps.data.find((one) => one.name === name)
  if (!app) {
    return (
      <EmptyState title={`Service provider ${name} is missing`}>
        It was deleted or renamed. Choose another one in the step Identity source.
      </EmptyState>
    )
  }
  return (
    <div style={{ maxWidth: 420 }}>
      <ResourceTile app={app} />
    </div>
  )
}
