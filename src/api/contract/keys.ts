/** @module Signing keys and their rollover, and the test of what an application would be told about a person. */
import { z } from 'zod'

export const signingKeyItem = z.object({
  id: z.string(),
  state: z.enum(['next', 'current', 'retired']),
  /** SHA-256 of the certificate in colon-separated hex; absent for keys without a certificate. */
  fingerprint: z.string().optional(),
  certificatePem: z.string().optional(),
  createdAt: z.string(),
  notAfter: z.string().optional(),
})
/** `prepare` makes and publishes the next key; `switch` lets it sign; `finish` forgets retired ones; `cancel` drops the next. */
export const rotationSteps = ['prepare', 'switch', 'finish', 'cancel'] as const
export const signingKeysAnswer = z.object({
  kind: z.enum(['saml', 'audit', 'oidc']),
  keys: z.array(signingKeyItem),
  /** `steady`: one key; `prepared`: a next one is published; `switched`: a retired one is still kept. */
  phase: z.enum(['steady', 'prepared', 'switched']),
  /** The steps that are possible now. */
  possible: z.array(z.enum(rotationSteps)),
  /** What to do now, and what to upload where, in sentences. */
  advice: z.array(z.string()),
})
export type SigningKeysAnswer = z.infer<typeof signingKeysAnswer>
export const rotateRequest = z.strictObject({ step: z.enum(rotationSteps) })

/**
 * `serviceProvider` names a stored one; `document` is one that is being written (YAML). Exactly one of them. `source`
 * is what problems call the document, such as the name of its file.
 */
export const testAssertionRequest = z.strictObject({
  user: z.string().min(1).max(254),
  serviceProvider: z.string().max(200).optional(),
  document: z.string().max(300_000).optional(),
  source: z.string().min(1).max(200).optional(),
})
export const testAssertionAnswer = z.object({
  user: z.string(),
  serviceProvider: z.string(),
  entityId: z.string(),
  acsUrl: z.string(),
  effect: z.enum(['allow', 'deny', 'step_up']),
  says: z.string(),
  nameId: z.object({ value: z.string(), format: z.string() }),
  attributes: z.array(z.object({ name: z.string(), nameFormat: z.string(), values: z.array(z.string()) })),
  /** Mappings that yield nothing for this person, and why. */
  omitted: z.array(z.object({ name: z.string(), says: z.string() })),
  /** The unsigned assertion, for people to read. */
  xml: z.string(),
})
export type TestAssertionAnswer = z.infer<typeof testAssertionAnswer>
