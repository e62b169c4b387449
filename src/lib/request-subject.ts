/**
 * @module What a proof of a second factor for one request is bound to: all that is asked by it, so that it counts for
 * nothing else. The gateway tells it with its refusal; a client that knows what it will ask next makes it itself.
 */
import { createHash } from 'node:crypto'

/** `url` is path and query as they are sent; `body` as the route reads it, undefined where it reads none. */
export function subjectOfRequest(request: {
  readonly method: string
  readonly url: string
  readonly body?: unknown
}): string {
  const { method, url, body } = request
  return createHash('sha256')
    .update(JSON.stringify([method.toUpperCase(), url, body ?? null]))
    .digest('hex')
}
