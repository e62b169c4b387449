/**
 * @module Identity Center: set-up, import, status and removal of a plugin; its plan and its SCIM tokens stand beside. A
 * plugin resource (`kind: plugin`) is one instance; what it says is written as any resource, and what is done with it is
 * here. Work that takes longer than a second is a job that status tells of.
 */
import { z } from 'zod'
import { scimAnswer } from './identity-center-scim.js'

const instant = z.string()

/** Work under way or the last that ended. Counts are exact once they are known; `total` is absent before. */
export const jobItem = z.object({
  kind: z.enum(['scan', 'import', 'apply', 'uninstall']),
  state: z.enum(['running', 'done', 'failed']),
  /** What is being done now: "Reading members of groups". */
  says: z.string(),
  done: z.number(),
  total: z.number().optional(),
  startedAt: instant,
  endedAt: instant.optional(),
  /** Of those that failed: what is wrong and what to do. */
  error: z.string().optional(),
})
export type JobItem = z.infer<typeof jobItem>
export const jobAnswer = z.object({ job: jobItem })

export const setupScriptBlocks = ['management_account', 'ous_and_tags', 'delegated_administrator'] as const
export const setupScriptRequest = z.strictObject({
  format: z.enum(['shell', 'cloudformation', 'policy', 'trust_policy', 'cleanup']),
  /** Name of the integration resource; part of the subject of our tokens. */
  integration: z.string().min(1).max(100),
  instanceArn: z.string().min(1).max(200),
  region: z.string().min(1).max(40),
  roleName: z.string().min(1).max(64).default('GatehouseIdentityCenter'),
  /** Parts beyond the base policy. */
  blocks: z.array(z.enum(setupScriptBlocks)).default([]),
})
export const setupScriptAnswer = z.object({
  format: z.string(),
  fileName: z.string(),
  text: z.string(),
  /** What AWS will fetch: has to be reachable as https without a port. */
  issuer: z.string(),
  audience: z.string(),
  subject: z.string(),
  /** What each chosen block adds, in words, with what does not work without it. */
  blocks: z.array(z.object({ block: z.string(), says: z.string(), actions: z.array(z.string()) })),
  /** Reasons why AWS may not accept it: an issuer with a port, http, a private name. */
  warnings: z.array(z.string()),
})
export type SetupScriptAnswer = z.infer<typeof setupScriptAnswer>

export const connectionTestAnswer = z.object({
  ok: z.boolean(),
  says: z.string(),
  instance: z
    .object({
      instanceArn: z.string(),
      identityStoreId: z.string(),
      ownerAccountId: z.string(),
      status: z.string(),
      callerArn: z.string(),
      callerAccountId: z.string(),
      managementAccountId: z.string().optional(),
      /** Whether we call as the management account or as a delegated administrator, with its limits in words. */
      standing: z.enum(['management_account', 'delegated_administrator', 'unknown']),
    })
    .optional(),
  limits: z.array(z.string()),
  permissions: z.array(
    z.object({
      action: z.string(),
      block: z.string(),
      verdict: z.enum(['allowed', 'denied', 'unknown']),
      says: z.string(),
    }),
  ),
})
export type ConnectionTestAnswer = z.infer<typeof connectionTestAnswer>

export const setupSteps = [
  'connect',
  'preview',
  'identity_source',
  'scim',
  'plan',
  'access',
  'start',
] as const
export const setupAnswer = z.object({
  plugin: z.string(),
  steps: z.array(
    z.object({
      step: z.enum(setupSteps),
      state: z.enum(['done', 'current', 'waiting', 'attention']),
      says: z.string(),
      /** What doing this step changes, and where. */
      changes: z.string(),
    }),
  ),
  /** For step 3: what to upload to AWS. */
  idp: z.object({
    entityId: z.string(),
    ssoUrl: z.string(),
    metadataUrl: z.string(),
    certificatePem: z.string(),
  }),
  /** For step 6: the roles of version 8 whose app_labels open the service provider of the plugin. */
  portal: z.object({ says: z.string(), roles: z.array(z.string()) }),
})
export type SetupAnswer = z.infer<typeof setupAnswer>

