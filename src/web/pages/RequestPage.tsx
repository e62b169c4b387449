/** @module One request: where it stands, what of it is in AWS now, and what the person may do with it. It keeps itself current. */
import { Alert, Skeleton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { RecentOfPerson } from '../access-requests/RecentOfPerson.js'
import { RequestActions } from '../access-requests/RequestActions.js'
import { RequestItems } from '../access-requests/RequestItems.js'
import { DecidedBy, Reviews } from '../access-requests/Reviews.js'
import { ReviewForm } from '../access-requests/ReviewForm.js'
import { StateBadge } from '../access-requests/StateBadge.js'
import { useBasketUser } from '../access-requests/use-basket.js'
import { Happened, Way } from '../access-requests/Way.js'
import { When } from '../access-requests/When.js'
import { accessRequestQuery } from '../api/access-requests.js'
import { isProblem } from '../api/client.js'
import { pagePaths } from '../path-builder.js'
import { CopyText } from '../ui/CopyText.js'
import { formatExact } from '../ui/format.js'
import { PageTitle } from '../ui/PageTitle.js'
import { durationWords, itemsTitle } from '../ui/request-words.js'
import { EmptyState, ErrorState } from '../ui/States.js'

export function RequestPage() {
  const { id = '' } = useParams()
  const { data, error, isPending, refetch } = useQuery(accessRequestQuery(id))
  const me = useBasketUser()
  const parent =
    data !== undefined && data.user !== me
      ? { title: 'To review', to: pagePaths.requestsToReview() }
      : { title: 'My requests', to: pagePaths.myRequests() }
  if (data === undefined) {
    return (
      <>
        <PageTitle title="Request" parent={parent} />
        {isPending ? (
          <Skeleton h={320} role="status" aria-label="Loading the request" />
        ) : isProblem(error, 'NOT_FOUND') ? (
          <EmptyState title="There is no such request for you">
            It is seen by whoever asked, by those who may review it, and with the right to read requests.
          </EmptyState>
        ) : (
          <ErrorState error={error} what="The request could not be read" onRetry={() => void refetch()} />
        )}
      </>
    )
  }
  return (
    <>
      <PageTitle
        title={itemsTitle(data.items)}
        parent={parent}
        lead={data.user === me ? undefined : `Asked for by ${data.user}.`}
      />
      <Request key={data.id} request={data} isOwn={data.user === me} />
    </>
  )
}

function Request({ request, isOwn }: { request: AccessRequestShown; isOwn: boolean }) {
  const reviewing = request.may.review
  // What one's decision was refused for: the form is gone where nothing is left to decide, the words are not.
  const [overtaken, setOvertaken] = useState(false)
  return (
    <div className="gh-request-page">
      {overtaken ? <Overtaken request={request} onClose={() => setOvertaken(false)} /> : null}
      <section className="gh-panel gh-request-head" aria-label="Where it stands">
        <div className="gh-request-now" role="status">
          <StateBadge request={request} />
          <Text fw={500}>
            <When request={{ ...request, itemCount: request.items.length, mayReview: reviewing }} />
          </Text>
        </div>
        <DecidedBy request={request} />
        <Way request={request} />
        <Ending request={request} />
        <RequestActions request={request} />
      </section>
      <Facts request={request} />
      {reviewing ? (
        <ReviewForm request={request} onOvertaken={setOvertaken} />
      ) : (
        <section aria-label="Items">
          <Title order={2} mb={8}>
            {isOwn ? 'What you asked for' : 'What is asked for'}
          </Title>
          <RequestItems
            items={request.items}
            waits={request.state === 'pending'}
            isOver={request.state !== 'pending' && request.state !== 'approved'}
          />
        </section>
      )}
      <Reviews request={request} />
      <section aria-label="History">
        <Title order={2} mb={8}>
          What happened
        </Title>
        <Happened request={request} />
      </section>
      {isOwn ? null : <RecentOfPerson request={request} />}
    </div>
  )
}

/** Somebody decided between one's looking and one's deciding. */
function Overtaken({ request, onClose }: { request: AccessRequestShown; onClose: () => void }) {
  const by = request.reviews.at(-1)?.author
  return (
    <Alert
      color="amber"
      role="alert"
      title={by === undefined ? 'The request changed while you decided' : `${by} was faster`}
      withCloseButton
      closeButtonLabel="Put away"
      onClose={onClose}
    >
      Your decision was not taken: nothing of it counts.{' '}
      {request.may.review
        ? 'See the request as it is now, and decide once more.'
        : 'The request as it is now leaves nothing for you to decide.'}
    </Alert>
  )
}

/** The end tells the truth about sessions of AWS. */
function Ending({
  request: { locked, awsSessionsUntil, extends: extended, extendedBy, promotedTo },
}: {
  request: AccessRequestShown
}) {
  return (
    <>
      {locked === undefined ? null : (
        <Alert color="red" role="status" title="The request is locked">
          It gives nothing as long as the lock holds. {locked}
        </Alert>
      )}
      {awsSessionsUntil === undefined ? null : (
        <Text size="sm">
          AWS sessions that began before the end may go on until {formatExact(Date.parse(awsSessionsUntil))}.
        </Text>
      )}
      {extended === undefined ? null : (
        <Text size="sm">
          It extends <Link to={pagePaths.accessRequest(extended)}>an earlier request</Link>.
        </Text>
      )}
      {extendedBy === undefined ? null : (
        <Text size="sm">
          An <Link to={pagePaths.accessRequest(extendedBy)}>extension</Link> of it was asked for.
        </Text>
      )}
      {promotedTo === undefined ? null : (
        <Text size="sm">
          It became a membership in{' '}
          {promotedTo.list === undefined ? (
            'an access list'
          ) : (
            <Link to={pagePaths.accessList(promotedTo.list)}>{promotedTo.title ?? promotedTo.list}</Link>
          )}
          .
        </Text>
      )}
    </>
  )
}

function Facts({ request }: { request: AccessRequestShown }) {
  const { id, reason, duration, startAt, suggestedReviewers, annotations } = request
  return (
    <dl className="gh-facts">
      <dt>Reason</dt>
      <dd style={{ whiteSpace: 'pre-line' }}>{reason === '' ? 'None was given.' : reason}</dd>
      <dt>Duration</dt>
      <dd>
        {durationWords(duration)}
        {startAt === undefined ? '' : `, not before ${formatExact(Date.parse(startAt))}`}
      </dd>
      {suggestedReviewers.length > 0 ? (
        <>
          <dt>Suggested reviewers</dt>
          <dd>{suggestedReviewers.join(', ')}</dd>
        </>
      ) : null}
      {Object.entries(annotations).map(([key, values]) => [
        <dt key={key}>{key}</dt>,
        <dd key={`${key} values`}>{values.join(', ')}</dd>,
      ])}
      <dt>Request</dt>
      <dd>
        <CopyText value={id} name="id of the request" />
      </dd>
    </dl>
  )
}
