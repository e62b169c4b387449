/**
 * @module A permission set as the API tells it, and the durations that it may have.
 */
import { toSeconds, type Output } from '../aws/operation.js'
import type { PermissionSet } from '../state/permission-set.js'
import { invalid } from './errors.js'

/** PermissionSet of the API. */
export function describePermissionSetRow(set: PermissionSet): Output {
  return {
    Name: set.name,
    PermissionSetArn: set.arn,
    Description: set.description,
    CreatedDate: toSeconds(set.createdAt),
    SessionDuration: set.sessionDuration,
    RelayState: set.relayState,
  }
}

const hourSeconds = 3600

/**
 * AWS publishes the limits of one and twelve hours beside a pattern that takes any ISO 8601 duration.
 * @throws AwsError `ValidationException`
 */
export function requireSessionDuration(duration: string): void {
  // Years and months have no length in hours; a week is past the limit in any case.
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration)
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = (parts ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0))
  const total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
  if (total >= hourSeconds && total <= 12 * hourSeconds) return
  throw invalid('SessionDuration must be between one and twelve hours')
}
