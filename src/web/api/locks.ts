/** @module Locks as the pages of people read and make them; a lock is a resource like the others. */
import { queryOptions } from '@tanstack/react-query'
import type { ApplyAnswer, ResourceItem, ResourceListAnswer } from '../../api/contract.js'
import { lockTargets, type LockTargetKind } from '../../core/lock/lock.js'
import { apiPaths } from '../path-builder.js'
import { getAll } from './client.js'
import { createResources } from './resources.js'

/** All of them: locks are few, and one that is missed would be believed not to be there. */
export const locksQuery = queryOptions({
  queryKey: ['resources', 'lock', 'all'],
  queryFn: ({ signal }): Promise<ResourceListAnswer['items']> =>
    getAll<ResourceItem>((cursor) => apiPaths.resourceList('lock', { cursor, limit: 500 }), signal),
})

/** The locks that hit a person, by themselves or through a role; those that have ended are left out. */
export function locksOn(
  locks: readonly ResourceItem[],
  { user, roles }: { readonly user: string; readonly roles: readonly string[] },
  now: number,
): ResourceItem[] {
  const targets = new Set([`user ${user}`, ...roles.map((role) => `role ${role}`)])
  return locks.filter((lock) => targets.has(lock.columns['target'] ?? '') && !isEnded(lock, now))
}

/** Whether its end has come; it stays in the list until somebody deletes it. */
export function isEnded({ columns }: Pick<ResourceItem, 'columns'>, now: number): boolean {
  // "never" is no time, and no time is ever past.
  return Date.parse(columns['expires'] ?? '') <= now
}

/** Where a lock holds: exactly one of them. */
export type LockTarget = Partial<Record<LockTargetKind, string>>

/** What a lock says; an end that is empty is none. */
export interface LockSpec {
  readonly target: LockTarget
  readonly message: string
  readonly ttl?: string | undefined
  /** RFC 3339. */
  readonly expires?: string | undefined
}

export function createLock(
  name: string,
  { target, message, ttl, expires }: LockSpec,
  options: { dryRun: boolean; signal?: AbortSignal },
): Promise<ApplyAnswer> {
  const spec = { target, ...(message && { message }), ...(ttl && { ttl }), ...(expires && { expires }) }
  // JSON is YAML.
  return createResources(JSON.stringify({ kind: 'lock', version: 'v2', metadata: { name }, spec }), options)
}

/** The target of a lock as its list tells it: `user alice@example.com`. */
export function parseTarget(text: string): { kind: LockTargetKind; name: string } | undefined {
  const [word = ''] = text.split(' ', 1)
  const kind = lockTargets.find((one) => one === word)
  return kind && { kind, name: text.slice(word.length + 1) }
}

/** Tells the names of two locks on the same target apart. */
export function newLockSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(2))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
