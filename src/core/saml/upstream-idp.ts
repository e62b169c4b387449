/**
 * @module An upstream identity provider as a SAML connector trusts it, and when its metadata is fetched again.
 */
import { day, minute, type DurationMs, type Instant } from '../time.js'

export interface UpstreamIdp {
  readonly entityId: string
  /** Where it takes AuthnRequests by HTTP-Redirect. */
  readonly ssoUrl: string
  /** PEM; by no other key is anything believed. */
  readonly certificates: readonly string[]
  readonly wantsSignedRequests: boolean
  readonly validUntil: Instant | undefined
}

/** How old a copy of metadata may get before it is fetched again. */
export const metadataMaxAgeMs: DurationMs = day
/** The least time between two attempts, whatever asks for one: what posts nonsense must not make us fetch. */
export const metadataRetryMs: DurationMs = 5 * minute

/** What is kept of the metadata at an address. */
export interface MetadataCopy {
  /** When the copy in use was fetched; undefined where none ever was. */
  readonly fetchedAt: Instant | undefined
  /** When it was last tried, with or without success. */
  readonly triedAt: Instant
  readonly validUntil: Instant | undefined
}

/** Whether to fetch now; `doubted` where a signature was by no key of the copy. */
export function isFetchDue(copy: MetadataCopy | undefined, now: Instant, doubted: boolean): boolean {
  if (copy === undefined) return true
  if (now < copy.triedAt + metadataRetryMs) return false
  if (doubted || copy.fetchedAt === undefined) return true
  return now >= copy.fetchedAt + metadataMaxAgeMs || isOver(copy, now)
}

/** SAML Metadata 2.3.2: after `validUntil` nothing of it may be relied on. */
export function isOver({ validUntil }: { readonly validUntil: Instant | undefined }, now: Instant): boolean {
  return validUntil !== undefined && now >= validUntil
}
