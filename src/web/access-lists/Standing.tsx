/** @module How a list stands, above its parts: what it is to the reader, its review, where it is managed, what holds it. */
import { Alert, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { pagePaths } from '../path-builder.js'
import { formatDay, joinParts, partWords, progressWords } from '../ui/access-list-words.js'
import { formatMinute } from '../ui/format.js'
import { InfoIcon, WarningIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ListBadges } from './ListCardTile.js'

export function Standing({ detail }: { detail: ListDetail }) {
  const { mine, may, memberOf, ownerOf, problem, review } = detail
  const parts = partWords(detail)
  const isFrozen = review.inForce === 'frozen'
  const isAsked = review.state === 'soon' || review.state === 'overdue' || review.inForce !== 'nothing'
  return (
    <div className="gh-standing">
      <div className="gh-badges">
        <ListBadges card={detail} withReview={!isAsked} />
      </div>
      {problem ? (
        <Alert
          color="red"
          icon={<WarningIcon />}
          title="This list gives nothing: its document cannot be read"
        >
          {problem}
          {may.edit ? ' Correct it under Edit.' : ' Tell an administrator.'}
        </Alert>
      ) : null}
      {isAsked ? <ReviewAsked detail={detail} /> : null}
      {may.membersSay && !isFrozen ? <Alert icon={<InfoIcon />}>{may.membersSay}</Alert> : null}
      {parts.length > 0 ? (
        <Text>
          {joinParts(parts)}
          {mine.expiresAt ? (
            <>
              , until {formatMinute(Date.parse(mine.expiresAt))} (<RelativeTime at={mine.expiresAt} />)
            </>
          ) : null}
          .{mine.owner === 'none' && detail.userCount === undefined ? ' Its owners see who is in it.' : ''}
        </Text>
      ) : null}
      <Around title="Its people are also in" lists={memberOf} />
      <Around title="Its people own" lists={ownerOf} />
    </div>
  )
}

function Around({ title, lists }: { title: string; lists: ListDetail['memberOf'] }) {
  if (lists.length === 0) return null
  return (
    <Text size="sm">
      {title}{' '}
      {lists.map((list, at) => (
        <span key={list.name}>
          {at === 0 ? '' : ', '}
          <Link to={pagePaths.accessList(list.name)} className="gh-row-link">
            {list.title}
          </Link>
        </span>
      ))}
      .
    </Text>
  )
}

function ReviewAsked({ detail: { review, may } }: { detail: ListDetail }) {
  const { state, dueAt, inForce, nextStep } = review
  const isHard = state === 'overdue' || inForce !== 'nothing'
  const progress = progressWords(review)
  const says = [
    ...(inForce === 'frozen' ? ['Nobody can be added until it is finished.'] : []),
    ...(inForce === 'grants_removed'
      ? ['Members and owners hold nothing by this list, here and in AWS, until it is finished.']
      : []),
    ...(nextStep === undefined ? [] : [nextStep]),
    ...(progress === undefined ? [] : [`${progress}.`]),
    ...(may.review ? [] : ['Its owners review it.']),
  ]
  return (
    <Alert
      color={isHard ? 'red' : 'amber'}
      icon={<WarningIcon />}
      p="sm"
      title={
        dueAt === undefined
          ? 'Its review is overdue'
          : `Its review ${isHard ? 'was' : 'is'} due on ${formatDay(dueAt)}`
      }
    >
      {says.length > 0 ? says.join(' ') : null}
    </Alert>
  )
}
