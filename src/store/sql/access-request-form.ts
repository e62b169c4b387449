/**
 * @module Reads an access request from its stored document. It gives people access, so that a document which is not
 * what was written is refused as a whole; nothing of it is guessed. Members that a later version added are kept.
 */
import { z } from 'zod'
import { requestStates, type AccessRequest } from '../../core/access-request/access-request.js'
import { GatewayError } from '../../core/error.js'
import { parseStored } from './bulk.js'

const text = z.string()
const texts = z.array(text)
const instant = z.number().int()
const lists = z.record(text, texts)
const pair = z.looseObject({ accountId: text, permissionSetArn: text })

const item = z.looseObject({
  id: text,
  asked: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('role'), name: text }),
    z.looseObject({ kind: z.literal('assignment'), accountId: text, permissionSetArn: text }),
    z.looseObject({ kind: z.literal('app'), name: text }),
  ]),
  terms: z.looseObject({
    roles: texts,
    allowedBy: texts,
    thresholds: z
      .array(
        z.looseObject({
          name: text.optional(),
          filter: text.optional(),
          approve: z.number().int().min(1),
          deny: z.number().int().min(1),
        }),
      )
      .min(1),
  }),
  state: z.enum(['pending', 'approved', 'denied']),
  gave: z.looseObject({ pairs: z.array(pair), digest: text }).optional(),
})

const review = z.looseObject({
  author: text,
  at: instant,
  approve: texts,
  deny: texts,
  reason: text,
  annotations: lists,
  authorRoles: texts,
  authorTraits: lists,
  startAt: instant.optional(),
  durationMs: z.number().optional(),
})

const form = z.looseObject({
  id: text,
  user: text,
  state: z.enum(requestStates),
  items: z.array(item).min(1),
  reason: text,
  createdAt: instant,
  pendingUntil: instant,
  startAt: instant.optional(),
  durationMs: z.number(),
  maxDurationMs: z.number(),
  asked: z.looseObject({ startAt: instant.optional(), durationMs: z.number() }),
  activatedAt: instant.optional(),
  endsAt: instant.optional(),
  resolvedAt: instant.optional(),
  suggestedReviewers: texts,
  annotations: lists,
  reviews: z.array(review),
  extends: z.looseObject({ request: text, firstStartedAt: instant, from: instant }).optional(),
  promotedTo: z.looseObject({ list: text, title: text }).optional(),
  timeline: z.array(z.looseObject({ at: instant, by: text, what: text, says: text })),
})

/** @throws GatewayError `INTERNAL` that names the request where its document is damaged. */
export function parseRequest(row: {
  readonly id: string
  readonly revision: number
  readonly document: string
}): AccessRequest {
  const what = `access request "${row.id}"`
  const found = form.safeParse(parseStored(row.document, what))
  if (!found.success || found.data.id !== row.id) {
    const problem = found.error?.issues[0]
    const where =
      problem === undefined ? 'it is another one' : `${problem.path.join('.')}: ${problem.message}`
    throw new GatewayError(
      'INTERNAL',
      `${what} is damaged in the database (${where.slice(0, 200)}); it gives nothing; delete it or restore a backup`,
      { id: row.id },
    )
  }
  // The form has checked each member; JSON leaves out what is undefined, which reads the same.
  return { ...found.data, revision: row.revision } as unknown as AccessRequest
}
