/**
 * @module What an operation of the SCIM endpoint is.
 */
import type { EmulatorContext } from '../context.js'
import type { JsonObject } from './json.js'

export interface ScimCall {
  readonly context: EmulatorContext
  /** Milliseconds since the epoch. */
  readonly now: number
  /** What the path names after the collection; empty where it names nothing. */
  readonly id: string
  readonly query: URLSearchParams
  /** Empty for methods without a body. */
  readonly body: JsonObject
}

export interface ScimResult {
  readonly status: number
  readonly body?: JsonObject
}

export interface ScimOperation {
  /** As in AWS's list of supported operations, such as `PatchGroup`. */
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/scim/v2/`, such as `Users` or `Users/:id`. */
  readonly path: string
  /** @throws ScimError */
  readonly handle: (call: ScimCall) => ScimResult
}

/** Who made and changed what came through SCIM. */
export const scimAuthor = 'SCIM'
