/** @module Reviews an access list: who stays and who goes, what that changes, and where the next review waits. */
import { Alert, Skeleton, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useParams, useSearchParams } from 'react-router'
import type { SubmitReviewAnswer } from '../../api/contract/access-lists.js'
import { keyOfMember } from '../access-lists/member-key.js'
import { Decide } from '../access-lists/review/Decide.js'
import { Done } from '../access-lists/review/Done.js'
import { FinishedMeanwhile, type Finished } from '../access-lists/review/FinishedMeanwhile.js'
import { WhatChanges, type ReviewDraft } from '../access-lists/review/WhatChanges.js'
import { listDetailQuery } from '../api/access-lists.js'
import { isProblem, type ApiProblem } from '../api/client.js'
import { reviewQuery, type Decisions, type ReviewMember } from '../api/list-reviews.js'
import { pagePaths } from '../path-builder.js'
import { formatDay, nameSome } from '../ui/access-list-words.js'
import { WarningIcon } from '../ui/Icons.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function AccessListReview() {
  const { name = '' } = useParams()
  return <Review key={name} name={name} />
}

function Review({ name }: { name: string }) {
  const [search, setSearch] = useSearchParams()
  const [done, setDone] = useState<SubmitReviewAnswer>()
  const [draft, setDraft] = useState<ReviewDraft>({ notes: '' })
  const [finished, setFinished] = useState<Finished>()
  const client = useQueryClient()
  const list = useQuery(listDetailQuery(name))
  const review = useInfiniteQuery({
    ...reviewQuery(name, { search: '', show: 'all' }),
    enabled: list.data?.may.review === true && done === undefined,
  })
  const first = review.data?.pages[0]
  const title = list.data?.title ?? name
  const isChecking = search.get('step') === 'changes'
  const due = list.data?.review.dueAt
  const [notice, setNotice] = useState('')
  const onFinished = useCallback(
    (problem: ApiProblem, late?: Decisions) =>
      setFinished((before) => ({
        problem,
        unsaved: [...(before?.unsaved ?? []), ...(late === undefined ? [] : [late])],
      })),
    [],
  )
  const goTo = (where: Record<string, string>) => {
    setSearch(where)
    window.scrollTo(0, 0)
  }
  /** Members are read again before they are shown: somebody may have joined, and others decide too. */
  const toMembers = async (show: 'all' | 'open') => {
    const known = new Set(review.data?.pages.flatMap(({ items }) => items.map(keyOfMember)))
    const knowsAll = !review.hasNextPage
    await client.invalidateQueries({ queryKey: ['access-lists', 'review', name], refetchType: 'all' })
    if (show === 'open') {
      const open = await client.infiniteQuery({ ...openQuery(name), staleTime: 0 })
      const items = open.pages.flatMap((page) => page.items)
      setNotice(sayOpen(items, knowsAll ? items.filter((one) => !known.has(keyOfMember(one))) : []))
    }
    goTo(show === 'all' ? {} : { show })
  }
  return (
    <>
      <PageTitle
        title={`Review ${title}`}
        parent={{ title, to: pagePaths.accessList(name) }}
        lead={
          done || list.data?.may.review !== true
            ? undefined
            : `${due ? `${Date.parse(due) <= Date.now() ? 'Was due' : 'Due'} on ${formatDay(due)}. ` : ''}Each decision is kept as you make it: leave, and come back any time. Nothing changes before you finish.`
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
      ) : review.error && !review.data ? (
        <ErrorState
          error={review.error}
          what="The review could not be read"
          onRetry={() => void review.refetch()}
        />
      ) : done && list.data ? (
        <Done detail={list.data} answer={done} />
      ) : finished && list.data ? (
        <FinishedMeanwhile
          detail={list.data}
          notes={draft.notes}
          {...finished}
          onAgain={() => {
            setFinished(undefined)
            setNotice('')
            goTo({})
          }}
        />
      ) : !first || !list.data ? (
        <Skeleton h={320} role="status" aria-label="Loading the review" />
      ) : first.total === 0 && first.review.state !== 'overdue' ? (
        <EmptyState title="There is nobody to review">
          <Text>A list without members needs no review.</Text>
        </EmptyState>
      ) : isChecking || first.total === 0 ? (
        <WhatChanges
          detail={list.data}
          draft={draft}
          onDraft={setDraft}
          lastFinished={first.lastFinished}
          onMembers={toMembers}
          onFinished={onFinished}
          onDone={setDone}
        />
      ) : (
        <>
          {notice === '' ? null : (
            <Alert color="amber" icon={<WarningIcon />} mb="sm" p="sm" role="alert">
              {notice}
            </Alert>
          )}
          <Decide
            detail={list.data}
            count={first.total}
            onFinished={onFinished}
            onNext={() => {
              setNotice('')
              goTo({ step: 'changes' })
            }}
          />
        </>
      )}
    </>
  )
}

const openQuery = (name: string) => reviewQuery(name, { search: '', show: 'open' })

/** Who is left to decide on, and who of them was not there before. */
function sayOpen(open: readonly ReviewMember[], joined: readonly ReviewMember[]): string {
  const names = (members: readonly ReviewMember[]) =>
    nameSome(members.map(({ name, title }) => title ?? name))
  if (open.length === 0) return 'The review changed in the meantime. Look at what changes once more.'
  if (joined.length > 0) return `${names(joined)} joined in the meantime: decide, then finish the review.`
  return `${names(open)} ${open.length === 1 ? 'is' : 'are'} not decided on.`
}
