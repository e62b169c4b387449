/** @module Which Identity Center instance a page is about: the one in the URL, the only one, or the one that is picked. */
import { Button, Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import { integrationsQuery } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function WithPlugin({ children }: { children: (plugin: string) => ReactNode }) {
  const integrations = useQuery(integrationsQuery)
  const mayCreate = useRight(rights.createPlugins)
  const [search, setSearch] = useSearchParams()
  if (integrations.isPending) return <Skeleton h={320} role="status" aria-label="Loading integrations" />
  if (!integrations.data) {
    return (
      <ErrorState
        error={integrations.error}
        what="The integrations could not be read"
        onRetry={() => void integrations.refetch()}
      />
    )
  }
  const plugins = integrations.data.filter(({ kind }) => kind === 'plugin')
  const [first] = plugins
  if (!first) {
    return (
      <EmptyState
        title="Identity Center is not connected yet"
        action={
          mayCreate ? (
            <Button component={Link} to={pagePaths.newIntegration()} mt="xs">
              Add new integration
            </Button>
          ) : undefined
        }
      >
        Connect AWS IAM Identity Center to import its groups as access lists and to keep access in AWS equal
        to what Gatehouse says.{' '}
        {mayCreate ? null : 'An administrator with the right to make plugins does it.'}
      </EmptyState>
    )
  }
  const named = search.get('plugin')
  const plugin = named ?? first.name
  return (
    <>
      {plugins.length > 1 ? (
        <Select
          label="Instance"
          data={plugins.map(({ name, title }) => ({
            value: name,
            label: title === name ? name : `${title} (${name})`,
          }))}
          value={plugin}
          onChange={(name) => {
            if (name) setSearch({ plugin: name })
          }}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          maw={360}
          mb="md"
        />
      ) : null}
      {plugins.some(({ name }) => name === plugin) ? (
        <div key={plugin}>{children(plugin)}</div>
      ) : (
        <EmptyState
          title={`There is no plugin ${plugin}`}
          action={
            <Button component={Link} to={pagePaths.integrations()} variant="default" mt="xs">
              See all integrations
            </Button>
          }
        >
          It may have been uninstalled. The audit log tells who did it, and when.
        </EmptyState>
      )}
    </>
  )
}
