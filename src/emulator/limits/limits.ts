/**
 * @module The published limits as token buckets, and how full they are. A bucket comes into being, full, with the first
 * call that needs it. It decides nothing by wall time: each question brings the instant at which it is asked.
 */
import { defaultSettings, type Settings } from '../settings.js'
import {
  identityStoreRate,
  organizationsRates,
  scimMembershipRate,
  scimRates,
  ssoAdminRate,
} from './published.js'
import { TokenBucket, type Rate } from './token-bucket.js'

/** How full a bucket is. */
export interface Level {
  /** `sso-admin` for all its operations together, `scim:membership`, or the name of an operation. */
  readonly bucket: string
  /** Present where each account, or the organisation as a whole, has a bucket of its own: its id, or `organisation`. */
  readonly of?: string
  readonly perSecond: number
  readonly burst: number
  readonly level: number
  /** Calls refused for want of tokens in this bucket since the start or the last reset. */
  readonly refused: number
}

interface BucketName {
  readonly bucket: string
  readonly of?: string
  readonly rate: Rate
}

interface NamedBucket extends BucketName {
  readonly tokens: TokenBucket
}

export class Limits {
  readonly #buckets = new Map<string, NamedBucket>()
  readonly #settings: () => Pick<Settings, 'scimMembershipRate'>

  constructor(settings: () => Pick<Settings, 'scimMembershipRate'> = () => defaultSettings) {
    this.#settings = settings
  }

  /**
   * Takes `cost` tokens from every bucket of `operation` at `now`; false, and nothing taken, where one lacks them.
   * `accountId` is the caller's account, for limits that count by account.
   */
  take(operation: string, now: number, cost = 1, accountId = ''): boolean {
    const buckets = this.#bucketsOf(operation, accountId).map((name) => this.#open(name, now))
    const lacking = buckets.filter(({ tokens }) => tokens.level(now) < cost)
    for (const { tokens } of lacking) tokens.refused += 1
    if (lacking.length > 0) return false
    for (const { tokens } of buckets) tokens.take(cost, now)
    return true
  }

  /** Every bucket that a call has needed so far, sorted by name. */
  levels(now: number): readonly Level[] {
    return [...this.#buckets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { bucket, of, tokens }]) => ({
        bucket,
        ...(of !== undefined && { of }),
        ...tokens.rate,
        level: tokens.level(now),
        refused: tokens.refused,
      }))
  }

  clear(): void {
    this.#buckets.clear()
  }

  #open(name: BucketName, now: number): NamedBucket {
    const key = `${name.bucket} ${name.of ?? ''}`
    let known = this.#buckets.get(key)
    if (known === undefined) {
      known = { ...name, tokens: new TokenBucket(name.rate, now) }
      this.#buckets.set(key, known)
    } else if (known.tokens.rate.perSecond !== name.rate.perSecond) {
      known.tokens.change(name.rate, now)
    }
    return known
  }

  #bucketsOf(operation: string, accountId: string): readonly BucketName[] {
    const [service = '', name = ''] = operation.split(':')
    switch (service) {
      case 'sso-admin':
        return [{ bucket: service, rate: ssoAdminRate }]
      case 'identitystore':
        return [{ bucket: operation, rate: identityStoreRate }]
      case 'scim':
        return this.#scimBuckets(operation, name)
      case 'organizations':
        return organizationsBuckets(operation, name, accountId)
      default:
        return []
    }
  }

  #scimBuckets(operation: string, name: string): readonly BucketName[] {
    if (name === 'membership') {
      return [{ bucket: operation, rate: scimMembershipRate(this.#settings().scimMembershipRate) }]
    }
    const rate = scimRates.get(name)
    return rate === undefined ? [] : [{ bucket: operation, rate }]
  }
}

function organizationsBuckets(operation: string, name: string, accountId: string): readonly BucketName[] {
  const rates = organizationsRates.get(name)
  if (rates === undefined) return []
  const { account, organisation } = rates
  const own = { bucket: operation, of: accountId, rate: account }
  return organisation === undefined
    ? [own]
    : [own, { bucket: operation, of: 'organisation', rate: organisation }]
}
