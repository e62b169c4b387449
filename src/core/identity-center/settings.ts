/**
 * @module What a plugin resource of type `aws-identity-center` says: which instance, how to reach it, what to import,
 * and how careful to be. The YAML form is `kinds/plugin/form.ts`; names of the reference load unchanged.
 */
import type { DurationMs } from '../time.js'

/** One predicate of a filter list; exactly one member is there. Names are literals, globs or `^regex$`. */
export type ResourceFilter =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'name'; readonly pattern: string }
  | { readonly by: 'excludeId'; readonly id: string }
  | { readonly by: 'excludeName'; readonly pattern: string }

/** Users that are pushed: labels that all have to be there, or the origin; alternatives are OR. */
export interface UserFilter {
  readonly labels: Readonly<Record<string, string>>
  /** `local`, or the name of a connector. */
  readonly origin: string | undefined
}

export type AwsCredentialSource =
  /** The SDK's own chain; then optionally a role to assume. */
  | { readonly kind: 'system'; readonly assumeRoleArn: string | undefined }
  /** Tokens of our issuer for the role that the integration resource names. */
  | { readonly kind: 'oidc'; readonly integration: string }

export type GuardKind = 'users' | 'groups' | 'memberships' | 'assignments'

/** A plan goes on by itself up to the greater of a count and a share (0..1) of what is owned of that kind. */
export interface GuardLimit {
  readonly count: number
  readonly share: number
}

export interface GuardSettings {
  /**
   * Removals of each kind. Deactivating a user counts as one of `users`. This and every limit below but the last counts
   * what was done within the last hour beside the plan, without what a person approved and what locks and time ended.
   */
  readonly removals: Readonly<Record<GuardKind, GuardLimit>>
  /** New assignments. */
  readonly newAssignments: number
  /** Changes of assignments in the management account. */
  readonly managementAccount: number
  /** Changes of assignments of permission sets that match one of these patterns (by name or ARN). */
  readonly sensitiveSets: readonly string[]
  readonly sensitive: number
  /** Pairs that one principal may be given before it is set aside altogether. */
  readonly pairsOfPrincipal: number
}

export const defaultGuard: GuardSettings = {
  removals: {
    users: { count: 10, share: 0.1 },
    groups: { count: 5, share: 0.1 },
    memberships: { count: 50, share: 0.1 },
    assignments: { count: 25, share: 0.1 },
  },
  newAssignments: 500,
  managementAccount: 5,
  sensitiveSets: [],
  sensitive: 5,
  pairsOfPrincipal: 5000,
}

export interface PluginSettings {
  /** Name of the plugin resource: `aws-identity-center` unless there are several instances. */
  readonly name: string
  readonly instanceArn: string
  readonly region: string
  readonly credentials: AwsCredentialSource
  /** Base URL of the SCIM endpoint, with its trailing slash; undefined until step 4 of the set-up. */
  readonly scimBaseUrl: string | undefined
  /** A person allowed a host that is not AWS's own (T15). */
  readonly allowOtherScimHost: boolean
  readonly defaultOwners: readonly string[]
  /** Undefined is hybrid mode: another identity provider owns users; we only do groups of ours and assignments. */
  readonly serviceProvider: string | undefined
  readonly userFilters: readonly UserFilter[]
  readonly accountFilters: readonly ResourceFilter[]
  readonly groupFilters: readonly ResourceFilter[]
  readonly rolesSyncMode: 'ALL' | 'NONE'
  /** `paused` plans and changes nothing; `active` applies what the guard lets pass. */
  readonly sync: 'paused' | 'active'
  /** What happens to unknown assignments and memberships on what we own. */
  readonly drift: 'revert' | 'report'
  /** What happens when somebody deleted a group of ours in AWS. */
  readonly restoreDeletedGroups: 'restore' | 'ask'
  /** Between the end of a user (or of an imported list) here and its deletion in AWS. */
  readonly deletionDelayMs: DurationMs
  /** The least time between two full looks at AWS; large organisations take longer. */
  readonly scanIntervalMs: DurationMs
  /** Share of AWS's published limits that we use at most, 0..1. */
  readonly rateShare: number
  readonly guard: GuardSettings
}
