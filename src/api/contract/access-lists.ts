/**
 * @module Access lists as people use them: who is in, why, what it gives, and reviews. The document of a list is read
 * and written as any resource; here is what owners and members may see and do without a right on all lists.
 */
import { z } from 'zod'
import { maxRequiredRoles, maxRequiredTraits, maxRequiredValues } from '../../core/access-list/limits.js'
import { memberItem } from './identity-center.js'
import { accountEffect } from './list-reviews.js'

/** RFC 3339. */
const instant = z.string()
const memberKind = z.enum(['user', 'list'])
const cursor = z.string().max(1000).optional()
const limit = z.coerce.number().int().min(1).max(200).default(50)
const note = z.string().max(1000)

/** How somebody belongs to a list: by being named, or through lists within it. */
export const belonging = z.enum(['none', 'explicit', 'inherited'])

export const reviewState = z.enum([
  /** Nobody is asked to review it, or it has no members. */
  'none',
  'later',
  /** Within the time of notice. */
  'soon',
  'overdue',
])

export const reviewSummary = z.object({
  state: reviewState,
  dueAt: instant.optional(),
  /** What is in force because it is overdue: nobody can be added, or nothing is granted. */
  inForce: z.enum(['nothing', 'frozen', 'grants_removed']),
  /** What happens next if nobody reviews it, as a sentence; absent where nothing does. */
  nextStep: z.string().optional(),
  /** Decisions of a review in progress. */
  decided: z.number(),
  toDecide: z.number(),
})

export const mayOnList = z.object({
  /** Members, and what is asked of them. */
  members: z.boolean(),
  /** Owners, grants and everything else: the document. */
  edit: z.boolean(),
  delete: z.boolean(),
  review: z.boolean(),
  /** See what it is in Identity Center. */
  aws: z.boolean(),
  /** Why members cannot be changed here, and where they can, for lists that are managed elsewhere or frozen. */
  membersSay: z.string().optional(),
})

export const listCard = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  type: z.enum(['standard', 'static', 'scim']),
  origin: z.object({ kind: z.enum(['local', 'imported']), plugin: z.string().optional() }),
  /** The first few. */
  owners: z.array(z.object({ kind: memberKind, name: z.string(), title: z.string().optional() })),
  ownerCount: z.number(),
  /** Direct members; absent for those who may not see them. */
  userCount: z.number().optional(),
  listCount: z.number().optional(),
  grantCount: z.number(),
  /** Whether its grants reach accounts, or it was imported: it is a group there. */
  inAws: z.boolean(),
  mine: z.object({ owner: belonging, member: belonging, expiresAt: instant.optional() }),
  /** The person could ask to join: has what it requires, and may request what it grants. */
  couldAsk: z.boolean(),
  review: reviewSummary,
  /** Why it cannot be read; then everything else is as empty as can be. */
  problem: z.string().optional(),
})
export type ListCard = z.infer<typeof listCard>

export const listCardsQuery = z.strictObject({
  search: z.string().max(200).optional(),
  /** `mine`: owned; `member`: in it; `due`: owned, to be reviewed now; `aws`: a group there; `joinable`. */
  filter: z.enum(['all', 'mine', 'member', 'due', 'aws', 'joinable']).default('all'),
  sort: z.enum(['title', 'due']).default('title'),
  cursor,
  limit,
})
export const listCardsAnswer = z.object({
  items: z.array(listCard),
  nextCursor: z.string().optional(),
  total: z.number(),
  /** How many each filter has, whatever is searched for. */
  counts: z.object({
    all: z.number(),
    mine: z.number(),
    member: z.number(),
    due: z.number(),
    aws: z.number(),
    joinable: z.number(),
  }),
  mayCreate: z.boolean(),
})
export type ListCardsAnswer = z.infer<typeof listCardsAnswer>

export const requirements = z.object({
  roles: z.array(z.string()),
  traits: z.record(z.string(), z.array(z.string())),
})
const grants = z.object({ roles: z.array(z.string()), traits: z.record(z.string(), z.array(z.string())) })

/** What somebody wants to be asked of members; `core/access-list/limits.ts` says why not more. */
const askedRoles = z.array(z.string().max(300)).max(maxRequiredRoles)
const askedTraits = z
  .record(z.string().max(200), z.array(z.string().max(1000)).max(maxRequiredValues))
  .refine((traits) => Object.keys(traits).length <= maxRequiredTraits, {
    message: `at most ${maxRequiredTraits} traits`,
  })
  .refine((traits) => Object.values(traits).flat().length <= maxRequiredValues, {
    message: `at most ${maxRequiredValues} values of traits in all`,
  })

