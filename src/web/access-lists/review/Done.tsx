/** @module A finished review: what was done, when the next one is due, and which list waits next. */
import { Alert, Button, Group, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'react-router'
import type { ListDetail, SubmitReviewAnswer } from '../../../api/contract/access-lists.js'
import { listCardsQuery } from '../../api/access-lists.js'
import { forgetResources } from '../../api/resources.js'
import { pagePaths } from '../../path-builder.js'
import { formatDay } from '../../ui/access-list-words.js'
import { CheckIcon } from '../../ui/Icons.js'
import { Effects, Patch } from './WhatChanges.js'

export function Done({ detail, answer }: { detail: ListDetail; answer: SubmitReviewAnswer }) {
  // Not before what was asked about the review in progress is off the page: there is none any more.
  useEffect(() => void forgetResources(), [])
  const waiting = useInfiniteQuery(listCardsQuery({ search: '', filter: 'due', sort: 'due' }, 2)).data
    ?.pages[0]
  const next = waiting?.items.find(({ name }) => name !== detail.name)
  const total = waiting?.total ?? 0
  return (
    <Stack maw={760} gap="lg" align="stretch">
      <Alert color="green" icon={<CheckIcon />} title={`${detail.title} is reviewed`} role="status">
        <Effects detail={detail} answer={answer} />
        {answer.nextDueAt ? <p>The next review is due on {formatDay(answer.nextDueAt)}.</p> : null}
      </Alert>
      {answer.patch ? <Patch name={detail.name} patch={answer.patch} /> : null}
      <Group>
        {next ? (
          <Button component={Link} to={pagePaths.accessListReview(next.name)}>
            {total > 1 ? `Next of ${total.toLocaleString('en')}: ` : 'Next: '}
            {next.title}
          </Button>
        ) : null}
        <Button component={Link} variant="default" to={pagePaths.accessList(detail.name)}>
          To the list
        </Button>
        <Button component={Link} variant="default" to={pagePaths.accessLists({ filter: 'due' })}>
          All reviews
        </Button>
      </Group>
    </Stack>
  )
}
