/**
 * @module Asynchronous requests: how many are remembered, and what is said of them.
 */
import type { EmulatorContext } from '../context.js'
import { toSeconds, type Output } from '../aws/operation.js'
import type { AssignmentRequest, ProvisioningRequest } from '../state/assignment.js'

/** Requests remembered of each kind; AWS keeps them for a time that it does not publish. */
export const requestCapacity = 10_000

/** Forgotten at a time, so that the cost of keeping the table in order is shared by as many requests. */
const forgottenAtOnce = 500

/** Forgets the oldest requests that have ended once there are too many; those under way stay. */
export function forgetOldest(
  context: EmulatorContext,
  table: 'assignmentRequests' | 'provisioningRequests',
): void {
  const { size } = context.state.tables[table]
  // All may be under way: then there is nothing to look for.
  if (size <= requestCapacity || size <= context.state.schedule.size) return
  const requests: readonly (AssignmentRequest | ProvisioningRequest)[] = context.state.tables[table].rows()
  const ended = requests.filter(({ status }) => status !== 'IN_PROGRESS').slice(0, forgottenAtOnce)
  // A change names one table, so that its row has one type.
  for (const { requestId } of ended) {
    if (table === 'assignmentRequests') context.commit({ table, delete: requestId })
    else context.commit({ table, delete: requestId })
  }
}

/** All that lists say of a request. */
export function summarise({ status, requestId, createdAt }: AssignmentRequest | ProvisioningRequest): Output {
  return { Status: status, RequestId: requestId, CreatedDate: toSeconds(createdAt) }
}
