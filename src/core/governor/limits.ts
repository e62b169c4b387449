/**
 * @module AWS's limits as data: how many calls a second each operation may make, and what a burst may be. Published
 * figures where there are any (IAM Identity Center limits page, Organizations quotas); modest ones where there are none.
 */
import type { AwsCall, AwsService } from './call.js'

export interface Limit {
  /** Calls (or membership changes) a second. */
  readonly perSecond: number
  /** What a full bucket holds. */
  readonly burst: number
}

/** A bucket that a call takes from. */
export interface Need {
  readonly bucket: string
  readonly service: AwsService
  readonly limit: Limit
  /** Where the rate may grow to; above `limit` only where AWS publishes no figure. */
  readonly ceiling: number
  readonly cost: number
}

const steady = (perSecond: number): Limit => ({ perSecond, burst: perSecond })

/** Of one account and of the organisation, the lower of the two. */
const organizations: Readonly<Record<string, Limit>> = {
  ListAccounts: { perSecond: 8, burst: 12 },
  ListAccountsForParent: { perSecond: 5, burst: 8 },
  ListParents: { perSecond: 5, burst: 8 },
  ListOrganizationalUnitsForParent: { perSecond: 5, burst: 8 },
  ListChildren: { perSecond: 6, burst: 10 },
  ListRoots: { perSecond: 1, burst: 2 },
  ListTagsForResource: { perSecond: 10, burst: 15 },
  DescribeOrganization: { perSecond: 1, burst: 2 },
  DescribeAccount: { perSecond: 20, burst: 30 },
  ListDelegatedAdministrators: { perSecond: 5, burst: 8 },
}

const modest = steady(10)
const readsUsers = /^(?:get|list|find|test)/i

/** A membership change counts against a limit that AWS does not publish: begun at 100 a second, felt for from there. */
const memberships = { limit: { perSecond: 100, burst: 120 }, ceiling: 400 }

/** The buckets of a call; the first one is its queue. */
export function needsOf(call: AwsCall): readonly Need[] {
  const limit = limitOf(call)
  // All of sso-admin shares one limit; the others count each operation apart.
  const bucket = call.service === 'sso-admin' ? 'sso-admin' : `${call.service}/${call.operation}`
  const own: Need = { bucket, service: call.service, limit, ceiling: limit.perSecond, cost: 1 }
  const changes = call.memberships ?? 0
  if (changes <= 0) return [own]
  return [own, { bucket: 'scim memberships', service: 'scim', ...memberships, cost: changes }]
}

/** The published rate of a service's busiest operation, for people. */
export function publishedRate(service: AwsService): number {
  return limitOf({ service, operation: 'Create', priority: 'normal' }).perSecond
}

function limitOf({ service, operation }: AwsCall): Limit {
  switch (service) {
    case 'sso-admin':
    case 'identitystore':
      return steady(20)
    case 'scim':
      return readsUsers.test(operation) ? steady(40) : steady(25)
    case 'organizations':
      return Object.hasOwn(organizations, operation) ? (organizations[operation] ?? modest) : modest
    case 'iam':
    case 'sts':
      return modest
  }
}
