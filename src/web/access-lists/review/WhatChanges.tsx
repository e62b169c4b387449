/** @module What finishing a review would do, here and in AWS, before the button that does it. */
import { Button, Group, List, NativeSelect, Skeleton, Stack, Text, Textarea, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ListDetail, SubmitReviewAnswer } from '../../../api/contract/access-lists.js'
import { isProblem, type ApiProblem } from '../../api/client.js'
import { submissionQuery, submitReview, type Submission } from '../../api/list-reviews.js'
import { dayWords, formatDay, monthWords, removalEffects } from '../../ui/access-list-words.js'
import { CodeBlock } from '../../ui/CodeBlock.js'
import { formatCount, startUpper } from '../../ui/format.js'
import { ErrorState, FormError } from '../../ui/States.js'
import { ByAccount } from './ByAccount.js'

/** What is written of a review before it is finished; it stays while somebody goes back to the members. */
export interface ReviewDraft {
  readonly notes: string
  readonly every?: Months | undefined
  readonly day?: Day | undefined
}

interface WhatChangesProps {
  detail: ListDetail
  draft: ReviewDraft
  onDraft: (draft: ReviewDraft) => void
  /** The last review that was finished when this one was begun. */
  lastFinished: string | null
  /** Somebody else finished the review. */
  onFinished: (problem: ApiProblem) => void
  /** Back to the members, or to those who are still open. */
  onMembers: (show: 'all' | 'open') => Promise<void>
  onDone: (answer: SubmitReviewAnswer) => void
}

type Months = NonNullable<Submission['everyMonths']>
type Day = NonNullable<Submission['dayOfMonth']>
const months: readonly Months[] = [1, 3, 6, 12]
const days: readonly Day[] = [1, 15, 'last']
const pauseMs = 250

export function WhatChanges(props: WhatChangesProps) {
  const { detail, draft, onDraft, lastFinished, onMembers, onFinished, onDone } = props
  const { name, title, schedule } = detail
  const { notes, every, day } = draft
  const submission: Submission = {
    lastFinished,
    ...(every !== undefined && { everyMonths: every }),
    ...(day !== undefined && { dayOfMonth: day }),
  }
  const [settled] = useDebouncedValue(submission, pauseMs)
  const effect = useQuery(submissionQuery(name, settled))
  const submit = useMutation({
    // What is shown here is what is done: where somebody changed it meanwhile, it is shown anew.
    mutationFn: (digest: string) => submitReview(name, { ...submission, notes: notes.trim(), digest }),
    onError: () => void effect.refetch(),
    onSuccess: (answer) => {
      onDone(answer)
      window.scrollTo(0, 0)
    },
  })
  const back = useMutation({ mutationFn: onMembers })
  const { mutate: goBack } = back
  const isStale = [effect.error, submit.error].some(changedMeanwhile)
  // Trying again would be refused again: what is missing is with the members.
  const finished = [effect.error, submit.error].find((error) => isProblem(error, 'REVIEW_FINISHED'))
  useEffect(() => {
    if (isProblem(finished, 'REVIEW_FINISHED')) onFinished(finished)
    else if (isStale) goBack('open')
  }, [finished, onFinished, isStale, goBack])
  if (isStale || finished) return <Skeleton h={240} role="status" aria-label="Reading the members again" />
  if (effect.error) {
    return (
      <Stack align="flex-start">
        <ErrorState
          error={effect.error}
          what="What changes could not be told"
          onRetry={() => void effect.refetch()}
        />
        <Button variant="default" onClick={() => goBack('all')} loading={back.isPending}>
          Back to the members
        </Button>
      </Stack>
    )
  }
  if (!effect.data) return <Skeleton h={240} role="status" aria-label="Reading what changes" />
  const { kept, removed, nextDueAt, digest } = effect.data
  return (
    <Stack maw={760} gap="lg">
      <section className="gh-panel gh-part" aria-label="What changes">
        <Title order={2} mb="xs">
          What changes
        </Title>
        <Effects detail={detail} answer={effect.data} />
      </section>
      {effect.data.patch ? <Patch name={name} patch={effect.data.patch} /> : null}
      <section className="gh-panel gh-part" aria-label="The review">
        <Stack gap="sm">
          <Textarea
            label="Notes on the review (optional)"
            description="Kept with it; auditors read them."
            value={notes}
            onChange={(event) => onDraft({ ...draft, notes: event.currentTarget.value })}
            maxLength={5000}
            autosize
            minRows={2}
          />
          {schedule ? (
            <div className="gh-fields">
              <NativeSelect
                label="Reviewed from now on"
                value={String(every ?? schedule.everyMonths)}
                onChange={(event) =>
                  onDraft({
                    ...draft,
                    every: months.find((one) => String(one) === event.currentTarget.value),
                  })
                }
                data={months.map((one) => ({ value: String(one), label: monthWords[one] ?? '' }))}
              />
              <NativeSelect
                label="On"
                value={String(day ?? schedule.dayOfMonth)}
                onChange={(event) =>
                  onDraft({ ...draft, day: days.find((one) => String(one) === event.currentTarget.value) })
                }
                data={days.map((one) => ({
                  value: String(one),
                  label: (dayWords[one] ?? '').replace(/^on /, ''),
                }))}
              />
            </div>
          ) : null}
          <Text size="sm" c="dimmed" role="status">
            {nextDueAt ? `The next review of ${title} is due on ${formatDay(nextDueAt)}.` : ''}
          </Text>
        </Stack>
      </section>
      <FormError error={submit.error} />
      <Group>
        <Button
          {...(removed.length > 0 && detail.type === 'standard' && { color: 'red' })}
          onClick={() => submit.mutate(digest)}
          loading={submit.isPending}
          disabled={effect.isPlaceholderData}
        >
          {nameOf(detail, kept, removed.length)}
        </Button>
        {kept + removed.length > 0 ? (
          <Button variant="default" onClick={() => goBack('all')} loading={back.isPending}>
            Back to the members
          </Button>
        ) : null}
      </Group>
    </Stack>
  )
}

