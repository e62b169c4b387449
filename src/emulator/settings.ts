/**
 * @module What can be set about the emulator's behaviour: where AWS documents nothing or has changed its mind, where a
 * test wants it quick, and where it wants trouble. Set in an organisation file (`settings:`), by the command line, or
 * while it runs by `PUT /_emulator/settings`.
 */
import { z } from 'zod'

const milliseconds = z.int().min(0).max(3_600_000)

export const SettingsSchema = z.strictObject({
  /** The published token buckets are enforced. */
  limits: z.boolean().default(true),
  /** Besides presence, form and access key, the signature itself is verified (SigV4). */
  verifySignatures: z.boolean().default(false),
  /** How long CreateAccountAssignment and DeleteAccountAssignment stay IN_PROGRESS. */
  assignmentMs: milliseconds.default(500),
  /** How long ProvisionPermissionSet stays IN_PROGRESS. */
  provisioningMs: milliseconds.default(500),
  /** Reads show the state as it was this long ago. */
  readLagMs: milliseconds.default(0),
  /** Share of list pages that come short or empty although more follow. */
  shortPages: z.number().min(0).max(1).default(0),
  /** Answers to replacing members as observed in 2024, instead of the documented refusal. */
  scim2024: z.boolean().default(false),
  /** AWS documents no Retry-After of SCIM throttling; null leaves it out. */
  scimRetryAfterSeconds: z.int().min(0).max(3600).nullable().default(null),
  /** Membership changes a second inside CreateGroup and PatchGroup; AWS has a limit without a published number. */
  scimMembershipRate: z.number().positive().default(100),
  /** What PATCH answers to adding a member that is there, or removing one that is not; undocumented. */
  scimMemberRepeats: z.enum(['tolerate', 'refuse']).default('tolerate'),
  /** Status of an expired token, from which AWS's documents tell neither 401 nor 403. */
  scimExpiredStatus: z.union([z.literal(401), z.literal(403)]).default(401),
  /** What `startIndex`, `attributes`, `sortBy` and their like come to; AWS says only that it does not support them. */
  scimUnsupportedParameters: z.enum(['refuse', 'ignore']).default('refuse'),
  /** Creations of assignments that may be outstanding at a time; deletions are not counted. */
  outstandingAssignments: z.int().min(1).max(1000).default(15),
  /** What the one too many is answered; undocumented. */
  outstandingError: z
    .enum(['ThrottlingException', 'ServiceQuotaExceededException'])
    .default('ThrottlingException'),
  /** What creating an assignment that exists comes to; undocumented. */
  duplicateAssignment: z.enum(['succeed', 'conflict']).default('succeed'),
  /** What deleting an assignment that does not exist comes to; undocumented. */
  absentAssignment: z.enum(['not-found', 'succeed']).default('not-found'),
  /** Whether assignments stay when their principal is deleted; AWS's documents disagree. */
  staleAssignments: z.enum(['keep', 'drop']).default('keep'),
  /**
   * What STS asks of an issuer's discovery document: all that IAM's documents list, or the issuer and the address of
   * its keys alone, since AWS was seen to take documents that lack the rest.
   */
  oidcDiscovery: z.enum(['documented', 'observed']).default('documented'),
  /** Issuer of the ExternalIds of what SCIM provisioned; found in no document. */
  externalIdIssuer: z.string().min(1).max(256).default('https://scim.emulator.example'),
})

export type Settings = Readonly<z.infer<typeof SettingsSchema>>

export const defaultSettings: Settings = SettingsSchema.parse({})
