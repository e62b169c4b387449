/**
 * @module What is kept for SAML connectors: which assertions were used, until nobody could use them again, and copies of
 * metadata that is fetched. In the store, for any replica may get the next answer.
 */
import type { Instant } from '../core/time.js'

/** A copy of the metadata at an address. */
export interface StoredMetadata {
  /** Name of the connector. */
  readonly connector: string
  /** Where it was fetched; a copy from elsewhere is of no use. */
  readonly url: string
  /** The last good document; undefined where there never was one. */
  readonly xml: string | undefined
  readonly fetchedAt: Instant | undefined
  readonly validUntil: Instant | undefined
  /** The last attempt, good or not. */
  readonly triedAt: Instant
  /** Why the last attempt came to nothing. */
  readonly problem: string | undefined
}

export interface SamlConnectorStore {
  /** Remembers the assertion until `until`: true exactly once for a connector and an id. */
  useAssertion(connector: string, idHash: string, until: Instant): Promise<boolean>
  findMetadata(connector: string): Promise<StoredMetadata | undefined>
  putMetadata(copy: StoredMetadata): Promise<void>
  forgetMetadata(connector: string): Promise<void>
  deleteExpiredAssertions(before: Instant): Promise<number>
}
