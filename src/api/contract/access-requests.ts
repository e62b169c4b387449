/**
 * @module Access requests: what may be asked for, asking, deciding, extending, giving back; and what a person lays aside
 * for the next one. Instants are RFC 3339, durations as in roles (`8h`, `1h30m`).
 */
import { z } from 'zod'
import { secret } from './shared.js'

const name = z.string().min(1).max(300)
const duration = z.string().min(1).max(20)
const reason = z.string().max(2000)
/** Of `POST /v1/mfa/proofs`, where `needsMfa` or `SESSION_MFA_REQUIRED` asks for one. */
const mfaProof = secret.optional()
/** Lines and tabs are text; what is not seen, or turns what is around it about, is none. */
const writtenReason = reason.regex(
  /^(?:[^\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\n\r\t])*$/u,
  'holds a control character, or one that changes the direction of text; leave it out',
)
const page = {
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

/** What is asked for: a role by name (account assignment roles too), an assignment by ids or names, an application. */
export const requestableInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('role'), name }),
  z.strictObject({
    kind: z.literal('assignment'),
    /** Id or name of the account. */
    account: name,
    /** ARN or name of the permission set. */
    permissionSet: name,
  }),
  z.strictObject({ kind: z.literal('app'), name }),
])
export type RequestableInput = z.infer<typeof requestableInput>

/** The same as shown; `id` names the item within its request. Names are those of now, else ids (a reviewer without preview sees ids). */
export const requestableShown = z.object({
  id: z.string(),
  kind: z.enum(['role', 'assignment', 'app']),
  /** Of the role or application; of an assignment `<permission set> on <account>`. */
  name: z.string(),
  account: z
    .object({ id: z.string(), name: z.string().optional(), ouPath: z.string().optional() })
    .optional(),
  permissionSet: z.object({ arn: z.string(), name: z.string().optional() }).optional(),
  /** Opens the account with this permission set in the AWS access portal. */
  portalUrl: z.string().optional(),
})
export type RequestableShown = z.infer<typeof requestableShown>

/** `factor`: a code or a passkey. `unsupported`: it takes a hardware key, and whoever looks has none that counts. */
const mfaNeeded = z.enum(['factor', 'hardware_key', 'hardware_key_pin', 'unsupported'])
/** What a decision of whoever looks takes beside their session; absent: nothing. */
const mfaOfDecision = z.object({
  needs: mfaNeeded,
  /** Which of their roles asks for it, or the cluster. */
  because: z.string(),
})

const requestState = z.enum(['pending', 'approved', 'denied', 'promoted', 'expired', 'cancelled', 'revoked'])
export type RequestStateName = z.infer<typeof requestState>

export const createAccessRequest = z.strictObject({
  items: z.array(requestableInput).min(1).max(200),
  reason: writtenReason.default(''),
  /** How long; without it the default, which a dry run tells. */
  duration: duration.optional(),
  /** Not before; at once without it. */
  startAt: z.string().max(40).optional(),
  /** How long it may wait for its decision. */
  pendingFor: duration.optional(),
  suggestedReviewers: z.array(name).max(100).optional(),
  /** Computes everything and stores nothing. */
  dryRun: z.boolean().default(false),
})
export type CreateAccessRequest = z.infer<typeof createAccessRequest>

const thresholdShown = z.object({
  name: z.string().optional(),
  approve: z.number(),
  deny: z.number(),
  filter: z.string().optional(),
  /** Reviews that count for it: those that the filter accepts. */
  approvals: z.number(),
  denials: z.number(),
})

export const requestItemShown = requestableShown.extend({
  state: z.enum(['pending', 'approved', 'denied']),
  approvals: z.number(),
  denials: z.number(),
  thresholds: z.array(thresholdShown),
  /** Whether whoever looks may decide on it now, and why not. */
  mayReview: z.boolean(),
  whyNot: z.string().optional(),
  /** What it takes to decide on it; absent: a session is enough. */
  needsMfa: mfaNeeded.optional(),
  /** What the requester has of it already, without this request: "by the access list payments". */
  alreadyHas: z.string().optional(),
  /** What is in AWS now for it: of an assignment its state, of a role how many assignments of those it gives. */
  inAws: z
    .object({
      state: z.enum(['none', 'pending', 'there', 'failed', 'unknown']),
      says: z.string(),
      count: z.number().optional(),
    })
    .optional(),
})
export type RequestItemShown = z.infer<typeof requestItemShown>

/** A review rule that decided; `mayRead` where it is still there and whoever looks may open it. */
const decidingRule = z.object({ name: z.string(), mayRead: z.boolean() })

