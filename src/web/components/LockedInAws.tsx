/** @module Says in red whom a lock shuts out here and not yet in AWS: nobody may believe that all is shut while it is not. */
import { Alert } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { integrationsQuery, statusQuery } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { WarningIcon } from '../ui/Icons.js'

/** Of this user, or of everybody. Nothing where this person may not look at Identity Center. */
export function LockedInAws({ user }: { user?: string | undefined }) {
  const mayList = useRight(rights.listPlugins)
  const integrations = useQuery({ ...integrationsQuery, enabled: mayList })
  const plugins = (integrations.data ?? []).flatMap(({ kind, name }) => (kind === 'plugin' ? [name] : []))
  const statuses = useQueries({
    queries: plugins.map((name) => ({ ...statusQuery(name), enabled: mayList })),
  })
  const found = statuses.flatMap(({ data }) =>
    (data?.locked ?? [])
      .filter((one) => user === undefined || one.user === user)
      .map((one) => ({ ...one, plugin: data?.plugin ?? '' })),
  )
  if (found.length === 0) return null
  return (
    <Alert color="red" icon={<WarningIcon />} title="Locked here, NOT yet in AWS" role="alert" mb="md">
      {found.map(({ plugin, user: name, says }) => (
        <div key={`${plugin} ${name}`}>
          {says}{' '}
          <Link to={pagePaths.identityCenter({ plugin })} className="gh-row-link">
            What to do
          </Link>
        </div>
      ))}
    </Alert>
  )
}
