/**
 * @module What a proof of a second factor for one request is bound to, before it is hashed: all that is asked by it, so that
 * it counts for nothing else. The gateway tells the hash with its refusal; a client that knows what it asks next makes it
 * itself, so that one answer of the person covers both.
 */

export interface AskedRequest {
  readonly method: string
  /** Path and query as they are sent. */
  readonly url: string
  /** As the route reads it; undefined where it reads none. */
  readonly body?: unknown
}

/** To be hashed with SHA-256, in hexadecimal digits. */
export function describeRequest({ method, url, body }: AskedRequest): string {
  return JSON.stringify([method.toUpperCase(), url, body ?? null])
}