export const accessRequestShown = z.object({
  id: z.string(),
  user: z.string(),
  state: requestState,
  /** An approved request that gives access now; false while its start is to come. */
  active: z.boolean(),
  items: z.array(requestItemShown),
  reason: z.string(),
  createdAt: z.string(),
  pendingUntil: z.string(),
  startAt: z.string().optional(),
  duration: z.string(),
  maxDuration: z.string(),
  activatedAt: z.string().optional(),
  endsAt: z.string().optional(),
  resolvedAt: z.string().optional(),
  suggestedReviewers: z.array(z.string()),
  annotations: z.record(z.string(), z.array(z.string())),
  reviews: z.array(
    z.object({
      author: z.string(),
      /** Where `author` is a rule. */
      rule: decidingRule.optional(),
      at: z.string(),
      approve: z.array(z.string()),
      deny: z.array(z.string()),
      reason: z.string(),
      startAt: z.string().optional(),
      duration: z.string().optional(),
    }),
  ),
  timeline: z.array(
    z.object({
      at: z.string(),
      by: z.string(),
      /** Where `by` is a rule. */
      rule: decidingRule.optional(),
      what: z.string(),
      says: z.string(),
    }),
  ),
  extends: z.string().optional(),
  extendedBy: z.string().optional(),
  /** The list is named to the requester, and to whoever sees it. */
  promotedTo: z.object({ list: z.string().optional(), title: z.string().optional() }).optional(),
  /** Whether the session that asks has assumed it. */
  assumed: z.boolean(),
  /** While a lock is in force on it, so that it gives nothing: what the lock says. */
  locked: z.string().optional(),
  /** What whoever looks may do with it now. */
  may: z.object({
    review: z.boolean(),
    cancel: z.boolean(),
    release: z.boolean(),
    revoke: z.boolean(),
    extend: z.boolean(),
    assume: z.boolean(),
    promote: z.boolean(),
  }),
  /** With `may.review`, `may.promote` or `may.revoke`: what deciding on all of it takes. */
  needsMfa: mfaOfDecision.optional(),
  /** AWS sessions that began before the end may go on until then: told once the end is known. */
  awsSessionsUntil: z.string().optional(),
  revision: z.number(),
})
export type AccessRequestShown = z.infer<typeof accessRequestShown>

/** `id` is missing after a dry run. */
export const createAccessRequestAnswer = z.object({
  request: accessRequestShown.omit({ id: true }).extend({ id: z.string().optional() }),
  /** Who may decide, the suggested ones first; at most 100. */
  reviewers: z.array(z.string()),
  /** Duration chips: each allowed one, ascending, the last is the maximum. */
  durations: z.array(z.string()),
  reasonRequired: z.boolean(),
  /** What the person is asked for the reason, sorted. */
  prompts: z.array(z.string()),
  /** What was added or is worth knowing: the sign-in application, sessions of AWS that outlive the end. */
  notes: z.array(z.string()),
})
export type CreateAccessRequestAnswer = z.infer<typeof createAccessRequestAnswer>

export const accessRequestsQuery = z.strictObject({
  ...page,
  /** `mine`; `review`: those that whoever asks may decide now; `all`: those they may see. */
  of: z.enum(['mine', 'review', 'all']).default('mine'),
  /** Comma separated states; `active` is an approved one that gives access now. */
  state: z.string().max(200).optional(),
  search: z.string().max(200).optional(),
  /** Counts them by state as well, on the first page. */
  counts: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true'),
})
const rowFacts = accessRequestShown
  .pick({
    id: true,
    user: true,
    state: true,
    active: true,
    reason: true,
    createdAt: true,
    pendingUntil: true,
    startAt: true,
    duration: true,
    endsAt: true,
    resolvedAt: true,
    extends: true,
    assumed: true,
    promotedTo: true,
  })
  .extend({
    /** The first ones. */
    items: z.array(
      // Told with `of=review`.
      requestableShown.extend({ alreadyHas: requestItemShown.shape.alreadyHas }),
    ),
    itemCount: z.number(),
    /** Whether whoever asks may decide on something of it now. */
    mayReview: z.boolean(),
    /** With `mayReview`: what deciding on all that they may decide on takes. */
    needsMfa: mfaOfDecision.optional(),
  })
export const accessRequestRow = rowFacts.extend({
  /** With `of=review`: what the same person asked for before it, as far as whoever asks sees it, newest first. */
  recent: z
    .array(
      rowFacts.pick({ id: true, state: true, active: true, createdAt: true, items: true, itemCount: true }),
    )
    .optional(),
})
export type AccessRequestRow = z.infer<typeof accessRequestRow>
export const accessRequestsAnswer = z.object({
  items: z.array(accessRequestRow),
  nextCursor: z.string().optional(),
  /** How many wait for a decision of whoever asks. */
  toReview: z.number(),
  /** Of those that `of` and `search` find: by state (`approved` counts `active` too), and whether there are more. */
  counts: z
    .object({
      all: z.number(),
      pending: z.number(),
      active: z.number(),
      approved: z.number(),
      over: z.number(),
      hasMore: z.boolean(),
    })
    .optional(),
})
export type AccessRequestsAnswer = z.infer<typeof accessRequestsAnswer>

