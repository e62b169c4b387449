/** @module Finds a kind of resource for a page and says so where there is none, or where the list cannot be read. */
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { KindAnswer } from '../../api/contract.js'
import { kindsQuery } from '../api/resources.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

interface WithKindProps {
  name: string
  children: (kind: KindAnswer) => ReactNode
}

export function WithKind({ name, children }: WithKindProps) {
  const kinds = useQuery(kindsQuery)
  if (kinds.isPending) return <Skeleton h={320} role="status" aria-label="Loading" />
  if (kinds.error) {
    return (
      <ErrorState
        error={kinds.error}
        what="The kinds of resources could not be read"
        onRetry={() => void kinds.refetch()}
      />
    )
  }
  const kind = kinds.data.find((one) => one.name === name)
  if (kind) return children(kind)
  return (
    <>
      <PageTitle title="No such kind of resource" />
      <EmptyState title={`This gateway knows no kind "${name}"`}>
        It knows {kinds.data.map((one) => one.name).join(', ')}.
      </EmptyState>
    </>
  )
}
