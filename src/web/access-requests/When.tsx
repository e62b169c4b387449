/** @module The one time that counts for a request now: how long it still waits or lasts, or when it was over. */
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { Countdown } from '../ui/Countdown.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { durationWords } from '../ui/request-words.js'

export function When({ request }: { request: AccessRequestRow }) {
  const { state, active, pendingUntil, startAt, endsAt, resolvedAt, createdAt, duration } = request
  if (state === 'pending') {
    return (
      <>
        {durationWords(duration)}, waits <Countdown to={pendingUntil} passed="moments" /> at most
      </>
    )
  }
  if (state === 'approved' && active && endsAt !== undefined) {
    return (
      <>
        <Countdown to={endsAt} passed="ending" /> left
        {request.extends === undefined ? ' of ' : ', extended by '}
        {durationWords(duration)}
      </>
    )
  }
  if (state === 'approved' && startAt !== undefined) {
    return (
      <>
        begins in <Countdown to={startAt} passed="moments" />, for {durationWords(duration)}
      </>
    )
  }
  const over = state === 'expired' || state === 'revoked' ? (endsAt ?? resolvedAt) : resolvedAt
  return <RelativeTime at={over ?? createdAt} />
}
