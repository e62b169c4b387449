/** @module How the review of a list stands, in badges: when it is due, how far it is, what is in force meanwhile. */
import { Badge } from '@mantine/core'
import type { ListCard } from '../../api/contract/access-lists.js'
import { inForceWords, progressWords, reviewWords } from '../ui/access-list-words.js'

export function ReviewBadges({ review }: { review: ListCard['review'] }) {
  const due = reviewWords(review, Date.now())
  const inForce = inForceWords[review.inForce]
  const progress = progressWords(review)
  return (
    <>
      {due ? (
        <Badge color={due.color} className="gh-label">
          {due.text}
        </Badge>
      ) : null}
      {progress ? <Badge color="petrol">{progress}</Badge> : null}
      {inForce ? (
        <Badge color={inForce.color} className="gh-label">
          {inForce.text}
        </Badge>
      ) : null}
    </>
  )
}