export const listDetail = listCard.extend({
  /** All of them, each with whether it is there and meets what is asked of owners. */
  allOwners: z.array(
    z.object({
      kind: memberKind,
      name: z.string(),
      title: z.string().optional(),
      description: z.string(),
      /** Why it does not count: "does not exist", "lacks the role auditor". */
      problem: z.string().optional(),
    }),
  ),
  membershipRequires: requirements,
  ownershipRequires: requirements,
  grants,
  ownerGrants: grants,
  schedule: z
    .object({
      everyMonths: z.number(),
      dayOfMonth: z.union([z.literal(1), z.literal(15), z.literal('last')]),
      noticeDays: z.number(),
      /** Whether owners are asked by mail: false where no mail server is configured. */
      byMail: z.boolean(),
      whenOverdue: z.enum(['remind', 'freeze', 'remove_grants']),
      afterDays: z.number(),
      /** Whether the list says it itself, or the cluster preference does for all. */
      isOwnPolicy: z.boolean(),
    })
    .optional(),
  /** Lists that have this one as a member or as an owner, as far as the person may see them. */
  memberOf: z.array(z.object({ name: z.string(), title: z.string() })),
  ownerOf: z.array(z.object({ name: z.string(), title: z.string() })),
  /** People in it through any path, who count and are not locked. */
  peopleCount: z.number().optional(),
  may: mayOnList,
  revision: z.string(),
})
export type ListDetail = z.infer<typeof listDetail>

/**
 * Lists from one to that which has the person; one for a direct member. `name` is null for a list that does not exist
 * for whoever asks and is no member of the first; its `title` says so.
 */
const listPath = z.array(z.object({ name: z.string().nullable(), title: z.string() }))

export const wayIn = z.object({
  path: listPath,
  /** When the first membership on the way ends. */
  until: instant.optional(),
  /** Of the membership in the last list; absent where that does not exist for whoever asks. */
  joinedAt: instant.optional(),
  addedBy: z.string().optional(),
  reason: z.string().optional(),
  /** Why this way gives nothing: "lacks the role auditor". */
  ineligible: z.string().optional(),
})
export type WayIn = z.infer<typeof wayIn>

/** Why each person is in: flattened. */
export const listPeopleQuery = z.strictObject({ search: z.string().max(200).optional(), cursor, limit })
export const listPerson = z.object({
  name: z.string(),
  hasUser: z.boolean(),
  isLocked: z.boolean(),
  /** The way that counts, or else the shortest. */
  path: listPath,
  /** All of them, the shortest first. */
  ways: z.array(wayIn),
  /** There are more than those. */
  moreWays: z.literal(true).optional(),
  /** Whether the person counts, and else why not: "lacks the trait team: platform". */
  ineligible: z.string().optional(),
  /** Last sign-in to AWS through the gateway. */
  lastAwsSignIn: instant.optional(),
})
export const listPeopleAnswer = z.object({
  items: z.array(listPerson),
  nextCursor: z.string().optional(),
  total: z.number(),
})
export type ListPeopleAnswer = z.infer<typeof listPeopleAnswer>

/** Whom somebody who may change members could add: by their names, and nothing else of them. */
export const candidatesQuery = z.strictObject({ search: z.string().min(2).max(200) })
export const candidatesAnswer = z.object({ items: z.array(z.object({ name: z.string() })) })
export type CandidatesAnswer = z.infer<typeof candidatesAnswer>

/** What the list is in AWS. */
export const listInAws = z.object({
  /** One for each Identity Center instance that is connected and has, or is to have, the group. */
  groups: z.array(
    z.object({
      plugin: z.string(),
      groupId: z.string().optional(),
      displayName: z.string(),
      /** `synced`: as it should be when it was last read. `waiting`: a change is planned. `held`: waits for a person. */
      state: z.enum(['synced', 'waiting', 'held', 'failed', 'paused', 'none']),
      says: z.string(),
      members: z.number(),
      seenAt: instant.optional(),
      assignments: z.array(
        z.object({
          accountId: z.string(),
          accountName: z.string(),
          permissionSet: z.string(),
          state: z.enum(['there', 'to_come', 'to_go']),
        }),
      ),
      /** Planned changes that concern this list, as sentences. */
      planned: z.array(z.string()),
    }),
  ),
})
export type ListInAws = z.infer<typeof listInAws>

