/** @module When a list is reviewed, what happens if nobody does, and what earlier reviews decided. */
import { Button, List, Skeleton, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ListDetail } from '../../api/contract/access-lists.js'
import type { ReviewsAnswer } from '../../api/contract/list-reviews.js'
import { finishedReviewsQuery } from '../api/list-reviews.js'
import { formatDay, scheduleWords, whenOverdueWords } from '../ui/access-list-words.js'
import { formatCount, formatMinute } from '../ui/format.js'
import { MoreRows } from '../ui/MoreRows.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState } from '../ui/States.js'
import { FinishedDecisions } from './FinishedDecisions.js'

export function Reviews({ detail }: { detail: ListDetail }) {
  const { name, review, schedule, may } = detail
  const reviews = useInfiniteQuery(finishedReviewsQuery(name))
  const items = reviews.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <section className="gh-section" aria-label="Schedule">
        <Title order={2}>Schedule</Title>
        {schedule === undefined ? (
          <Text>Nobody is asked to review this list. {may.edit ? 'Give it a schedule under Edit.' : ''}</Text>
        ) : (
          <dl className="gh-panel gh-part gh-facts">
            <dt>Reviewed</dt>
            <dd>{scheduleWords(schedule)}</dd>
            <dt>{review.state === 'overdue' ? 'Was due' : 'Next due'}</dt>
            <dd>
              {review.dueAt
                ? formatDay(review.dueAt)
                : 'once somebody is in it: an empty list needs no review'}
            </dd>
            <dt>Owners are asked</dt>
            <dd>
              {formatCount(schedule.noticeDays, 'day')} before
              {schedule.byMail ? ', by mail' : '; no mail is sent, since no mail server is configured'}
            </dd>
            <dt>If nobody does</dt>
            <dd>
              {whenOverdueWords(schedule)}
              {schedule.isOwnPolicy ? '' : ', as for all lists'}
            </dd>
          </dl>
        )}
      </section>
      <section className="gh-section" aria-label="Finished reviews">
        <Title order={2}>Finished reviews</Title>
        {reviews.isPending ? (
          <Skeleton h={120} role="status" aria-label="Loading reviews" />
        ) : !reviews.data ? (
          <ErrorState
            error={reviews.error}
            what="The reviews could not be read"
            onRetry={() => void reviews.refetch()}
          />
        ) : items.length === 0 ? (
          <EmptyState title="It was not reviewed yet">
            A finished review stands here, with who was kept and removed, by whom, and why.
          </EmptyState>
        ) : (
          <>
            <ul className="gh-panel gh-rows" aria-label="Reviews">
              {items.map((item) => (
                <Finished key={item.id} list={name} review={item} />
              ))}
            </ul>
            <MoreRows list={reviews} />
          </>
        )}
      </section>
    </>
  )
}

function Finished({ list, review }: { list: string; review: ReviewsAnswer['items'][number] }) {
  const [isOpen, setOpen] = useState(false)
  const { id, reviewedAt, reviewers, notes, kept, removed, changes } = review
  return (
    <li className="gh-history-entry">
      <div>
        <Text fw={600}>
          {kept.toLocaleString('en')} kept, {removed.length.toLocaleString('en')} removed
        </Text>
        <Text size="xs" c="dimmed">
          by {reviewers.join(', ')} on {formatMinute(Date.parse(reviewedAt))} (
          <RelativeTime at={reviewedAt} />)
        </Text>
        {notes ? <Text size="sm">“{notes}”</Text> : null}
        {removed.length + changes.length > 0 ? (
          <List size="sm" spacing={2} mt={4}>
            {removed.map(({ kind, name, note }) => (
              <List.Item key={`${kind} ${name}`}>
                Removed {kind === 'list' ? `list ${name}` : name}
                {note ? `: ${note}` : ''}
              </List.Item>
            ))}
            {changes.map((change) => (
              <List.Item key={change}>{change}</List.Item>
            ))}
          </List>
        ) : null}
      </div>
      {kept + removed.length > 0 ? (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? 'Hide' : 'Each decision'}: review of ${formatMinute(Date.parse(reviewedAt))}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Each decision'}
        </Button>
      ) : null}
      {isOpen ? (
        <div className="gh-history-details">
          <FinishedDecisions list={list} review={id} />
        </div>
      ) : null}
    </li>
  )
}
