/**
 * @module Who may what, and why: explanations, effective access of a user, what a role gives and to whom, the
 * accounts and permission sets to choose from.
 */
import { z } from 'zod'

export const reasonAnswer = z.object({
  role: z.string().optional(),
  version: z.string().optional(),
  rule: z.string(),
  effect: z.enum(['allow', 'deny', 'no_match', 'requires']),
  says: z.string(),
})
export type ReasonAnswer = z.infer<typeof reasonAnswer>

/**
 * Give `user`, a person or `token/NAME`, or `role`, which is explained as if somebody of whom nothing is known held it
 * alone; and `app`, or `account` and `permissionSet` (an ARN or a name).
 */
export const explainQuery = z.strictObject({
  user: z.string().min(1).max(254).optional(),
  role: z.string().min(1).max(300).optional(),
  app: z.string().max(200).optional(),
  account: z.string().max(200).optional(),
  permissionSet: z.string().max(300).optional(),
})
export const explainAnswer = z.object({
  /** Whom it is about: a person or machine user, or `role`, a role by itself. */
  user: z.string().optional(),
  role: z.string().optional(),
  /** Name of the application, or `<permission set> on <account>`. */
  subject: z.string(),
  effect: z.enum(['allow', 'deny', 'step_up']),
  /** The verdict in one sentence. */
  says: z.string(),
  /** What decided comes first. */
  reasons: z.array(reasonAnswer),
  /** Each single change that would turn a refusal into access, or the only thing that access hangs on. */
  changes: z.array(
    z.object({
      kind: z.enum([
        'add_role',
        'remove_role',
        'edit_role',
        'edit_application',
        'edit_cluster',
        'remove_lock',
        'prove',
      ]),
      role: z.string().optional(),
      says: z.string(),
      /** The lines to write, for an edit. */
      yaml: z.string().optional(),
    }),
  ),
  /** How many more changes would do it too and are left out for length. */
  moreChanges: z.number().optional(),
})
export type ExplainAnswer = z.infer<typeof explainAnswer>

export const accessQuery = z.strictObject({
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  search: z.string().max(200).optional(),
})
/** One account with the permission sets that a person has there. */
export const accountAccess = z.object({
  account: z.object({ id: z.string(), name: z.string(), ouPath: z.string().optional() }),
  permissionSets: z.array(
    z.object({
      arn: z.string(),
      name: z.string(),
      /** Names of the roles that give it, ten at most. */
      roles: z.array(z.string()),
      /** How many more roles give it; absent: none. */
      moreRoles: z.number().optional(),
    }),
  ),
})
export type AccountAccess = z.infer<typeof accountAccess>
export const accessAnswer = z.object({
  /** By account; a page ends early after 2,000 permission sets. */
  items: z.array(accountAccess),
  nextCursor: z.string().optional(),
  /** Of all pages. */
  total: z.object({ accounts: z.number(), pairs: z.number() }),
  /** Whether a lock keeps all of this from the person for now; absent: none does. */
  locked: z.boolean().optional(),
  /** Names of those locks that whoever asks may read; absent: none. */
  lockedBy: z.array(z.string()).optional(),
})
export type AccessAnswer = z.infer<typeof accessAnswer>

/** The applications that a person, or the holders of a role, may sign in to. */
export const applicationAccess = z.object({
  name: z.string(),
  entityId: z.string(),
  effect: z.enum(['allow', 'deny', 'step_up']),
  says: z.string(),
})
export type ApplicationAccess = z.infer<typeof applicationAccess>
export const applicationAccessAnswer = z.object({ items: z.array(applicationAccess) })

/** Who holds a role, and how they came to it. */
export const roleHolder = z.object({ kind: z.enum(['user', 'token']), name: z.string() })
export const roleHoldersAnswer = z.object({
  items: z.array(roleHolder),
  nextCursor: z.string().optional(),
  total: z.number(),
})
export type RoleHoldersAnswer = z.infer<typeof roleHoldersAnswer>

export const inventoryQuery = accessQuery
export const accountItem = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().optional(),
  ouPath: z.string().optional(),
  tags: z.record(z.string(), z.string()),
})
export const accountsAnswer = z.object({
  items: z.array(accountItem),
  nextCursor: z.string().optional(),
  total: z.number(),
})
export const permissionSetItem = z.object({
  arn: z.string(),
  name: z.string(),
  description: z.string().optional(),
})
export const permissionSetsAnswer = z.object({
  items: z.array(permissionSetItem),
  nextCursor: z.string().optional(),
  total: z.number(),
})
