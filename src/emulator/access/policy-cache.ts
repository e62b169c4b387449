/**
 * @module Policies that were read before, by their text: they are judged at each call, and read once.
 */
import { BoundedMap } from '../state/bounded-map.js'
import { parsePolicy, type PolicyKind } from './parse-policy.js'
import type { Policy } from './policy.js'

/** More texts than any organisation of a test has; the oldest is read again. */
const capacity = 2000

const caches: Readonly<Record<PolicyKind, BoundedMap<Policy>>> = {
  identity: new BoundedMap(capacity),
  trust: new BoundedMap(capacity),
}

/** The policy of a text. @throws PolicyError as {@link parsePolicy} does; a refusal is not kept */
export function readPolicy(text: string, kind: PolicyKind): Policy {
  const known = caches[kind].get(text)
  if (known !== undefined) return known
  const policy = parsePolicy(text, kind)
  caches[kind].set(text, policy)
  return policy
}