export const previewKinds = [
  'accounts',
  'permission_sets',
  'users',
  'groups',
  'members',
  'assignments',
] as const
export const previewQuery = z.strictObject({
  kind: z.enum(previewKinds).default('groups'),
  search: z.string().max(200).optional(),
  /** `imported`: what will be imported; `skipped`: what will not, with the reason. */
  show: z.enum(['all', 'imported', 'skipped']).default('all'),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Filters to try before they are saved, in the YAML form of the plugin, as JSON; those saved where left out. */
  filters: z.string().max(20_000).optional(),
})
export const previewItem = z.object({
  id: z.string(),
  name: z.string(),
  /** One line of facts: "12 members, 3 assignments". */
  facts: z.string(),
  imported: z.boolean(),
  /** What it becomes ("access list Platform team"), or why it is left out. */
  says: z.string(),
  members: z.array(z.object({ userName: z.string(), hasUser: z.boolean() })).optional(),
  moreMembers: z.number().optional(),
})
export const previewAnswer = z.object({
  readAt: instant.optional(),
  counts: z.record(z.enum(previewKinds), z.object({ found: z.number(), imported: z.number() })),
  items: z.array(previewItem),
  nextCursor: z.string().optional(),
  total: z.number(),
  /** What no import takes over, and why: application assignments, for example. */
  notImported: z.array(z.string()),
})
export type PreviewAnswer = z.infer<typeof previewAnswer>

export const importAnswer = z.object({
  job: jobItem,
  lists: z
    .object({
      created: z.number(),
      updated: z.number(),
      unchanged: z.number(),
      /** Of an earlier import, whose group is gone or left out now. */
      removed: z.number(),
    })
    .optional(),
  members: z.number().optional(),
  withoutUser: z.number().optional(),
  directAssignments: z.number().optional(),
})

export const preflightView = z.strictObject({
  search: z.string().max(200).optional(),
  /** `concerns`: those of whom something has to be said; `all`: the fine ones after them. */
  show: z.enum(['concerns', 'all']).default('concerns'),
})
export const preflightAnswer = z.object({
  ready: z.boolean(),
  says: z.string(),
  /** Users of AWS and of ours that were asked for, worst first: the first 500. */
  users: z.array(
    z.object({
      userName: z.string(),
      verdict: z.enum([
        'ok',
        'no_gatehouse_user',
        'different_case',
        'duplicate',
        'missing_attribute',
        'roles_refuse',
        'no_password',
        'would_lose_access',
        'inactive',
      ]),
      says: z.string(),
      remedy: z.string().optional(),
    }),
  ),
  /** Of all that were asked for, also those behind the first 500. */
  total: z.number(),
  counts: z.record(z.string(), z.number()),
  /** How many of those counted as `ok` are not in Identity Center yet. */
  onlyHere: z.number().optional(),
  /** Whether whoever asks would be let in by their own roles after the change. */
  administrator: z.object({
    user: z.string(),
    ok: z.boolean(),
    says: z.string(),
    reasons: z.array(z.string()),
  }),
  certificate: z.object({ ok: z.boolean(), says: z.string() }),
  howToGoBack: z.array(z.string()),
})
export type PreflightAnswer = z.infer<typeof preflightAnswer>

export const resyncRequest = z.strictObject({
  kind: z.enum(['user', 'list']),
  name: z.string().min(1).max(300),
})

