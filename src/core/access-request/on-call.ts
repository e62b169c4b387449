/**
 * @module Who is on call: lists that programs keep by the interface and that rules of automatic review ask. Whoever
 * writes one has a say in approvals, so nobody is approved by a list that they wrote themselves (`own-rule.ts`).
 */
import type { Instant } from '../time.js'
import { foldName } from '../user/user.js'

export interface OnCallList {
  readonly name: string
  /** Names of people, known here or not; each once. */
  readonly users: readonly string[]
  /** Nobody is on call from then on; undefined: until it is written anew. */
  readonly until: Instant | undefined
  readonly updatedAt: Instant
  /** Who wrote all of it, as audit events name them. */
  readonly updatedBy: string
}

export const onCallLimits = { lists: 1000, users: 1000, name: 100, user: 128 } as const

/** Why no list can have this name, if none can. */
export function findOnCallNameProblem(name: string): string | undefined {
  if (name.length <= onCallLimits.name && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return undefined
  return `must be 1 to ${onCallLimits.name} letters, digits, dots, dashes or underscores, a letter or digit first`
}

/** Whether the time of the list is over. */
export function isOver({ until }: Pick<OnCallList, 'until'>, now: Instant): boolean {
  return until !== undefined && until <= now
}

/** Whether the list says now that this person is on call, in whatever spelling of the name, and whoever wrote it. */
export function isOnCall(list: OnCallList | undefined, user: string, now: Instant): boolean {
  if (list === undefined || isOver(list, now)) return false
  const own = foldName(user)
  return list.users.some((name) => foldName(name) === own)
}

/** Whether both say the same of everyone, at whatever instant they were written. */
export function saysTheSame(a: OnCallList, b: OnCallList): boolean {
  return (
    a.until === b.until &&
    a.updatedBy === b.updatedBy &&
    a.users.length === b.users.length &&
    a.users.every((name, place) => name === b.users[place])
  )
}