/** Items that are left out of both stay undecided by this person. `revision` guards against what was not seen. */
export const reviewAccessRequest = z.strictObject({
  approve: z.array(z.string().max(400)).max(200).default([]),
  deny: z.array(z.string().max(400)).max(200).default([]),
  /** In place of `approve`: every item that this person may still decide. */
  all: z.enum(['approve', 'deny']).optional(),
  reason: writtenReason.default(''),
  annotations: z.record(z.string().max(100), z.array(z.string().max(300)).max(20)).optional(),
  startAt: z.string().max(40).optional(),
  duration: duration.optional(),
  revision: z.number().int().optional(),
  mfaProof,
})
export type ReviewAccessRequest = z.infer<typeof reviewAccessRequest>
export const accessRequestAnswer = z.object({
  request: accessRequestShown,
  /** False: the review is kept and changed nothing yet. */
  effectual: z.boolean().optional(),
})
export type AccessRequestAnswer = z.infer<typeof accessRequestAnswer>

export const endAccessRequest = z.strictObject({ reason: writtenReason.default('') })
export const revokeAccessRequest = endAccessRequest.extend({ mfaProof })
export const extendAccessRequest = z.strictObject({
  duration,
  reason: writtenReason.default(''),
  dryRun: z.boolean().default(false),
})

/** Access lists that the requester could join in place of the request. */
export const promotionsAnswer = z.object({
  items: z.array(
    z.object({
      list: z.string(),
      title: z.string(),
      possible: z.boolean(),
      /** Why it cannot be chosen, or what it gives beside. */
      says: z.string(),
      /** What it gives beyond what was asked for, as names. */
      beyond: z.array(z.string()),
    }),
  ),
})
export type PromotionsAnswer = z.infer<typeof promotionsAnswer>
export const promoteAccessRequest = z.strictObject({
  list: name,
  /** When the membership ends; never without it. */
  expires: z.string().max(40).optional(),
  reason: writtenReason.default(''),
  mfaProof,
})

/** Accounts with what a person has, may ask for, or may not. */
export const pickerQuery = z.strictObject({
  ...page,
  /** Words of name or id of the account, OU, tags, permission set. */
  search: z.string().max(200).optional(),
  /** `have`: what the person has; `requestable`: that and what they may ask for; `all`: everything they may know of. */
  show: z.enum(['have', 'requestable', 'all']).default('requestable'),
})
export const pickerAccount = z.object({
  account: z.object({
    id: z.string(),
    name: z.string(),
    ouPath: z.string().optional(),
    tags: z.record(z.string(), z.string()),
  }),
  permissionSets: z.array(
    z.object({
      arn: z.string(),
      name: z.string(),
      description: z.string().optional(),
      state: z.enum(['have', 'requestable', 'no']),
      /** "by the role aws-developer", "until 2026-03-02 15:42 UTC by a request", "no role of yours lets you ask for it". */
      says: z.string(),
      /** Where only requests give it: when the last of them ends. */
      until: z.string().optional(),
      /** Opens it in the AWS access portal; only with `have`. */
      portalUrl: z.string().optional(),
    }),
  ),
})
export type PickerAccount = z.infer<typeof pickerAccount>
export const pickerAnswer = z.object({
  items: z.array(pickerAccount),
  nextCursor: z.string().optional(),
  total: z.object({ accounts: z.number(), pairs: z.number() }),
  /** Access portals of what the person has on this page, for `~/.aws/config`; `instance` is in the ARN of a set. */
  portals: z.array(z.object({ instance: z.string(), startUrl: z.string(), region: z.string() })),
})
export type PickerAnswer = z.infer<typeof pickerAnswer>

/** Roles and applications that may be asked for, and on which terms. */
export const requestCapsAnswer = z.object({
  roles: z.array(z.object({ name: z.string(), description: z.string().optional(), held: z.boolean() })),
  apps: z.array(z.object({ name: z.string(), title: z.string(), held: z.boolean() })),
  /** Whether any account assignment may be asked for. */
  assignments: z.boolean(),
  maxDuration: z.string(),
  reasonRequired: z.boolean(),
  prompts: z.array(z.string()),
})
export type RequestCapsAnswer = z.infer<typeof requestCapsAnswer>

/** A favourite is one item; a template is a whole request without its dates. */
export const shelfKind = z.enum(['favourite', 'template'])
export const putShelfItem = z.strictObject({
  items: z.array(requestableInput).min(1).max(200),
  reason: reason.default(''),
  duration: duration.optional(),
})
export const shelfAnswer = z.object({
  items: z.array(
    z.object({
      kind: shelfKind,
      name: z.string(),
      items: z.array(requestableInput),
      shown: z.array(requestableShown),
      reason: z.string(),
      duration: z.string().optional(),
    }),
  ),
  /** What this person asked for last, each item once, newest first; at most 20. */
  recents: z.array(requestableShown),
})
export type ShelfAnswer = z.infer<typeof shelfAnswer>
