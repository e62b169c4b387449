/** @module Reviews an access list: who stays and who goes, what that changes, and where the next review waits. */
import { Skeleton, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams, useSearchParams } from 'react-router'
import type { SubmitReviewAnswer } from '../../api/contract/access-lists.js'
import { Decide } from '../access-lists/review/Decide.js'
import { Done } from '../access-lists/review/Done.js'
import { WhatChanges } from '../access-lists/review/WhatChanges.js'
import { listDetailQuery } from '../api/access-lists.js'
import { isProblem } from '../api/client.js'
import { reviewQuery } from '../api/list-reviews.js'
import { pagePaths } from '../path-builder.js'
import { formatDay } from '../ui/access-list-words.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function AccessListReview() {
  const { name = '' } = useParams()
  return <Review key={name} name={name} />
}

function Review({ name }: { name: string }) {
  const [search, setSearch] = useSearchParams()
  const [done, setDone] = useState<SubmitReviewAnswer>()
  const list = useQuery(listDetailQuery(name))
  const review = useInfiniteQuery({
    ...reviewQuery(name, { search: '', show: 'all' }),
    enabled: list.data?.may.review === true && done === undefined,
  })
  const first = review.data?.pages[0]
  const title = list.data?.title ?? name
  const isChecking = search.get('step') === 'changes'
  const due = list.data?.review.dueAt
  const goTo = (step: 'changes' | undefined) => {
    setSearch(step === undefined ? {} : { step })
    window.scrollTo(0, 0)
  }
  return (
    <>
      <PageTitle
        title={`Review ${title}`}
        parent={{ title, to: pagePaths.accessList(name) }}
        lead={
          done || list.data?.may.review !== true
            ? undefined
            : `${due ? `Due on ${formatDay(due)}. ` : ''}Each decision is kept as you make it: leave, and come back any time. Nothing changes before you finish.`
        }
      />
      {list.error ? (
        isProblem(list.error, 'NOT_FOUND') ? (
          <EmptyState title={`There is no access list ${name} for you`}>
            <Text>Its owners review it.</Text>
          </EmptyState>
        ) : (
          <ErrorState
            error={list.error}
            what="The access list could not be read"
            onRetry={() => void list.refetch()}
          />
        )
      ) : list.data && !list.data.may.review ? (
        <EmptyState title="You cannot review this list">
          <Text>Its owners do: they answer for who is in it.</Text>
        </EmptyState>
      ) : review.error ? (
        <ErrorState
          error={review.error}
          what="The review could not be read"
          onRetry={() => void review.refetch()}
        />
      ) : done && list.data ? (
        <Done detail={list.data} answer={done} />
      ) : !first || !list.data ? (
        <Skeleton h={320} role="status" aria-label="Loading the review" />
      ) : first.total === 0 ? (
        <EmptyState title="There is nobody to review">
          <Text>A list without members needs no review.</Text>
        </EmptyState>
      ) : isChecking ? (
        <WhatChanges detail={list.data} onBack={() => goTo(undefined)} onDone={setDone} />
      ) : (
        <Decide detail={list.data} count={first.total} onNext={() => goTo('changes')} />
      )}
    </>
  )
}