export const listHistoryQuery = z.strictObject({ cursor, limit })
export const listHistoryAnswer = z.object({
  items: z.array(
    z.object({
      time: instant,
      code: z.string(),
      event: z.string(),
      /** One sentence. */
      says: z.string(),
      by: z.string(),
      /** Finds the event in the audit log. */
      reference: z.string(),
      /** What exactly: names that came and went, what there was before and is after. */
      facts: z.array(
        z.object({
          what: z.string(),
          values: z.array(z.string()).optional(),
          before: z.array(z.string()).optional(),
          after: z.array(z.string()).optional(),
        }),
      ),
      /** Of a finished review: whom it kept and removed is under it. */
      review: z.string().optional(),
    }),
  ),
  nextCursor: z.string().optional(),
})
export type ListHistoryAnswer = z.infer<typeof listHistoryAnswer>

/** Many members at once. One of `names`, `csv` and `copyFrom` says who; `remove` says whom to take out. */
export const changeMembersRequest = z.strictObject({
  /** Pasted: names or addresses, by lines, commas, semicolons or spaces. */
  names: z.string().max(500_000).optional(),
  /** RFC 4180 with a first line of `kind,name,expires,reason`; of those only `name` must be there. */
  csv: z.string().max(2_000_000).optional(),
  copyFrom: z.string().max(300).optional(),
  /** For those of `names` and `copyFrom`. Without it, whoever is in keeps the end and the reason that they have. */
  expiresAt: instant.optional(),
  reason: note.default(''),
  remove: z
    .array(z.object({ kind: memberKind, name: z.string().max(300) }))
    .max(10_000)
    .default([]),
  /** Adds those who are no user here too; without it they are told and left out. */
  addUnknown: z.boolean().default(false),
  /** Tells what would happen and changes nothing. */
  dryRun: z.boolean().default(false),
})
/** What differs of a membership; a side without a value had, or gets, none. */
export const memberChange = z.object({
  field: z.enum(['end', 'reason']),
  /** RFC 3339 for an end. */
  before: z.string().optional(),
  after: z.string().optional(),
})
export type MemberChange = z.infer<typeof memberChange>
/** What somebody has no more by it; nothing where other lists or roles give the same. */
export const removalLoss = z.object({
  name: z.string(),
  /** Whether the list gives them anything now: it gives nothing to who is no user, or while a role of it is missing. */
  held: z.boolean(),
  /** How many roles, and how many traits of which they lose a value. */
  roles: z.number(),
  traits: z.number(),
  /** Titles of the lists that gave them: this one, and lists that it is in and the reader sees. */
  lists: z.array(z.string()),
})
export type RemovalLoss = z.infer<typeof removalLoss>
/** What removing members takes from people: whoever was in by them, as they count before and after. */
export const removalEffect = z.object({
  /** Who is in the list no more; the first 200. */
  leave: z.array(z.string()),
  leaveCount: z.number(),
  /** Of each of `leave`; left out where more than 200 leave. */
  losses: z.array(removalLoss).optional(),
  /** Who stays in by another way, and which; the first 200. A list that the reader may not see has no name. */
  stay: z.array(
    z.object({
      name: z.string(),
      path: z.array(z.object({ name: z.string().nullable(), title: z.string() })),
    }),
  ),
  stayCount: z.number(),
})
export type RemovalEffect = z.infer<typeof removalEffect>
export const changeMembersAnswer = z.object({
  added: z.array(z.object({ kind: memberKind, name: z.string() })),
  updated: z.array(z.object({ kind: memberKind, name: z.string(), changes: z.array(memberChange) })),
  removed: z.array(z.object({ kind: memberKind, name: z.string() })),
  /** Who is in it already, and stays as they are. */
  alreadyIn: z.array(z.object({ kind: memberKind, name: z.string() })),
  unchanged: z.number(),
  /** Not done, each with its line in what was given and what is wrong. */
  refused: z.array(z.object({ line: z.number().optional(), name: z.string(), problem: z.string() })),
  /** No user has the name; the nearest ones that have a name like it. */
  unknown: z.array(
    z.object({ line: z.number().optional(), name: z.string(), suggestions: z.array(z.string()) }),
  ),
  notes: z.array(z.string()),
  /** Of a dry run that removes somebody. */
  effect: removalEffect.optional(),
  dryRun: z.boolean(),
})
export type ChangeMembersAnswer = z.infer<typeof changeMembersAnswer>

export const putRequirementsRequest = z.strictObject({
  roles: askedRoles.default([]),
  traits: askedTraits.default({}),
  /** Of the document that was looked at; `412` where it has changed since. */
  revision: z.string().max(200).optional(),
  dryRun: z.boolean().default(false),
})
export const putRequirementsAnswer = z.object({
  revision: z.string(),
  /** Who is a member and would not, or does not, count any more. */
  lose: z.array(z.string()),
  moreLose: z.number(),
  notes: z.array(z.string()),
})

