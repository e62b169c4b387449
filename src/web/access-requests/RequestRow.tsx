/** @module One request in a list: what, who, why, how it stands, and for how long. */
import { Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { itemsTitle } from '../ui/request-words.js'
import { StateBadge } from './StateBadge.js'
import { When } from './When.js'

interface RequestRowProps {
  request: AccessRequestRow
  /** Whose it is, where that is not known. */
  withUser?: boolean
}

export function RequestFacts({ request, withUser = false }: RequestRowProps) {
  const { id, user, items, itemCount, reason, createdAt, promotedTo } = request
  return (
    <div className="gh-review-who">
      <Link to={pagePaths.accessRequest(id)} className="gh-row-link">
        {itemsTitle(items, itemCount)}
      </Link>
      <div className="gh-review-facts">
        {withUser ? (
          <Text span size="sm">
            {user}
          </Text>
        ) : null}
        {reason === '' ? null : (
          <Text span size="sm" c="dimmed">
            “{reason.length > 160 ? `${reason.slice(0, 160)}…` : reason}”
          </Text>
        )}
        {promotedTo ? (
          <Text span size="sm" c="dimmed">
            member of {promotedTo.title ?? 'an access list'}
          </Text>
        ) : null}
        <Text span size="sm" c="dimmed">
          asked <RelativeTime at={createdAt} />
        </Text>
      </div>
    </div>
  )
}

export function RequestRow({ request, withUser = false }: RequestRowProps) {
  return (
    <article className="gh-panel gh-review-row" data-standing={request.active ? 'active' : request.state}>
      <RequestFacts request={request} withUser={withUser} />
      <div className="gh-request-standing">
        <StateBadge request={request} />
        <Text size="sm" c="dimmed">
          <When request={request} />
        </Text>
      </div>
    </article>
  )
}
