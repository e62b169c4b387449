/** @module One request that waits: what, who, why, what the requester has already, what else they asked for, and the decision. */
import { Checkbox, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { itemsTitle, kindWords, standingWords, titleOf } from '../ui/request-words.js'
import type { Decided } from './DecideMany.js'
import { RequestFacts } from './RequestRow.js'
import { When } from './When.js'

interface ReviewRowProps {
  request: AccessRequestRow
  isChosen: boolean
  onToggle: () => void
  onDecide: (how: Decided) => void
}

export function ReviewRow({ request, isChosen, onToggle, onDecide }: ReviewRowProps) {
  const { user } = request
  return (
    <>
      <Checkbox checked={isChosen} onChange={onToggle} aria-label={`Choose the request of ${user}`} />
      <div className="gh-review-who">
        <RequestFacts request={request} withUser />
        <dl className="gh-review-more">
          <Items request={request} />
          <dt>Has already</dt>
          <dd>{heldWords(request)}</dd>
          <dt>Asked before</dt>
          <dd>
            <Recent request={request} />
          </dd>
        </dl>
      </div>
      <div className="gh-request-standing">
        <Text size="sm" c="dimmed">
          <When request={request} />
        </Text>
        <div className="gh-request-tools">
          <button type="button" className="gh-decision" onClick={() => onDecide('approve')}>
            Approve<span className="gh-hidden"> the request of {user}</span>
          </button>
          <button type="button" className="gh-decision" onClick={() => onDecide('deny')}>
            Deny<span className="gh-hidden"> the request of {user}</span>
          </button>
        </div>
      </div>
    </>
  )
}

function Items({ request: { items, itemCount } }: { request: AccessRequestRow }) {
  const [first] = items
  if (itemCount === 1 && first !== undefined) {
    const isPair = first.kind === 'assignment'
    const says = isPair ? titleOf(first).more : kindWords[first.kind]
    return says === '' ? null : (
      <>
        <dt>{isPair ? 'Account' : 'Kind'}</dt>
        <dd>{says}</dd>
      </>
    )
  }
  const rest = itemCount - items.length
  return (
    <>
      <dt>All of it</dt>
      <dd>
        <ul>
          {items.map((item) => {
            const { title, more } = titleOf(item)
            return (
              <li key={item.id}>
                <BreakableName value={title} /> <span className="gh-review-place">{more}</span>
              </li>
            )
          })}
          {rest > 0 ? <li>and {rest.toLocaleString('en')} more</li> : null}
        </ul>
      </dd>
    </>
  )
}

function heldWords({ items }: AccessRequestRow): string {
  const held = items.filter(({ alreadyHas }) => alreadyHas !== undefined)
  if (held.length === 0) return items.length === 1 ? 'not this' : 'none of these'
  if (items.length === 1) return `it, ${held[0]?.alreadyHas ?? ''}`
  return held.map((item) => `${titleOf(item).title} ${item.alreadyHas ?? ''}`).join('; ')
}

function Recent({ request: { recent = [] } }: { request: AccessRequestRow }) {
  if (recent.length === 0) return <>nothing that you may see</>
  return (
    <ul>
      {recent.map((one) => (
        <li key={one.id}>
          <Link to={pagePaths.accessRequest(one.id)} className="gh-row-link">
            {itemsTitle(one.items, one.itemCount)}
          </Link>
          {`: ${standingWords(one).text}, asked `}
          <RelativeTime at={one.createdAt} />
        </li>
      ))}
    </ul>
  )
}
