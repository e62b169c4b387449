/**
 * @module Another owner finished the review that somebody still goes through: what came of it, what of theirs is in it,
 * and what they decided too late, which another review takes up.
 */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { ListDetail } from '../../../api/contract/access-lists.js'
import type { ReviewsAnswer } from '../../../api/contract/list-reviews.js'
import { getAll, type ApiProblem } from '../../api/client.js'
import { decide, finishedReviewsQuery, type Decisions, type ReviewMember } from '../../api/list-reviews.js'
import { apiPaths, pagePaths } from '../../path-builder.js'
import { nameSome } from '../../ui/access-list-words.js'
import { formatCount, formatMinute } from '../../ui/format.js'
import { InfoIcon } from '../../ui/Icons.js'
import { FormError } from '../../ui/States.js'
import { keyOfMember } from '../member-key.js'

export interface Finished {
  readonly problem: ApiProblem
  /** In the order in which they were made. */
  readonly unsaved: readonly Decisions[]
}

interface FinishedMeanwhileProps extends Finished {
  detail: ListDetail
  /** Notes on the review that were written and are not sent. */
  notes: string
  onAgain: () => void
}

export function FinishedMeanwhile({ detail, problem, unsaved, notes, onAgain }: FinishedMeanwhileProps) {
  const client = useQueryClient()
  // Read when the page learned of it: what was at hand may be older.
  const reviews = useInfiniteQuery({ ...finishedReviewsQuery(detail.name), staleTime: 0 })
  const review = reviews.isFetching ? undefined : reviews.data?.pages[0]?.items[0]
  const again = useMutation({
    mutationFn: async () => {
      await repeat(detail.name, unsaved)
      await client.invalidateQueries({ queryKey: ['access-lists'], refetchType: 'all' })
    },
    onSuccess: onAgain,
  })
  const late = unsaved.flatMap(sayDecisions)
  return (
    <Stack maw={760} align="stretch">
      <Alert
        color="blue"
        icon={<InfoIcon />}
        title={`${review?.submittedBy ?? 'Somebody else'} has finished this review`}
        role="alert"
      >
        <Stack gap="xs">
          <Text size="sm">{review ? sayReview(review) : problem.message}</Text>
          <Text size="sm">
            What you had decided before is part of it.{' '}
            {late.length === 0 ? 'Nothing that you decided is lost.' : 'What you decided after it is not:'}
          </Text>
          {late.length > 0 ? (
            <List size="sm" aria-label="Not in the review">
              {late.map((says, at) => (
                <List.Item key={at}>{says}</List.Item>
              ))}
            </List>
          ) : null}
          {notes.trim() === '' ? null : (
            <Text size="sm">
              Your notes were not sent with it: “{notes.trim()}”. Another review keeps them.
            </Text>
          )}
        </Stack>
      </Alert>
      <FormError error={again.error} />
      <Group>
        <Button component={Link} to={pagePaths.accessList(detail.name, { view: 'reviews' })}>
          See the review
        </Button>
        <Button variant="default" onClick={() => again.mutate()} loading={again.isPending}>
          {late.length > 0 ? 'Begin another review with these' : 'Begin another review'}
        </Button>
      </Group>
    </Stack>
  )
}

function sayReview({ reviewedAt, kept, removed }: ReviewsAnswer['items'][number]): string {
  const gone =
    removed.length === 0
      ? 'nobody removed'
      : `${removed.length.toLocaleString('en')} removed (${nameSome(removed.map(({ name }) => name))})`
  return `On ${formatMinute(Date.parse(reviewedAt))}: ${formatCount(kept, 'member')} kept, ${gone}.`
}

/** Of whoever is gone in the meantime there is nothing to decide any more. */
async function repeat(list: string, unsaved: readonly Decisions[]): Promise<void> {
  if (unsaved.length === 0) return
  const members = await getAll<ReviewMember>((cursor) =>
    apiPaths.listReview(list, { show: 'all', cursor, limit: '200' }),
  )
  const present = new Set(members.map(keyOfMember))
  for (const { decisions = [], ...rest } of unsaved) {
    await decide(list, { ...rest, decisions: decisions.filter((one) => present.has(keyOfMember(one))) })
  }
}

const words = { keep: 'Keep', remove: 'Remove', open: 'Take back the decision on' } as const

function sayDecisions({ decisions = [], keepRest, startOver }: Decisions): string[] {
  return [
    ...(startOver ? ['Start over'] : []),
    ...decisions.map(({ name, decision, note }) => `${words[decision]} ${name}${note ? ` (“${note}”)` : ''}`),
    ...(keepRest ? ['Keep all others'] : []),
  ]
}