export const syncStatusAnswer = z.object({
  plugin: z.string(),
  /** `setting_up` until step 5 is done; `attention` where something waits for a person or is wrong. */
  health: z.enum(['setting_up', 'healthy', 'attention', 'failing', 'paused']),
  says: z.string(),
  mode: z.enum(['full', 'hybrid']),
  sync: z.enum(['paused', 'active']),
  /** What is wrong or will be, worst first, each with what to do. */
  problems: z.array(
    z.object({
      code: z.string(),
      /** `note`: good to know, nothing has to be done. */
      weight: z.enum(['failing', 'attention', 'note']).optional(),
      says: z.string(),
      remedy: z.string(),
    }),
  ),
  /** Users whom a lock shuts out here and not yet in AWS. */
  locked: z
    .array(z.object({ user: z.string(), isActive: z.boolean(), assignments: z.number(), says: z.string() }))
    .optional(),
  credentials: z.object({
    /** Absent before AWS was asked with them. */
    ok: z.boolean().optional(),
    kind: z.enum(['oidc', 'system']),
    says: z.string(),
    expiresAt: instant.optional(),
  }),
  scim: scimAnswer,
  lastSync: z
    .object({
      at: instant,
      success: z.boolean(),
      says: z.string(),
      changed: z.number(),
      remedy: z.string().optional(),
    })
    .optional(),
  lastScan: z.object({ at: instant, tookMs: z.number(), everyMs: z.number() }).optional(),
  totals: z.object({
    accounts: z.number(),
    permissionSets: z.number(),
    users: z.number(),
    groups: z.number(),
    assignments: z.number(),
  }),
  waiting: z.object({
    actions: z.number(),
    held: z.number(),
    /** Sent to AWS, without an answer yet. */
    open: z.number(),
    /** Failed, and tried again by itself. */
    retried: z.number().optional(),
    nextAt: instant.optional(),
    /** Assignments of requests that ended, which are in AWS all the same; since when the first that time ended. */
    ends: z.object({ count: z.number(), since: instant.optional() }).optional(),
  }),
  drift: z.number(),
  /** Objects that could not be brought to what is desired. */
  errors: z.array(
    z.object({
      kind: z.enum(['user', 'list', 'assignment']),
      name: z.string(),
      says: z.string(),
      remedy: z.string(),
      since: instant,
      attempts: z.number(),
    }),
  ),
  moreErrors: z.number(),
  governor: z.object({
    queue: z.number(),
    /** Seconds until the queue is worked off at the present pace; absent where there is none. */
    secondsLeft: z.number().optional(),
    services: z.array(
      z.object({
        service: z.string(),
        /** Calls a second that are allowed now, and by AWS's published limit. */
        rate: z.number(),
        limit: z.number(),
        calls: z.number(),
        throttled: z.number(),
        /** Reads that were made again since their connection broke. */
        repeated: z.number().default(0),
        queue: z.number(),
      }),
    ),
    /** Calls and throttled ones of each of the last 30 minutes, oldest first. */
    history: z.array(z.object({ calls: z.number(), throttled: z.number() })),
  }),
  job: jobItem.optional(),
  lease: z.object({ holder: z.string(), isOurs: z.boolean(), expiresAt: instant }).optional(),
})
export type SyncStatusAnswer = z.infer<typeof syncStatusAnswer>

export const integrationsAnswer = z.object({
  items: z.array(
    z.object({
      kind: z.enum(['plugin', 'integration']),
      name: z.string(),
      title: z.string(),
      health: z.enum(['setting_up', 'healthy', 'attention', 'failing', 'paused']),
      says: z.string(),
      /** Names of what uses it, which keeps it from being removed. */
      usedBy: z.array(z.string()),
    }),
  ),
})
export type IntegrationsAnswer = z.infer<typeof integrationsAnswer>

