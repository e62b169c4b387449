/**
 * @module A role as the decision engine sees it: parsed, defaulted by version, nothing optional left open.
 * The YAML form and its validation are in `api/resource/role.ts`.
 */
import type { DurationMs } from '../time.js'

export const roleVersions = ['v3', 'v4', 'v5', 'v6', 'v7', 'v8'] as const
export type RoleVersion = (typeof roleVersions)[number]

/** Label key to accepted values: AND over keys, OR over values, an empty selector matches nothing. */
export type LabelSelector = Readonly<Record<string, readonly string[]>>
export type Labels = Readonly<Record<string, string>>

export interface Rule {
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

/** One account and permission set; each side is a literal, a glob or a `^regex$`. */
export interface AccountAssignmentMatcher {
  readonly account: string
  readonly permissionSet: string
}

export interface RoleConditions {
  readonly appLabels: LabelSelector
  readonly accountAssignments: readonly AccountAssignmentMatcher[]
  readonly rules: readonly Rule[]
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
  readonly version: RoleVersion
  readonly labels: Labels
  readonly allow: RoleConditions
  readonly deny: RoleConditions
  readonly options: RoleOptions
}

/** What `cluster_auth_preference` says for everyone. */
export interface ClusterAuthPreference {
  readonly samlIdpEnabled: boolean
  readonly requireSessionMfa: SessionMfa
  readonly deviceTrustMode: DeviceTrustMode
  /** Whether every local user must sign in with a second factor. */
  readonly secondFactor: 'optional' | 'required'
  readonly defaultSessionTtlMs: DurationMs
}
