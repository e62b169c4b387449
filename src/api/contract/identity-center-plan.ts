/**
 * @module A plan over HTTP: what would be done in AWS and why, who gains and who loses what, and what a person agrees to.
 */
import { z } from 'zod'

const instant = z.string()

export const planAction = z.object({
  key: z.string(),
  kind: z.string(),
  /** "Add 3 members to Platform team". */
  says: z.string(),
  because: z.string(),
  /** What a user's attributes are in AWS and become; without `from` where AWS has none. */
  attributes: z
    .array(z.object({ attribute: z.string(), from: z.string().optional(), to: z.string() }))
    .optional(),
  removes: z.boolean(),
  holds: z.array(z.object({ rule: z.string(), says: z.string() })),
  /** Those whom it adds, or takes out, by name. */
  people: z.array(z.string()).optional(),
  /** Of what is held: what a person does who does not want it. */
  refuse: z.string().optional(),
  /** It failed and waits until then. */
  notBefore: instant.optional(),
  approvedBy: z.string().optional(),
})
export const planAnswer = z.object({
  /** When the observation that it rests on was last complete; absent before the first look. */
  readAt: instant.optional(),
  madeAt: instant,
  sync: z.enum(['paused', 'active']),
  /** To be sent back with an approval: what was seen is what is approved. */
  heldDigest: z.string(),
  counts: z.array(z.object({ kind: z.string(), says: z.string(), all: z.number(), held: z.number() })),
  actions: z.array(planAction),
  nextCursor: z.string().optional(),
  total: z.number(),
  /** Who gains and who loses what, by person and by account, worst first; the first 200. */
  effects: z.array(
    z.object({
      person: z.string(),
      change: z.enum(['gains', 'loses', 'moves']),
      account: z.string(),
      permissionSet: z.string(),
      through: z.string(),
      held: z.boolean(),
    }),
  ),
  moreEffects: z.number(),
  /** `held`: its undoing waits for a person. */
  drift: z.array(z.object({ says: z.string(), reverted: z.boolean(), held: z.boolean().optional() })),
  setAside: z.array(z.object({ kind: z.string(), name: z.string(), says: z.string(), remedy: z.string() })),
  notes: z.array(z.string()),
  /**
   * Users of AWS whom this plan binds to the users here of exactly their name, before the first with those whom the
   * import bound: the first 200, and how many more.
   */
  binds: z.object({ users: z.array(z.string()), more: z.number() }).optional(),
  /** What is not in AWS yet though it is decided: without it AWS is what Gatehouse says, as far as it was read. */
  unfinished: z.object({ count: z.number(), says: z.string(), nextAt: instant.optional() }).optional(),
  /** The store was restored from a backup and nobody has released the plan since: everything is held. */
  restored: z.object({ backupAt: instant, restoredAt: instant }).optional(),
})
export type PlanAnswer = z.infer<typeof planAnswer>
export const planQuery = z.strictObject({
  show: z.enum(['all', 'held']).default('all'),
  search: z.string().max(200).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
/** Without keys everything that is held in the plan with this digest. */
export const approveRequest = z
  .strictObject({
    heldDigest: z.string().min(1).max(100),
    keys: z.array(z.string().max(1000)).max(5000).optional(),
    /** After a restore: everything as it stands in this plan, and from then on nothing waits for that reason. */
    release: z.literal(true).optional(),
  })
  .refine(({ keys, release }) => keys === undefined || release === undefined, {
    message: 'release is about the whole plan: leave keys out',
    path: ['keys'],
  })
/** Switches the sync on where it is paused, and looks for work now. */
export const applyRequest = z.strictObject({ heldDigest: z.string().min(1).max(100).optional() })