export const changeItem = z.object({
  id: z.string(),
  says: z.string(),
  because: z.string(),
  state: z.enum(['open', 'succeeded', 'failed', 'unknown']),
  begunAt: instant,
  endedAt: instant.optional(),
  error: z.string().optional(),
  remedy: z.string().optional(),
  /** How often it was tried until then, where more than once. */
  attempts: z.number().optional(),
})
export const changesQuery = z.strictObject({
  state: z.enum(['open', 'succeeded', 'failed', 'unknown']).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const changesAnswer = z.object({ items: z.array(changeItem), nextCursor: z.string().optional() })

export const assignmentsQuery = z.strictObject({
  /** Part of the id or the name. */
  account: z.string().max(100).optional(),
  /** The exact user name, or part of one where nobody has it. */
  person: z.string().max(300).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
/** What is assigned in AWS, as last seen, with why. */
export const assignmentsAnswer = z.object({
  items: z.array(
    z.object({
      account: z.object({ id: z.string(), name: z.string() }),
      permissionSet: z.object({ arn: z.string(), name: z.string() }),
      principal: z.object({
        kind: z.enum(['user', 'group']),
        name: z.string(),
        awsId: z.string(),
        /** The user, or the access list, that it is here. */
        user: z.string().optional(),
        list: z.string().optional(),
        /** Of a group, as AWS has it: the first 100. `beyond`: in AWS, and not in the access list. */
        members: z
          .array(z.object({ name: z.string(), user: z.string().optional(), beyond: z.boolean().optional() }))
          .optional(),
        moreMembers: z.number().optional(),
      }),
      owned: z.boolean(),
      reasons: z.array(z.string()),
    }),
  ),
  nextCursor: z.string().optional(),
  total: z.number(),
})

export const uninstallAnswer = z.object({
  /** Present where it cannot be done now, with what to do first. */
  refused: z.string().optional(),
  warnings: z.array(z.string()),
  removes: z.array(z.string()),
  keeps: z.array(z.string()),
  /** References that will lead nowhere, with what to type. */
  dangling: z.array(
    z.object({
      kind: z.enum(['user', 'role', 'access_list', 'token']),
      name: z.string(),
      says: z.string(),
      command: z.string(),
    }),
  ),
  /** `note`: what to do where there is nothing to run. */
  awsCleanup: z.object({ fileName: z.string(), text: z.string(), note: z.string().optional() }),
  timeBoxed: z.number(),
  /** Names of the imported access lists that go. */
  lists: z.array(z.string()).optional(),
  /** What `removeAccess` takes from AWS, and who loses what by it: the first 200. */
  access: z
    .object({
      assignments: z.number(),
      memberships: z.number(),
      people: z.number(),
      losses: z.array(
        z.object({
          person: z.string(),
          account: z.string(),
          permissionSet: z.string(),
          through: z.string(),
        }),
      ),
      moreLosses: z.number(),
    })
    .optional(),
  /** What AWS has otherwise than Gatehouse says, and keeps: held, unfinished, made by hand. */
  left: z.array(z.string()).optional(),
})
export type UninstallAnswer = z.infer<typeof uninstallAnswer>
export const uninstallRequest = z.strictObject({
  /** The name of the plugin, typed by whoever agrees. */
  confirm: z.string().min(1).max(100),
  /** Also removes assignments and memberships that we made; left as they are without. */
  removeAccess: z.boolean().default(false),
  /** Goes on although Identity Center still signs people in through us. */
  stillIdentitySource: z.boolean().default(false),
})

export const memberItem = z.object({
  kind: z.enum(['user', 'list']),
  name: z.string(),
  /** False for a member that import found and that is no user here yet. */
  hasUser: z.boolean(),
  joinedAt: instant,
  expiresAt: instant.optional(),
  addedBy: z.string(),
  reason: z.string(),
})
export const membersAnswer = z.object({
  items: z.array(memberItem),
  nextCursor: z.string().optional(),
  total: z.number(),
})
export type MembersAnswer = z.infer<typeof membersAnswer>
export const membersQuery = z.strictObject({
  search: z.string().max(200).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const putMemberRequest = z.strictObject({
  kind: z.enum(['user', 'list']).default('user'),
  name: z.string().min(1).max(300),
  /** `null` for no end. Of somebody who is a member, what is left out stays as it is. */
  expiresAt: instant.nullable().optional(),
  reason: z.string().max(1000).optional(),
})
export const putMemberAnswer = z.object({
  /** `none`: it was so already. */
  action: z.enum(['create', 'update', 'none']),
  member: memberItem,
  notes: z.array(z.string()),
})
export type PutMemberAnswer = z.infer<typeof putMemberAnswer>
