/** @module Reads one resource for a page; while it loads, where it is missing, and where it may not be read. */
import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { KindAnswer, ResourceAnswer } from '../../api/contract.js'
import { isProblem } from '../api/client.js'
import { resourceQuery } from '../api/resources.js'
import { EmptyState, ErrorState } from '../ui/States.js'

interface WithResourceProps {
  kind: Pick<KindAnswer, 'name' | 'title'>
  name: string
  children: (answer: ResourceAnswer) => ReactNode
}

export function WithResource({ kind, name, children }: WithResourceProps) {
  const resource = useQuery(resourceQuery(kind.name, name))
  if (resource.data) return children(resource.data)
  if (resource.isPending) return <Skeleton h={320} role="status" aria-label={`Loading ${kind.title}`} />
  if (isProblem(resource.error, 'NOT_FOUND')) {
    return (
      <EmptyState title={`There is no ${kind.title} ${name}`}>
        <Text>It may have been deleted or renamed. The audit log tells who did, and when.</Text>
      </EmptyState>
    )
  }
  return (
    <ErrorState
      error={resource.error}
      what={`The ${kind.title} could not be read`}
      onRetry={() => void resource.refetch()}
    />
  )
}