/** A review in progress, or one that could begin. */
export const reviewQuery = z.strictObject({
  search: z.string().max(200).optional(),
  show: z.enum(['all', 'open', 'keep', 'remove']).default('all'),
  cursor,
  limit,
})
export const reviewMember = memberItem.extend({
  title: z.string().optional(),
  isLocked: z.boolean(),
  ineligible: z.string().optional(),
  lastAwsSignIn: instant.optional(),
  /** Other ways by which a person stays in whatever is decided here: through lists within the list. */
  alsoBy: z.array(wayIn).optional(),
  /** People within a nested list. */
  peopleCount: z.number().optional(),
  decision: z.enum(['keep', 'remove']).optional(),
  note: z.string().optional(),
  decidedBy: z.string().optional(),
  /** What somebody decided who may not review the list any more: it does not count, and the member is open. */
  lapsed: z
    .object({ decision: z.enum(['keep', 'remove']), note: z.string(), decidedBy: z.string() })
    .optional(),
})
/** Id of the last review that was finished when somebody began, null for none: `409 REVIEW_FINISHED` where it is another. */
const lastFinished = z.string().max(100).nullable()
/** Of members and decisions as they stand: whoever agrees to them sends it back. */
const reviewDigest = z.string().max(100)

export const reviewAnswer = z.object({
  list: z.object({ name: z.string(), title: z.string(), type: z.enum(['standard', 'static', 'scim']) }),
  review: reviewSummary,
  items: z.array(reviewMember),
  nextCursor: z.string().optional(),
  total: z.number(),
  kept: z.number(),
  removed: z.number(),
  digest: reviewDigest,
  lastFinished,
  /** When the next one would be due if this one were submitted today. */
  nextDueAt: instant.optional(),
})
export type ReviewAnswer = z.infer<typeof reviewAnswer>

export const decideRequest = z.strictObject({
  /** `open` takes a decision back. */
  decisions: z
    .array(
      z.object({
        kind: memberKind,
        name: z.string().max(300),
        decision: z.enum(['keep', 'remove', 'open']),
        note: note.optional(),
      }),
    )
    .max(1000)
    .default([]),
  /** Keeps all who are not decided on. */
  keepRest: z.boolean().default(false),
  /** Forgets all decisions of the review in progress. */
  startOver: z.boolean().default(false),
  lastFinished: lastFinished.optional(),
  /** What the reader saw: with `keepRest`, `409` where members or decisions have changed since. */
  digest: reviewDigest.optional(),
})
export const decideAnswer = z.object({
  kept: z.number(),
  removed: z.number(),
  open: z.number(),
  /** As it stands now; absent where something had changed since the digest that was sent, or none was. */
  digest: reviewDigest.optional(),
})

export const submitReviewRequest = z
  .strictObject({
    notes: z.string().max(5000).default(''),
    /** Keeps all who are not decided on; without it all must be decided. */
    keepRest: z.boolean().default(false),
    /** Beside the decisions that were made: for the command line. */
    remove: z
      .array(z.object({ kind: memberKind, name: z.string().max(300) }))
      .max(10_000)
      .default([]),
    membershipRequires: z.object({ roles: askedRoles, traits: askedTraits }).optional(),
    everyMonths: z.union([z.literal(1), z.literal(3), z.literal(6), z.literal(12)]).optional(),
    dayOfMonth: z.union([z.literal(1), z.literal(15), z.literal('last')]).optional(),
    lastFinished: lastFinished.optional(),
    /** Of the review, or of the dry run, that was looked at: `409` where members or decisions have changed since. */
    digest: reviewDigest.optional(),
    dryRun: z.boolean().default(false),
  })
  .refine(({ dryRun, digest }) => dryRun || digest !== undefined, {
    path: ['digest'],
    message: 'is needed: that of the review, or of the dry run, that you looked at',
  })
export const submitReviewAnswer = z.object({
  id: z.string().optional(),
  /** Of what it was made from: sent back, exactly what a dry run told is done. */
  digest: reviewDigest,
  kept: z.number(),
  removed: z.array(z.object({ kind: memberKind, name: z.string() })),
  nextDueAt: instant.optional(),
  /** What changes in AWS, as sentences: who leaves which group and loses which permission sets. */
  inAws: z.array(z.string()),
  /** Those of them that say what `accounts` does not. */
  inAwsBeside: z.array(z.string()),
  /** The same by account, as far as the reader may know; the first 200. */
  accounts: z.array(accountEffect),
  changes: z.array(z.string()),
  /** Of a dry run, where somebody is removed here. */
  effect: removalEffect.optional(),
  /** For a list that is managed as code: what to apply there, as text (a unified diff or documents). */
  patch: z.string().optional(),
  dryRun: z.boolean(),
})
export type SubmitReviewAnswer = z.infer<typeof submitReviewAnswer>
