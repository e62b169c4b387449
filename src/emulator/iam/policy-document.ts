/**
 * @module Policy documents on their way in, checked as they will be judged, and on their way out.
 */
import { AwsError } from '../aws/error.js'
import type { PolicyKind } from '../access/parse-policy.js'
import { PolicyError } from '../access/policy-error.js'
import { readPolicy } from '../access/policy-cache.js'

/** @throws AwsError `MalformedPolicyDocument` for what cannot be read, or would not be judged as AWS does */
export function checkPolicy(text: string, kind: PolicyKind): void {
  try {
    readPolicy(text, kind)
  } catch (error) {
    if (error instanceof PolicyError) throw new AwsError('MalformedPolicyDocument', error.message)
    throw error
  }
}

/** How IAM answers documents: every character but the unreserved ones of RFC 3986 as percent signs. */
export function encodePolicy(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Length as the quotas count it: without white space. */
export function policySize(text: string): number {
  return text.replace(/\s/g, '').length
}
