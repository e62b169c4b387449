/**
 * @module Everybody who reaches something, and by which way: the answers of "who can" and "explain an account", which
 * the pictures of access paths are drawn from.
 */
import { z } from 'zod'

const instant = z.string()
/** Text of an account is its id or name, of a permission set its ARN or name. */
const account = z.string().min(1).max(200)
const permissionSet = z.string().min(1).max(300)

/** A list that whoever asks may not see has no name. */
const pathList = z.object({ name: z.string().nullable(), title: z.string() })
export const accessPathAnswer = z.object({
  /**
   * `role`: held directly. `list`, `list_owner`: as a member or owner of an access list. `request`: approved, for a time.
   * `found`: assigned in AWS as import found it, and kept. `aws`: assigned in AWS, and nothing here gives it.
   */
  by: z.enum(['role', 'list', 'list_owner', 'request', 'found', 'aws']),
  /** From the list that has the person to the one that gives the role. */
  lists: z.array(pathList),
  role: z.string().optional(),
  request: z.string().optional(),
  /** When this way ends by itself. */
  until: instant.optional(),
  /** The way in words. */
  says: z.string(),
})
export type AccessPathAnswer = z.infer<typeof accessPathAnswer>

const permissionSetName = z.object({ arn: z.string(), name: z.string() })
export const heldAccess = z.object({
  /** Absent: the application that was asked about. */
  permissionSet: permissionSetName.optional(),
  paths: z.array(accessPathAnswer),
  morePaths: z.number().optional(),
  /** A role denies it, and it is in AWS all the same. */
  denied: z.literal(true).optional(),
})
export type HeldAccess = z.infer<typeof heldAccess>

/** What a sign-in to AWS, or to the application, takes of the person. */
export const signInProofs = z.object({
  opens: z.boolean(),
  /** Why not. */
  says: z.string().optional(),
  needs: z.array(z.enum(['second_factor', 'hardware_key', 'trusted_device'])),
})
export type SignInProofs = z.infer<typeof signInProofs>

export const whoCanItem = z.object({
  user: z.string(),
  /** False for a name that only Identity Center has. */
  known: z.boolean(),
  /** A lock is in force: nothing of it counts for now. */
  locked: z.literal(true).optional(),
  /** Something of the person cannot be read, and may deny what is told. */
  unclear: z.literal(true).optional(),
  /** When the last way ends; absent: one lasts. */
  until: instant.optional(),
  /** Absent where no application for AWS is known. */
  signIn: signInProofs.optional(),
  access: z.array(heldAccess),
  moreAccess: z.number().optional(),
})
export type WhoCanItem = z.infer<typeof whoCanItem>

const subject = z.object({
  account: z.object({ id: z.string(), name: z.string(), ouPath: z.string().optional() }).optional(),
  permissionSet: permissionSetName.optional(),
  app: z.string().optional(),
})
export type InsightSubject = z.infer<typeof subject>

const subjectQuery = {
  app: z.string().min(1).max(200).optional(),
  account: account.optional(),
  permissionSet: permissionSet.optional(),
}
/** Give `app`, or `account` with or without `permissionSet`. */
export const whoCanQuery = z.strictObject({
  ...subjectQuery,
  search: z.string().max(200).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export const whoCanCsvQuery = z.strictObject(subjectQuery)
export const whoCanAnswer = z.object({
  subject,
  items: z.array(whoCanItem),
  nextCursor: z.string().optional(),
  /** Of all pages, as far as the caller may list people. */
  total: z.number(),
  /** People who would have it, and are denied all of it by a role. */
  denied: z.number(),
})
export type WhoCanAnswer = z.infer<typeof whoCanAnswer>

export const whoCouldItem = z.object({
  user: z.string(),
  /** Roles that reviewers decide for. */
  roles: z.array(z.string()),
  /** Who may approve it; the first of them. */
  reviewers: z.array(z.string()),
  moreReviewers: z.number().optional(),
})
/** People who do not have it and may ask for it. */
export const whoCouldAnswer = z.object({
  subject,
  items: z.array(whoCouldItem),
  nextCursor: z.string().optional(),
})
export type WhoCouldAnswer = z.infer<typeof whoCouldAnswer>

export const explainAccountQuery = z.strictObject({
  user: z.string().min(1).max(254),
  account,
  permissionSet: permissionSet.optional(),
})
const opening = z.object({ name: z.string(), sets: z.array(z.string()), moreSets: z.number().optional() })
export const explainAccountAnswer = z.object({
  user: z.string(),
  subject,
  /** The verdict in one sentence. */
  says: z.string(),
  locked: z.literal(true).optional(),
  unclear: z.literal(true).optional(),
  signIn: signInProofs.optional(),
  access: z.array(heldAccess),
  moreAccess: z.number().optional(),
  /** Permission sets that something gives and a role denies. */
  denied: z.array(z.string()),
  /** Requests that would give something there, were it not for a lock on them. */
  lockedRequests: z
    .array(
      z.object({
        request: z.string(),
        permissionSets: z.array(z.string()),
        /** When the request ends; a lock does not stop its time. */
        until: instant,
        /** What it would give, and what the lock says. */
        says: z.string(),
      }),
    )
    .optional(),
  /** What would give what the person does not have there. */
  openings: z.object({
    lists: z.array(opening.extend({ title: z.string() })),
    moreLists: z.number().optional(),
    roles: z.array(opening),
    moreRoles: z.number().optional(),
    /** Permission sets that the person may ask for. */
    requestable: z.array(
      z.object({
        permissionSet: permissionSetName,
        roles: z.array(z.string()),
        reviewers: z.array(z.string()),
        moreReviewers: z.number().optional(),
      }),
    ),
    moreRequestable: z.number().optional(),
  }),
})
export type ExplainAccountAnswer = z.infer<typeof explainAccountAnswer>
