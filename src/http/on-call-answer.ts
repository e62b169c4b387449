/** @module A list of who is on call as the interface shows it. */
import type { OnCallItem } from '../api/contract.js'
import { formatInstant } from '../core/time.js'
import type { OnCallView } from '../service/access-requests/on-call.js'

export function toOnCallItem({ list, over }: OnCallView): OnCallItem {
  const { name, users, until, updatedAt, updatedBy } = list
  return {
    name,
    users: [...users],
    ...(until !== undefined && { until: formatInstant(until) }),
    over,
    updatedAt: formatInstant(updatedAt),
    updatedBy,
  }
}
