/**
 * @module Locks: whoever is locked keeps nothing, from the moment of the lock. A lock names one target, may end by
 * itself, and says in words why. It stands beside the roles and no role can lift it. Pure: the time is given.
 */
import type { Instant } from '../time.js'
import type { User } from '../user/user.js'

/** What a lock can name. A role locks everyone who holds it. */
export const lockTargets = [
  'user',
  'role',
  'session',
  'token',
  'device',
  'access_request',
  'connector',
] as const
export type LockTargetKind = (typeof lockTargets)[number]

/** In sentences. */
export const lockTargetTitles: Readonly<Record<LockTargetKind, string>> = {
  user: 'user',
  role: 'role',
  session: 'session',
  token: 'token',
  device: 'device',
  access_request: 'access request',
  connector: 'connector',
}

export interface Lock {
  readonly name: string
  readonly target: { readonly kind: LockTargetKind; readonly name: string }
  /** For the person who is locked out, in the words of whoever locked. */
  readonly message: string | undefined
  /** Undefined: until somebody removes it. */
  readonly expiresAt: Instant | undefined
  /** Whoever asks about it may know no more than that it is in force: name, words and end are not there. */
  readonly concealed?: true
}

/** Who or what asks, as far as a lock can name it. */
export interface LockSubject {
  readonly user?: string
  readonly roles?: readonly string[]
  /** Public id of the browser or command line session. */
  readonly session?: string
  readonly token?: string
  /** Name of the device that vouches. */
  readonly device?: string
  /** Id of an access request. */
  readonly accessRequest?: string
  /** The connector that signs the user in. */
  readonly connector?: string
}

/** What of a user locks can name; a local one has no connector. */
export function lockSubjectOf({
  name,
  roles,
  origin,
}: Pick<User, 'name' | 'roles'> & Partial<Pick<User, 'origin'>>): LockSubject {
  return { user: name, roles, ...(origin?.kind === 'connector' && { connector: origin.connector }) }
}

/** The locks in force on any part of the subject, sorted by name. */
export function findLocks(locks: readonly Lock[], subject: LockSubject, now: Instant): Lock[] {
  return locks
    .filter((lock) => (lock.expiresAt === undefined || now < lock.expiresAt) && hits(lock, subject))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function hits({ target }: Lock, subject: LockSubject): boolean {
  switch (target.kind) {
    case 'user':
      return subject.user === target.name
    case 'role':
      return subject.roles?.includes(target.name) ?? false
    case 'session':
      return subject.session === target.name
    case 'token':
      return subject.token === target.name
    case 'device':
      return subject.device === target.name
    case 'access_request':
      return subject.accessRequest === target.name
    case 'connector':
      return subject.connector === target.name
  }
}
