/**
 * @module What the rate governor knows of a call to AWS. Adapters name each call and how urgent it is and hand over
 * how to make it; when it is made is decided by `governor.ts` (pure) and done by `reconcile/call-governor.ts`.
 */
import type { Instant } from '../time.js'

/** The services whose limits AWS publishes apart. */
export type AwsService = 'sso-admin' | 'identitystore' | 'organizations' | 'iam' | 'sts' | 'scim'

/**
 * `interactive`: a person waits, or access must end. `follow`: looks how such a change ended, which waits for those that
 * are to begin. `scan`: looks that can wait.
 */
export type CallPriority = 'interactive' | 'follow' | 'normal' | 'bulk' | 'scan'

export interface AwsCall {
  readonly service: AwsService
  /** `CreateAccountAssignment`, `PatchGroup`. */
  readonly operation: string
  readonly priority: CallPriority
  /** Membership changes in it, which AWS counts against a limit of their own. */
  readonly memberships?: number
}

export interface CallOptions {
  readonly priority: CallPriority
  /** Gives up (and says so) instead of beginning after this instant: shorter than what is left of a lease (T23). */
  readonly deadline?: Instant
  /** For work of many calls: the deadline of the next one, from a lease that was renewed for it. */
  readonly renewDeadline?: () => Promise<Instant>
  readonly signal?: AbortSignal
}

/** Makes calls when it is their turn. Counts, waits and retries throttled ones; never retries anything else. */
export interface CallGovernor {
  run<T>(call: AwsCall, options: CallOptions, make: (signal: AbortSignal) => Promise<T>): Promise<T>
}

/** What went wrong at AWS, in the few classes by which we act. */
export type AwsFailure =
  | 'throttled'
  /** Credentials, token or permission: the same call would fail for everybody; stop and alarm. */
  | 'unauthorized'
  | 'denied'
  | 'not_found'
  /** Exists already, by a name or an attribute that is unique. */
  | 'already_exists'
  /** An overlapping change is under way or an earlier one has not spread yet. */
  | 'conflict'
  | 'quota'
  | 'invalid'
  /** 5xx, broken connection, time out: the outcome is unknown. */
  | 'unknown_outcome'

/** Thrown by the adapters of AWS; caught where one object's failure must not stop the rest. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError'
  readonly failure: AwsFailure
  readonly service: AwsService
  readonly operation: string
  /** AWS's own code, for people: `ConflictException`, `409`. */
  readonly awsCode: string
  readonly requestId: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(facts: {
    readonly failure: AwsFailure
    readonly service: AwsService
    readonly operation: string
    readonly awsCode: string
    readonly message: string
    readonly requestId?: string | undefined
    readonly retryAfterMs?: number | undefined
    readonly cause?: unknown
  }) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.failure = facts.failure
    this.service = facts.service
    this.operation = facts.operation
    this.awsCode = facts.awsCode
    this.requestId = facts.requestId
    this.retryAfterMs = facts.retryAfterMs
  }
}