/** Somebody joined, or somebody else decided, since the members were read. */
function changedMeanwhile(error: unknown): boolean {
  return isProblem(error, 'REVIEW_INCOMPLETE') || isProblem(error, 'REVIEW_CHANGED')
}

function nameOf({ type }: ListDetail, kept: number, removed: number): string {
  if (type !== 'standard') return 'Record the review'
  if (removed > 0) return `Finish the review: remove ${removed.toLocaleString('en')}`
  if (kept === 0) return 'Finish the review'
  return kept === 1
    ? 'Finish the review: keep the one'
    : `Finish the review: keep all ${kept.toLocaleString('en')}`
}

/** Who is kept and removed, and what follows from it. */
export function Effects({ detail, answer }: { detail: ListDetail; answer: SubmitReviewAnswer }) {
  const { kept, removed, inAws, inAwsBeside, accounts, changes, dryRun } = answer
  const isElsewhere = detail.type !== 'standard'
  return (
    <List spacing={4}>
      <List.Item>
        {kept > 0
          ? `${formatCount(kept, 'member')} kept.`
          : removed.length > 0
            ? 'Nobody is kept.'
            : 'Nobody is in the list.'}
      </List.Item>
      {removed.length > 0 ? (
        <List.Item>
          {formatCount(removed.length, 'member')}{' '}
          {isElsewhere ? 'to be removed where the list is managed' : dryRun ? 'to be removed' : 'removed'}:{' '}
          {removed.map(({ kind, name }) => (kind === 'list' ? `list ${name}` : name)).join(', ')}.
        </List.Item>
      ) : null}
      {(answer.effect && dryRun ? removalEffects(detail, [], answer.effect) : []).map((says) => (
        <List.Item key={says}>{says}</List.Item>
      ))}
      {[...changes, ...(accounts.length > 0 ? inAwsBeside : inAws)].map((says) => (
        <List.Item key={says}>{startUpper(says)}</List.Item>
      ))}
      {removed.length > 0 && inAws.length === 0 && detail.review.inForce !== 'grants_removed' ? (
        <List.Item>Nothing changes in AWS.</List.Item>
      ) : null}
      {accounts.length > 0 ? (
        <List.Item>
          In AWS, by account:
          <ByAccount accounts={accounts} isDone={!dryRun} />
        </List.Item>
      ) : null}
    </List>
  )
}

/** What has to be changed where the list is managed. */
export function Patch({ name, patch }: { name: string; patch: string }) {
  return (
    <section className="gh-panel gh-part" aria-label="To apply">
      <Title order={2} mb={4}>
        To apply where the list is managed
      </Title>
      <Text c="dimmed" mb="sm">
        The review records the decisions and changes no member. Whoever manages the list applies this.
      </Text>
      <CodeBlock name="patch" text={patch} fileName={`review-of-${name}.patch`} />
    </section>
  )
}
