/** @module Configuration: every kind of resource that this gateway knows and this person may read. */
import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { KindAnswer } from '../../api/contract.js'
import { kindsQuery } from '../api/resources.js'
import { pagePaths } from '../path-builder.js'
import { startUpper } from '../ui/format.js'
import { pluralOf } from '../ui/kind-words.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function Kinds() {
  return (
    <>
      <PageTitle
        title="Configuration"
        lead="Everything said to this gateway is a resource: the same YAML in this page, the command line and the API."
      />
      <List />
    </>
  )
}

function pathOf({ name, singleton }: KindAnswer): string {
  return singleton === undefined ? pagePaths.resourceList(name) : pagePaths.resource(name, singleton)
}

function List() {
  const kinds = useQuery(kindsQuery)
  if (kinds.isPending) return <Skeleton h={300} role="status" aria-label="Loading kinds of resources" />
  if (kinds.error) {
    return (
      <ErrorState
        error={kinds.error}
        what="The kinds of resources could not be read"
        onRetry={() => void kinds.refetch()}
      />
    )
  }
  const readable = kinds.data.filter(({ verbs }) => verbs.includes('list') || verbs.includes('read'))
  if (readable.length === 0) {
    return (
      <EmptyState title="Your roles open no resource">
        Ask an administrator for a role whose rules allow list on what you look for.
      </EmptyState>
    )
  }
  return (
    <ul className="gh-kinds" aria-label="Kinds of resources">
      {readable.map((kind) => (
        <li key={kind.name} className="gh-panel">
          <Link to={pathOf(kind)} className="gh-row-link">
            {startUpper(pluralOf(kind))}
          </Link>
          <Text c="dimmed">{kind.description}</Text>
        </li>
      ))}
    </ul>
  )
}
