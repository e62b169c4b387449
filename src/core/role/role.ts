/**
 * @module A role as the decision engine sees it: parsed, defaulted by version, nothing optional left open.
 * The YAML form and its validation are in `kinds/role/form.ts`.
 */
import type { OverduePolicy } from '../access-list/review-schedule.js'
import type { DeviceAssurance } from '../device/device.js'
import type { FactorKind } from '../factor/factor.js'
import type { DurationMs } from '../time.js'

export const roleVersions = ['v3', 'v4', 'v5', 'v6', 'v7', 'v8'] as const
export type RoleVersion = (typeof roleVersions)[number]

/** Label key to accepted values: AND over keys, OR over values, an empty selector matches nothing. */
export type LabelSelector = Readonly<Record<string, readonly string[]>>
export type Labels = Readonly<Record<string, string>>

export interface Rule {
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  /** A condition on `user` and `resource`; see `core/expression`. Undefined holds always. */
  readonly where: string | undefined
}

/** One account and permission set; each side is a literal, a glob or a `^regex$`. */
export interface AccountAssignmentMatcher {
  readonly account: string
  readonly permissionSet: string
}

/** Which claim of a person lets them ask for, or review, which roles. */
export interface ClaimMapping {
  readonly claim: string
  readonly value: string
  readonly roles: readonly string[]
}

/** How many reviews decide a request, for requests that `filter` accepts (all, where it is undefined). */
export interface ReviewThreshold {
  readonly name: string | undefined
  readonly filter: string | undefined
  readonly approve: number
  readonly deny: number
}

/** `request`: what the holder may ask for. */
export interface RequestConditions {
  readonly roles: readonly string[]
  readonly searchAsRoles: readonly string[]
  readonly claimsToRoles: readonly ClaimMapping[]
  readonly reason: { readonly mode: 'optional' | 'required'; readonly prompt: string | undefined }
  readonly thresholds: readonly ReviewThreshold[]
  readonly suggestedReviewers: readonly string[]
  readonly annotations: Readonly<Record<string, readonly string[]>>
  readonly maxDurationMs: DurationMs | undefined
}

/** `review_requests`: whose requests the holder may decide. */
export interface ReviewConditions {
  readonly roles: readonly string[]
  readonly claimsToRoles: readonly ClaimMapping[]
  readonly previewAsRoles: readonly string[]
  readonly where: string | undefined
}

export interface RoleConditions {
  readonly appLabels: LabelSelector
  /** Text of `app_labels_expression`. In allow both it and the labels must match, in deny either one denies. */
  readonly appLabelsExpression: string | undefined
  readonly accountAssignments: readonly AccountAssignmentMatcher[]
  readonly rules: readonly Rule[]
  readonly request: RequestConditions | undefined
  readonly reviewRequests: ReviewConditions | undefined
}

export type SessionMfa =
  | 'off'
  | 'session'
  | 'hardware_key'
  | 'hardware_key_touch'
  | 'hardware_key_pin'
  | 'hardware_key_touch_and_pin'
export type DeviceTrustMode = 'off' | 'optional' | 'required' | 'required-for-humans'

export interface RoleOptions {
  readonly maxSessionTtlMs: DurationMs
  readonly clientIdleTimeoutMs: DurationMs | undefined
  readonly requireSessionMfa: SessionMfa
  readonly deviceTrustMode: DeviceTrustMode
  /** `idp.saml.enabled`; meaningful up to v7 only. */
  readonly samlIdpEnabled: boolean
}

export interface Role {
  readonly name: string
  /** Of an account assignment role: former names and the reference, by which conditions know it too. */
  readonly otherNames?: readonly string[]
  readonly version: RoleVersion
  readonly labels: Labels
  readonly allow: RoleConditions
  readonly deny: RoleConditions
  readonly options: RoleOptions
  /** `account_assignment`: computed from the inventory; it takes no part in decisions on applications. */
  readonly origin: 'stored' | 'account_assignment'
}

/** What is asked of passkeys. */
export interface WebauthnPolicy {
  /** The domain that passkeys are made for; undefined for the host of the public URL. */
  readonly rpId: string | undefined
  /** Certificates, in PEM, of makers whose devices alone may be enrolled; none allows all. */
  readonly attestationAllowedCas: readonly string[]
  readonly attestationDeniedCas: readonly string[]
}

/** What `cluster_auth_preference` says for everyone. */
export interface ClusterAuthPreference {
  readonly samlIdpEnabled: boolean
  readonly requireSessionMfa: SessionMfa
  readonly deviceTrustMode: DeviceTrustMode
  /** The least sure proof of a device that counts where one is required. */
  readonly minimumDeviceAssurance?: DeviceAssurance | undefined
  /** Whether every local user must sign in with a second factor. */
  readonly secondFactor: 'optional' | 'required'
  /** Kinds of second factors that may be enrolled and used. */
  readonly factorKinds: readonly FactorKind[]
  /** Whether a passkey signs in without name and password, where passkeys are allowed. */
  readonly allowPasswordless: boolean
  readonly webauthn?: WebauthnPolicy | undefined
  readonly defaultSessionTtlMs: DurationMs
  /** What comes of overdue reviews of access lists that say nothing themselves; undefined: reminders alone. */
  readonly accessListReviews?: OverduePolicy | undefined
  /** What holds for access requests; by default where a part is left out. */
  readonly accessRequests?: {
    /** Whether a request may be shorter than the AWS sessions that its permission sets open. */
    readonly shorterThanAwsSession?: 'allow' | 'refuse' | undefined
    /** How long a request waits for its decision that does not say it. */
    readonly pendingTtlMs?: DurationMs | undefined
  }
}
