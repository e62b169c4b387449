/**
 * @module What use cases ask of the sync: implemented by `reconcile/`, handed over by `app.ts`. One `PluginSync` for
 * each plugin resource. Every replica answers; only the holder of the lease changes AWS.
 */
import type { Restored } from '../../core/identity-center/restored.js'
import type { IdentityCenter } from '../../aws/identity-center.js'
import type { AwsService } from '../../core/governor/call.js'
import type { Desired } from '../../core/entitlement/desired.js'
import type { Gaining, Leave } from '../../core/entitlement/gaining.js'
import type { Returning } from '../../core/entitlement/returning.js'
import type {
  LedgerEntry,
  Link,
  Observation,
  ObservedAccount,
} from '../../core/identity-center/observation.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { ClosedAccount } from '../../core/plan/closed-accounts.js'
import type { Plan } from '../../core/plan/plan.js'
import type { Instant } from '../../core/time.js'
import type { ScimClient } from '../../scim/client/scim-client.js'
import type { Lease } from '../../store/store.js'

export type JobKind = 'scan' | 'import' | 'apply' | 'uninstall'

export interface JobState {
  readonly kind: JobKind
  readonly state: 'running' | 'done' | 'failed'
  readonly says: string
  readonly done: number
  readonly total: number | undefined
  readonly startedAt: Instant
  readonly endedAt: Instant | undefined
  readonly error: string | undefined
}

/** Told by whoever does the work; cheap to call often. */
export type Progress = (now: {
  readonly says?: string
  readonly done?: number
  readonly total?: number
}) => void

/** What planning started from and what came of it. */
export interface CurrentPlan {
  readonly settings: PluginSettings
  readonly plan: Plan
  readonly desired: Desired
  /** What would be desired without anything that has an end of its own: memberships, requests. */
  readonly lasting?: () => Desired
  /** What people would get by leaving lists. */
  readonly gaining?: (leave: Leave) => readonly Gaining[]
  /** What a list gives again that gave nothing, since it was overdue. */
  readonly returning?: (leave: Leave) => Returning | undefined
  readonly observation: Observation
  readonly accounts: readonly ObservedAccount[]
  readonly links: readonly Link[]
  readonly ledger: readonly LedgerEntry[]
  /** Accounts that the filters let in and in which nothing can be changed. */
  readonly closed?: readonly ClosedAccount[]
  readonly madeAt: Instant
  /** When AWS was last read to the end. */
  readonly readAt: Instant | undefined
  /** Restored from a backup, and not released by a person since: everything is held. */
  readonly restored: Restored | undefined
}

export interface ObjectError {
  readonly kind: 'user' | 'list' | 'assignment'
  readonly name: string
  readonly says: string
  readonly remedy: string
  readonly since: Instant
  readonly attempts: number
}

export interface GovernorState {
  readonly queue: number
  readonly secondsLeft: number | undefined
  readonly services: readonly {
    readonly service: AwsService
    readonly rate: number
    readonly limit: number
    readonly calls: number
    readonly throttled: number
    readonly repeated: number
    readonly queue: number
  }[]
  readonly history: readonly { readonly calls: number; readonly throttled: number }[]
}

/** What the last cycles left behind; kept in the store, so every replica tells the same. */
export interface SyncState {
  readonly lastSync:
    | {
        readonly at: Instant
        readonly success: boolean
        readonly says: string
        readonly changed: number
        /** What to do, where it failed and something can be done. */
        readonly remedy?: string | undefined
      }
    | undefined
  readonly lastScan: { readonly at: Instant; readonly tookMs: number; readonly everyMs: number } | undefined
  /** AWS would be read in fewer calls by account and permission set, and does not allow it. */
  readonly pairsDenied?: boolean | undefined
  /** The last look at AWS broke off; undefined where it came to its end. */
  readonly scanFailure?: { readonly at: Instant; readonly says: string } | undefined
  readonly credentials: {
    /** Undefined before AWS was asked with them: what is not known is neither good nor bad. */
    readonly ok: boolean | undefined
    readonly says: string
    readonly expiresAt: Instant | undefined
  }
  readonly errors: readonly ObjectError[]
  /** When what failed, or a service that does not answer, is tried again; undefined where nothing waits. */
  readonly nextTryAt?: Instant | undefined
  readonly governor: GovernorState
  readonly lease: Lease | undefined
  readonly isHolder: boolean
  readonly job: JobState | undefined
}

/** How the import stands that has to come before the first change of AWS. */
export type FirstImport =
  { readonly state: 'done' | 'running' } | { readonly state: 'failed'; readonly says: string }

export interface PluginSync {
  readonly plugin: string
  /** Looks for work soon: something changed, or a person asks. */
  wake(): void
  /** The connection to the instance, through the governor; made at first use and again when settings change. */
  connect(): Promise<IdentityCenter>
  /** With the stored token, or with one that is being tried. @throws GatewayError `INVALID_INPUT` without any. */
  scim(trial?: { readonly baseUrl: string; readonly token: string }): Promise<ScimClient>
  /** Reads AWS to the end in the background; answers the job, which may be one that runs already. */
  scan(): Promise<JobState>
  /** Runs `work` as the one job of this plugin. @throws GatewayError `CONFLICT` while another runs. */
  run(kind: JobKind, work: (progress: Progress) => Promise<void>): Promise<JobState>
  /** The plan as of now, from the stored observation; changes nothing. */
  plan(): Promise<CurrentPlan>
  state(): Promise<SyncState>
  /** Forgets what is believed about one object, reads it anew and tries again at once. */
  resync(object: { readonly kind: 'user' | 'list'; readonly name: string }): Promise<void>
}

export interface Syncs {
  /** @throws GatewayError `NOT_FOUND` where no plugin resource has this name. */
  of(plugin: string): Promise<PluginSync>
  /** Something was written that plugins may care for. */
  wakeAll(): void
}
