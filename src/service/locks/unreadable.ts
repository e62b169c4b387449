/**
 * @module A stored lock that cannot be read, damaged or written by a later version, still holds on whatever it names,
 * and without end: to take it for nothing would let in whom somebody shut out.
 */
import { lockTargets, type Lock } from '../../core/lock/lock.js'

/** Undefined where not even one target can be told; the catalog reports every lock that it cannot read. */
export function readUnreadableLock(
  name: string,
  document: Readonly<Record<string, unknown>>,
): Lock | undefined {
  const target = partOf(partOf(document, 'spec'), 'target')
  for (const kind of lockTargets) {
    const named = partOf(target, kind)
    if (typeof named === 'string' && named !== '') {
      return { name, target: { kind, name: named }, message: undefined, expiresAt: undefined }
    }
  }
  return undefined
}

function partOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
