/** @module What the same person asked for of late, for whoever decides. */
import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { recentRequestsQuery } from '../api/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { itemsTitle } from '../ui/request-words.js'
import { StateBadge } from './StateBadge.js'

const few = 5

export function RecentOfPerson({ request }: { request: AccessRequestShown }) {
  const recent = useQuery(recentRequestsQuery(request.user))
  const others = (recent.data?.items ?? [])
    .filter(({ id, user }) => user === request.user && id !== request.id)
    .slice(0, few)
  if (recent.isPending || recent.error) return null
  return (
    <section aria-label={`Recent requests of ${request.user}`}>
      <Title order={2} mb={8}>
        Recent requests of {request.user}
      </Title>
      {others.length === 0 ? (
        <Text size="sm" c="dimmed">
          None that you may see.
        </Text>
      ) : (
        <ul className="gh-happened">
          {others.map((one) => (
            <li key={one.id}>
              <Link to={pagePaths.accessRequest(one.id)} className="gh-row-link">
                {itemsTitle(one.items, one.itemCount)}
              </Link>{' '}
              <StateBadge request={one} />
              <Text size="xs" c="dimmed">
                asked <RelativeTime at={one.createdAt} />
              </Text>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
