/** @module The applications that a person, or whoever holds a role, may sign in to, each with its reason. */
import { Button, Skeleton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ApplicationAccess } from '../../api/contract.js'
import { applicationsQuery, type AccessOf } from '../api/access.js'
import { startUpper } from '../ui/format.js'
import { Effect } from '../ui/Effect.js'
import { ErrorState } from '../ui/States.js'

interface ApplicationListProps {
  of: AccessOf
  /** Opens the explanation of one. */
  onWhy: (application: ApplicationAccess) => void
}

export function ApplicationList({ of, onWhy }: ApplicationListProps) {
  const applications = useQuery(applicationsQuery(of))
  return (
    <section aria-label="Applications" className="gh-section">
      <Title order={2}>Applications</Title>
      {applications.isPending ? (
        <Skeleton h={90} role="status" aria-label="Loading applications" />
      ) : applications.error ? (
        <ErrorState
          error={applications.error}
          what="The applications could not be read"
          onRetry={() => void applications.refetch()}
        />
      ) : applications.data.length === 0 ? (
        <Text c="dimmed">No application is connected yet.</Text>
      ) : (
        <ul className="gh-panel gh-rows" aria-label="Applications">
          {applications.data.map((application) => (
            <li key={application.name}>
              <div>
                <Text fw={500}>{application.name}</Text>
                <Text size="sm" c="dimmed">
                  {startUpper(application.says)}
                </Text>
              </div>
              <Effect effect={application.effect} />
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => onWhy(application)}
                aria-label={`Why: ${application.name}`}
              >
                Why?
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
