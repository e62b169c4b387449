/** @module What every error is: a problem document (RFC 9457), `application/problem+json`. */
import { z } from 'zod'
import { mfaPurposes } from '../../core/mfa/proof.js'
import { errorCodes, type ErrorCode } from '../../core/error.js'
import { currentResource, documentProblem } from './resources.js'

// The keys of an object literal: a list of them that is not empty.
const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.enum(codes),
  /** For people: what is wrong, where, how to mend it. */
  detail: z.string(),
  /** Finds the audit event where `audited`, otherwise the line in the gateway's log. */
  reference: z.string().optional(),
  audited: z.boolean().optional(),
  /** Seconds to wait, for `TOO_MANY_ATTEMPTS`. */
  retryAfterSeconds: z.number().optional(),
  /** One entry for each field that is wrong. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** For `SESSION_MFA_REQUIRED` and `SESSION_MFA_UNSUPPORTED`: what to prove a second factor for, and who asks for it. */
  mfa: z
    .object({
      purpose: z.enum(mfaPurposes),
      subjects: z.array(z.string()),
      because: z.string(),
      /** How strong it has to be. */
      needs: z.enum(['factor', 'hardware_key', 'hardware_key_pin']).optional(),
    })
    .optional(),
  /** For documents: every problem with its place. */
  problems: z.array(documentProblem).optional(),
  /** For `REVISION_MISMATCH`: what is stored now, where the caller may read it. */
  current: currentResource.optional(),
  /** For `STILL_IN_USE`: the access lists to change first, by name. */
  lists: z.array(z.string()).optional(),
})
export type Problem = z.infer<typeof problem>
