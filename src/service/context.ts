/**
 * @module What every use case is given: the store, time, randomness, the log and the cluster's name. A use case
 * takes the request as one value, does one thing in one transaction with its audit event, and returns a value.
 */
import type { Logger } from '../lib/logger.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import type { Store } from '../store/store.js'

export interface ServiceContext {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly clusterName: string
  /** Origin under which people reach the gateway, without a trailing slash. */
  readonly publicUrl: string
  /** Whether a mail server is configured; undefined: none is. */
  readonly sendsMail?: boolean
}

/** Where a request came from, for audit events, sessions and rate limits. */
export interface RequestOrigin {
  readonly address: string
  readonly userAgent: string
  readonly requestId: string
  /** The client certificate of the browser, of the handshake or as a trusted proxy wrote it; not verified yet. */
  readonly clientCertificate?: string | undefined
}
