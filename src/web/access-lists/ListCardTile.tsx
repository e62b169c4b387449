/** @module An access list as a card: what it is, who answers for it, who is in it, and what it has to do with the reader. */
import { Badge, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ListCard } from '../../api/contract/access-lists.js'
import { pagePaths } from '../path-builder.js'
import { joinParts, partWords, sizeWords, typeWords } from '../ui/access-list-words.js'
import { formatMinute } from '../ui/format.js'
import { UsersIcon } from '../ui/Icons.js'
import { OwnerNames } from './OwnerNames.js'
import { ReviewBadges } from './ReviewBadges.js'

export function ListCardTile({ card }: { card: ListCard }) {
  const { name, title, description, review, problem, mine } = card
  const parts = partWords(card)
  const size = sizeWords(card)
  const mayReview = mine.owner !== 'none' && (review.state === 'soon' || review.state === 'overdue')
  return (
    <article className="gh-panel gh-list-card" aria-label={title}>
      <div>
        <Link to={pagePaths.accessList(name)} className="gh-list-title">
          {title}
        </Link>
        <div className="gh-badges">
          <ListBadges card={card} />
        </div>
      </div>
      {problem ? (
        <Text size="sm" c="red">
          {problem}
        </Text>
      ) : description ? (
        <Text size="sm" c="dimmed" className="gh-clamp">
          {description}
        </Text>
      ) : null}
      <div className="gh-list-facts">
        {size ? (
          <span className="gh-list-size">
            <UsersIcon />
            {size}
          </span>
        ) : null}
        <span>
          Owned by <OwnerNames {...card} />
        </span>
        {parts.length > 0 ? (
          <span className="gh-list-part">
            {joinParts(parts)}
            {mine.expiresAt ? <>, until {formatMinute(Date.parse(mine.expiresAt))}</> : null}.
          </span>
        ) : null}
      </div>
      {mayReview ? (
        <div className="gh-list-foot">
          <Link to={pagePaths.accessListReview(name)} className="gh-row-link">
            {review.decided > 0 ? 'Go on with the review' : 'Review it'}
            <span className="gh-hidden"> of {title}</span>
          </Link>
        </div>
      ) : null}
    </article>
  )
}

/** What a list is, in badges: of which kind, whether AWS knows it, how its review stands if that is not said elsewhere. */
export function ListBadges({ card, withReview = true }: { card: ListCard; withReview?: boolean }) {
  const type = typeWords[card.type]
  return (
    <>
      {card.inAws ? (
        <Badge color="petrol" className="gh-label">
          in AWS
        </Badge>
      ) : null}
      {type ? (
        <Badge color="gray" className="gh-label">
          {type}
        </Badge>
      ) : null}
      {card.problem ? (
        <Badge color="red" className="gh-label">
          cannot be read
        </Badge>
      ) : null}
      {withReview ? <ReviewBadges review={card.review} /> : null}
    </>
  )
}
